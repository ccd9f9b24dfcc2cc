import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoreRules } from '../../build/failure/dockerignore.ts';
import { Cancelled } from '../../tools/command.ts';
import type { TarEntry } from './tar.ts';

/** What a builder would be given, in the order of the archive. */
export interface ContextList {
  readonly entries: readonly TarEntry[];
  /** Files, and links to some. */
  readonly files: number;
  readonly bytes: number;
  /** The last change of any file, in seconds. */
  readonly changedAt: number;
  /** Folders that we may not look into. */
  readonly unreadable: readonly string[];
}

export interface ListOptions {
  /** The text of the `.dockerignore` in force. */
  readonly ignore: string;
  /** Paths from the root on that are taken whatever it says. */
  readonly always?: readonly string[];
  readonly signal: AbortSignal;
  readonly isWindows?: boolean;
}

/**
 * Walks a context as Docker does: what is left out is looked into only for exceptions, links are links, and what is neither file, folder
 * nor link is passed over. Sorted by name, folder by folder.
 */
export async function listContext(root: string, options: ListOptions): Promise<ContextList> {
  const { always = [], signal, isWindows = process.platform === 'win32' } = options;
  const rules = ignoreRules(options.ignore);
  const entries: TarEntry[] = [];
  const unreadable: string[] = [];
  let bytes = 0;
  let files = 0;
  let changedAt = 0;

  const isAlways = (path: string): boolean => always.includes(path);
  const isAboveAlways = (folder: string): boolean => always.some((path) => path.startsWith(`${folder}/`));

  const visit = async (folder: string, above: number, pending: readonly TarEntry[]): Promise<void> => {
    if (signal.aborted) throw new Cancelled();
    let found: readonly Dirent[];
    try {
      found = await readdir(join(root, folder), { withFileTypes: true });
    } catch (error) {
      // Gone since its folder was read.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      unreadable.push(folder === '' ? '.' : folder);
      return;
    }
    // Folders that are left out, but for something in them; taken along with the first that is.
    let waiting = pending;
    const add = (entry: TarEntry): void => {
      entries.push(...waiting, entry);
      waiting = [];
    };
    const sorted = found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    for (const item of await withStats(root, folder, sorted, rules.decides, rules.hides, above, isAlways)) {
      const { path, entry, line, isHidden, stats } = item;
      const mode = isWindows ? 0o755 : stats.mode & 0o7777;
      if (entry.isDirectory()) {
        const own: TarEntry = { path, kind: 'folder', mode, size: 0 };
        if (!isHidden) add(own);
        if (!isHidden || rules.mayReviveBelow(path, line) || isAboveAlways(path)) {
          const before = entries.length;
          await visit(path, line, isHidden ? [...waiting, own] : []);
          if (entries.length > before) waiting = [];
        }
        continue;
      }
      if (isHidden) continue;
      if (entry.isSymbolicLink()) {
        const target = await readlink(join(root, path));
        add({ path, kind: 'link', mode: 0o777, size: 0, target: isWindows ? target.replaceAll('\\', '/') : target });
        files++;
      } else if (entry.isFile()) {
        add({ path, kind: 'file', mode, size: stats.size });
        files++;
        bytes += stats.size;
        changedAt = Math.max(changedAt, Math.floor(stats.mtimeMs / 1000));
      }
    }
  };
  await visit('', -1, []);
  return { entries, files, bytes, changedAt, unreadable };
}

interface Item {
  readonly path: string;
  readonly entry: Dirent;
  readonly line: number;
  readonly isHidden: boolean;
  readonly stats: Stats;
}

/** All of one folder at once, as each takes a moment of waiting. */
async function withStats(
  root: string,
  folder: string,
  found: readonly Dirent[],
  decides: (path: string, above: number) => number,
  hides: (line: number) => boolean,
  above: number,
  isAlways: (path: string) => boolean,
): Promise<readonly Item[]> {
  const items = await Promise.all(
    found.map(async (entry): Promise<Item | undefined> => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const line = decides(path, above);
      const isHidden = hides(line) && !isAlways(path);
      if (isHidden && !entry.isDirectory()) return undefined;
      const stats = await lstat(join(root, path)).catch(() => undefined);
      return stats && { path, entry, line, isHidden, stats };
    }),
  );
  return items.filter((item) => item !== undefined);
}
