import type { Command, Ended } from '../command.ts';

// A repository's own configuration may name programs. What we ask for starts none of them: no monitor, no hook, no filter, no fetching.

/** The commit that is checked out, shortened as Git does it. */
export function askCommit(folder: string): Command {
  return git(folder, ['rev-parse', '--short', 'HEAD']);
}

export function readCommit({ code, stdout }: Ended): string | undefined {
  const id = stdout.trim();
  return code === 0 && /^[0-9a-f]{4,64}$/.test(id) ? id : undefined;
}

/** When that commit was made. */
export function askCommitTime(folder: string): Command {
  return git(folder, ['log', '-1', '--format=%ct', '--no-show-signature']);
}

/** In seconds. */
export function readCommitTime({ code, stdout }: Ended): number | undefined {
  const time = stdout.trim();
  return code === 0 && /^\d{1,12}$/.test(time) ? Number(time) : undefined;
}

/** The full id of the commit that is checked out. */
export function askFullCommit(folder: string): Command {
  return git(folder, ['rev-parse', 'HEAD']);
}

export function readFullCommit({ code, stdout }: Ended): string | undefined {
  const id = stdout.trim();
  return code === 0 && /^[0-9a-f]{40,64}$/.test(id) ? id : undefined;
}

/** The repository's own folder. */
export function askTop(folder: string): Command {
  return git(folder, ['rev-parse', '--show-toplevel']);
}

export function readTop({ code, stdout }: Ended): string | undefined {
  const path = stdout.replace(/\r?\n$/, '');
  return code === 0 && path !== '' ? path : undefined;
}

/** The filters that the repository itself brings, which `status` would run on changed files. */
export function askFilters(folder: string): Command {
  return git(folder, ['config', '--show-scope', '--null', '--name-only', '--get-regexp', '^filter\\..*\\.']);
}

/** Their names; `undefined` when Git is too old to tell. */
export function readFilters({ code, stdout }: Ended): readonly string[] | undefined {
  // 1 is 'there are none'.
  if (code !== 0) return code === 1 ? [] : undefined;
  const parts = stdout.split('\0');
  const keys = parts.flatMap((scope, index) =>
    index % 2 === 0 && (scope === 'local' || scope === 'worktree') ? (parts[index + 1] ?? []) : [],
  );
  return [...new Set(keys.flatMap((key) => /^filter\.([^]*)\.[^.]*$/.exec(key)?.[1] ?? []))];
}

/**
 * Anything that differs from the commit, files that are not yet known to Git included; `undefined` when that cannot be asked without
 * running a filter, as one with `=` in its name cannot be switched off.
 */
export function askChanges(folder: string, filters: readonly string[]): Command | undefined {
  return askStatus(folder, filters, []);
}

/** The same, with every file by its name. */
export function askChangedPaths(folder: string, filters: readonly string[]): Command | undefined {
  return askStatus(folder, filters, ['-z', '--untracked-files=all']);
}

/** From the repository's own folder on. */
export function readChangedPaths({ code, stdout }: Ended): readonly string[] | undefined {
  if (code !== 0) return undefined;
  return stdout.split('\0').flatMap((entry) => (entry.length > 3 ? [entry.slice(3)] : []));
}

function askStatus(folder: string, filters: readonly string[], options: readonly string[]): Command | undefined {
  if (filters.some((name) => /[=\n]/.test(name))) return undefined;
  const off = filters.flatMap((name) => [
    ...['-c', `filter.${name}.clean=`],
    ...['-c', `filter.${name}.process=`],
    ...['-c', `filter.${name}.required=false`],
  ]);
  return git(folder, ['status', '--porcelain', '--no-renames', '--ignore-submodules=dirty', ...options], off);
}

export function readChanges({ code, stdout }: Ended): boolean {
  return code === 0 && stdout !== '';
}

function git(folder: string, args: readonly string[], settings: readonly string[] = []): Command {
  return {
    program: 'git',
    args: [
      '--no-optional-locks',
      '--no-pager',
      ...['-c', 'core.fsmonitor=false'],
      ...['-c', 'core.hooksPath=/dev/null'],
      ...settings,
      ...args,
    ],
    folder,
    environment: { GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0' },
  };
}
