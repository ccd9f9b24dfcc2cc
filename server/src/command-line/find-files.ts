import { readdirSync, statSync, type Dirent, type Stats } from 'node:fs';
import { join, resolve } from 'node:path';
import { kindOfFile } from '../engine/document.ts';
import { ignoreRulesAt, isIgnored, withIgnoreFile, type IgnoreRules } from './git-ignore.ts';
import { expandBraces, isGlob, segmentPattern } from './glob.ts';

export interface FoundFile {
  /** As given on the command line, or what was given followed by the way from there. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
}

export interface Search {
  readonly files: readonly FoundFile[];
  readonly failures: readonly (FoundFile & { readonly message: string })[];
  /** Given paths below which there was nothing to lint. */
  readonly empty: readonly string[];
}

type Found = FoundFile | (FoundFile & { readonly message: string });

/** Files by name, whatever they are called; Dockerfiles and Compose files in folders; what a glob gives, each file once. */
export function findFiles(paths: readonly string[], folder: string): Search {
  const byFile = new Map<string, Found>();
  const empty: string[] = [];
  for (const path of paths) {
    const found = [...findAt(path, folder)];
    if (found.length === 0) empty.push(path);
    for (const file of found) if (!byFile.has(file.file)) byFile.set(file.file, file);
  }
  const all = [...byFile.values()];
  return {
    files: all.filter((found) => !('message' in found)),
    failures: all.filter((found) => 'message' in found),
    empty,
  };
}

function* findAt(path: string, folder: string): Iterable<Found> {
  const file = resolve(folder, path);
  const stats = statOf(file);
  if (stats?.isDirectory() === true) yield* walk(path, file, ignoreRulesAt(file));
  else if (stats !== undefined) yield { path, file };
  else if (isGlob(path)) for (const pattern of expandBraces(path)) yield* expandGlob(pattern, folder);
  else yield { path, file, message: 'there is no such file or folder' };
}

function* walk(path: string, folder: string, rules: IgnoreRules): Iterable<Found> {
  const entries = entriesOf(folder);
  if (typeof entries === 'string') {
    yield { path, file: folder, message: entries };
    return;
  }
  for (const entry of entries) {
    const file = join(folder, entry.name);
    const entryPath = joinPath(path, entry.name);
    if (entry.isDirectory()) {
      if (!isSkipped(entry.name) && !isIgnored(rules, file, true))
        yield* walk(entryPath, file, withIgnoreFile(rules, file));
    } else if (kindOfFile(entry.name) !== undefined && !isIgnored(rules, file, false)) {
      // A link may lead to a folder, or nowhere.
      if (!entry.isSymbolicLink() || statOf(file)?.isFile() === true) yield { path: entryPath, file };
    }
  }
}

/** Follows a pattern from folder to folder, so that only those it can be in are read. */
function* expandGlob(pattern: string, folder: string): Iterable<Found> {
  const segments = pattern.split(process.platform === 'win32' ? /[/\\]/ : '/');
  const firstGlob = segments.findIndex(isGlob);
  if (firstGlob < 0) {
    yield* findAt(pattern, folder);
    return;
  }
  const base = segments.slice(0, firstGlob).join('/') || (firstGlob > 0 ? '/' : '');
  const start = resolve(folder, base);
  if (statOf(start)?.isDirectory() === true)
    yield* matchSegments(base, start, segments.slice(firstGlob), ignoreRulesAt(start));
}

function* matchSegments(
  path: string,
  folder: string,
  segments: readonly string[],
  rules: IgnoreRules,
): Iterable<Found> {
  const [segment = '', ...rest] = segments;
  if (segment === '' || segment === '.') {
    if (rest.length > 0) yield* matchSegments(path, folder, rest, rules);
    else yield* walk(path, folder, rules);
    return;
  }
  const entries = entriesOf(folder);
  if (typeof entries === 'string') {
    yield { path: path || '.', file: folder, message: entries };
    return;
  }
  const isAnyDepth = segment === '**';
  if (isAnyDepth && rest.length > 0) yield* matchSegments(path, folder, rest, rules);
  const pattern = segmentPattern(isAnyDepth ? '*' : segment);
  for (const entry of entries) {
    if (!pattern.test(entry.name)) continue;
    const file = join(folder, entry.name);
    const entryPath = joinPath(path, entry.name);
    const isFolder =
      entry.isDirectory() || (entry.isSymbolicLink() && !isAnyDepth && statOf(file)?.isDirectory() === true);
    if (isIgnored(rules, file, isFolder)) continue;
    if (!isFolder) {
      if (rest.length === 0) yield { path: entryPath, file };
    } else if (!isSkipped(entry.name)) {
      const inner = withIgnoreFile(rules, file);
      if (isAnyDepth) yield* matchSegments(entryPath, file, segments, inner);
      else if (rest.length > 0) yield* matchSegments(entryPath, file, rest, inner);
      else yield* walk(entryPath, file, inner);
    }
  }
}

function isSkipped(name: string): boolean {
  return name === '.git' || name === 'node_modules';
}

/** In an order that is the same everywhere; a message when the folder cannot be read. */
function entriesOf(folder: string): readonly Dirent[] | string {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    return explainSystemError(error);
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // below a file, or in a folder that is closed to us: not there, as far as we can tell
  }
}

function joinPath(folder: string, name: string): string {
  if (folder === '') return name;
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}

export function explainSystemError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENOENT':
      return 'there is no such file or folder';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOTDIR':
      return 'it would be in a file';
    case 'ENOSPC':
      return 'the disk is full';
    case 'EROFS':
      return 'the disk is read-only';
    default:
      return message;
  }
}
