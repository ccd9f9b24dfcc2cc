import { createHash } from 'node:crypto';
import { lstat, readFile, realpath } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import { Cancelled, type Run } from '../../tools/command.ts';
import { askCommitTime, readCommitTime } from '../../tools/git/git.ts';
import { UserError } from '../../ui/user-error.ts';

/** What a build starts from, on disk. */
export interface BuildSources {
  /** Absolute, without links on the way. */
  readonly context: string;
  readonly dockerfile: string;
  /** The Dockerfile as saved. */
  readonly text: string;
  /** Where the Dockerfile is in the context; `undefined` when it lies outside, or is a link there. */
  readonly dockerfileInContext?: string;
  /** The text of the `.dockerignore` in force; empty when there is none. */
  readonly ignore: string;
  /** It is named after the Dockerfile, which only BuildKit knows. */
  readonly isIgnoreOfDockerfile: boolean;
}

/** Finds what is to be built. Both paths are from the workspace's folder on, and may not lead out of it, not by a link either. */
export async function findSources(
  folder: string,
  { dockerfile, context }: { readonly dockerfile: string; readonly context: string },
): Promise<BuildSources> {
  const root = await realpath(folder);
  const contextFolder = await within(root, context, 'context');
  const file = await within(root, dockerfile, 'Dockerfile');
  if (!(await lstat(contextFolder)).isDirectory())
    throw new UserError(`The context '${context}' is no folder: choose the folder to build from`);
  const text = await readText(file);
  if (text === undefined) throw new UserError(`The Dockerfile '${dockerfile}' cannot be read: name another`);
  // Looked for where the Dockerfile was said to be, as BuildKit does, wherever a link may lead.
  const own = await readText(`${join(root, dockerfile)}.dockerignore`);
  const ignore = own ?? (await readText(join(contextFolder, '.dockerignore'))) ?? '';
  const inside = relative(contextFolder, file);
  const isInside = !isAbsolute(inside) && inside !== '..' && !inside.startsWith(`..${sep}`);
  return {
    context: contextFolder,
    dockerfile: file,
    text,
    ...(isInside && { dockerfileInContext: inside.split(sep).join('/') }),
    ignore,
    isIgnoreOfDockerfile: own !== undefined,
  };
}

/** The name of a Dockerfile that is no part of the context; follows from what is in it. */
export function foreignName({ dockerfile, text }: BuildSources): string {
  return `${createHash('sha256').update(text).digest('hex').slice(0, 32)}_${basename(dockerfile)}`;
}

async function within(root: string, path: string, what: string): Promise<string> {
  const found = await realpath(join(root, path)).catch(() => undefined);
  if (found === undefined) throw new UserError(`The ${what} '${path}' is not there: make it, or name another`);
  const inside = relative(root, found);
  if (isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`))
    throw new UserError(`The ${what} '${path}' leads out of the workspace: open the folder that holds it`);
  return found;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** In seconds; unknown outside git. */
export async function commitTime(
  run: Run,
  { context }: BuildSources,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    return readCommitTime(await run(askCommitTime(context), { signal, keep: 1000 }));
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return undefined;
  }
}
