import { readdirSync, readFileSync } from 'node:fs';

/** A process, and when it started: a number alone may be another process's by now. */
export interface Descendant {
  readonly pid: number;
  readonly started: string;
}

/**
 * What a program started that is in another group by now, as the container is that Podman builds in: ending the program's group does not
 * end it. Only Linux tells, and only there do containers run beside us.
 */
export function descendantsOutside(group: number): readonly Descendant[] {
  if (process.platform !== 'linux') return [];
  const all = pids().flatMap((pid) => {
    const status = statusOf(pid);
    return status ? [{ pid, ...status }] : [];
  });
  const family = new Set([group]);
  // A child may have a lower number than its parent, so until there are no more.
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter((one) => family.has(one.pid) && one.group !== group).map(({ pid, started }) => ({ pid, started }));
}

export function killDescendants(descendants: readonly Descendant[]): void {
  for (const { pid, started } of descendants) {
    if (statusOf(pid)?.started !== started) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** When a process began, as far as the system tells; `undefined` for one that has ended, though nobody may have asked how yet. */
export function startOf(pid: number): string | undefined {
  const status = process.platform === 'linux' ? statusOf(pid) : undefined;
  return status === undefined || status.state === 'Z' ? undefined : status.started;
}

function pids(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** See proc(5): the name stands in parentheses and may hold anything; the fields after it are numbers. */
function statusOf(
  pid: number,
): { readonly state: string; readonly parent: number; readonly group: number; readonly started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return {
      state: fields[0] ?? '',
      parent: Number(fields[1]),
      group: Number(fields[2]),
      started: fields[19] ?? '',
    };
  } catch {
    return undefined;
  }
}
