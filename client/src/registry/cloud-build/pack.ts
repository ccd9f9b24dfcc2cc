import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { exceptionFor, hidingLine } from '../../build/failure/dockerignore.ts';
import { Cancelled } from '../../tools/command.ts';
import { UserError } from '../../ui/user-error.ts';
import { listContext, type ContextList } from './context.ts';
import { foreignName, type BuildSources } from './sources.ts';
import { tarEnd, tarHeader, tarPadding, type TarEntry } from './tar.ts';

/** A context that is ready to be packed. */
export interface Contents extends Pick<ContextList, 'files' | 'bytes' | 'changedAt'> {
  readonly root: string;
  readonly entries: readonly TarEntry[];
  /** The texts of entries that are not as on disk. */
  readonly own: ReadonlyMap<string, string>;
  /** Where the Dockerfile is in the archive. */
  readonly dockerfile: string;
}

/**
 * The context as a builder elsewhere has to get it for the image to be the same as here. Such a builder applies the `.dockerignore` once
 * more, which is what keeps the Dockerfile out of `COPY . .` where that is wanted; so both are always sent.
 */
export async function contentsOf(
  sources: BuildSources,
  builder: 'classic' | 'buildkit',
  signal: AbortSignal,
): Promise<Contents> {
  const { context, dockerfileInContext, ignore } = sources;
  const dockerfile = dockerfileInContext ?? foreignName(sources);
  const inside = dockerfileInContext === undefined ? [] : [dockerfileInContext];
  const list = await listContext(context, {
    ignore,
    always: [
      '.dockerignore',
      ...inside,
      ...(builder === 'buildkit' ? inside.map((path) => `${path}.dockerignore`) : []),
    ],
    signal,
  });
  if (list.unreadable.length > 0) throw unreadable(list.unreadable);
  const own = ownTexts(sources, dockerfile, builder);
  const kept = list.entries.filter(({ path }) => !own.has(path));
  const added = [...own].map(([path, text]): TarEntry => {
    return { path, kind: 'file', mode: 0o644, size: Buffer.byteLength(text) };
  });
  const entries = [...added, ...kept];
  const files = entries.filter(({ kind }) => kind !== 'folder').length;
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  return { ...list, files, bytes, root: context, entries, own, dockerfile };
}

/** What goes along that is not in the context like that. */
function ownTexts(
  { dockerfileInContext, text, ignore, isIgnoreOfDockerfile }: BuildSources,
  dockerfile: string,
  builder: 'classic' | 'buildkit',
): ReadonlyMap<string, string> {
  const alone = `.dockerignore\n${lineFor(dockerfile)}`;
  if (dockerfileInContext === undefined) {
    const isNew = isIgnoreOfDockerfile || ignore === '';
    return new Map([
      [dockerfile, text],
      ['.dockerignore', isNew ? alone : `${ignore.replace(/\n?$/, '\n')}${lineFor(dockerfile)}`],
    ]);
  }
  // The classic builder does not know this file, and would apply the context's own, which is not in force.
  if (!isIgnoreOfDockerfile || builder === 'buildkit') return new Map();
  return new Map([['.dockerignore', hidingLine(ignore, dockerfile) ? alone : '.dockerignore\n']]);
}

function lineFor(path: string): string {
  const line = exceptionFor(path)?.slice(1);
  return line === undefined ? '' : `${line}\n`;
}

/** Packs into a file. Rejects with `Cancelled`, or a `UserError` that names what cannot be read. */
export async function pack(
  contents: Contents,
  file: string,
  { time, signal }: { readonly time: number; readonly signal: AbortSignal },
): Promise<void> {
  try {
    const archive = Readable.from(tarOf(contents, time), { objectMode: false });
    await pipeline(archive, createGzip(), createWriteStream(file, { mode: 0o600 }), { signal });
  } catch (error) {
    if (signal.aborted) throw new Cancelled();
    throw error;
  }
}

/** Says whether two contexts would be built into the same. */
export async function hashOf(contents: Contents, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of tarOf(contents, 0)) {
    if (signal.aborted) throw new Cancelled();
    hash.update(chunk);
  }
  return hash.digest('hex');
}

async function* tarOf(contents: Contents, time: number): AsyncGenerator<Uint8Array> {
  const closed: string[] = [];
  for (const batch of batchesOf(contents.entries)) {
    const [only] = batch;
    if (only && only.size > small && !contents.own.has(only.path)) {
      if (!(yield* largeFile(contents.root, only, time))) closed.push(only.path);
      continue;
    }
    const parts = await Promise.all(batch.map((entry) => smallEntry(contents, entry, time)));
    closed.push(...batch.flatMap(({ path }, index) => (parts[index] ? [] : [path])));
    yield Buffer.concat(parts.flatMap((part) => part ?? []));
  }
  if (closed.length > 0) throw unreadable(closed);
  yield tarEnd;
}

/** What is read whole, and how much of that at once: files by the thousand take their time one by one. */
const small = 256 * 1024;
const mostAtOnce = { entries: 64, bytes: 4 * 1024 * 1024 };

function* batchesOf(entries: readonly TarEntry[]): Generator<readonly TarEntry[]> {
  let batch: TarEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const isFull = batch.length >= mostAtOnce.entries || bytes + entry.size > mostAtOnce.bytes;
    if (batch.length > 0 && (isFull || entry.size > small)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    if (entry.size > small) yield [entry];
    else {
      batch.push(entry);
      bytes += entry.size;
    }
  }
  if (batch.length > 0) yield batch;
}

/** `undefined` when it cannot be read. */
async function smallEntry(
  { root, own }: Contents,
  entry: TarEntry,
  time: number,
): Promise<readonly Uint8Array[] | undefined> {
  const header = tarHeader(entry, time);
  if (entry.kind !== 'file') return [header];
  const text = own.get(entry.path);
  const bytes = text === undefined ? await readFile(join(root, entry.path)).catch(() => undefined) : Buffer.from(text);
  if (!bytes) return undefined;
  if (bytes.length < entry.size) throw changed(entry);
  return [header, bytes.subarray(0, entry.size), tarPadding(entry.size)];
}

/** The header and the contents, of exactly the size that the header says; `false` when it cannot be read. */
async function* largeFile(root: string, entry: TarEntry, time: number): AsyncGenerator<Uint8Array, boolean> {
  const { path, size } = entry;
  const file = await open(join(root, path)).catch(() => undefined);
  if (!file) return false;
  try {
    yield tarHeader(entry, time);
    let left = size;
    const options = { fd: file, autoClose: false, end: size - 1, highWaterMark: small };
    for await (const chunk of createReadStream('', options)) {
      const bytes = chunk as Uint8Array;
      left -= bytes.length;
      yield bytes;
    }
    if (left > 0) throw changed(entry);
    yield tarPadding(size);
    return true;
  } finally {
    await file.close();
  }
}

function changed({ path }: TarEntry): UserError {
  return new UserError(`'${path}' changed while it was read: try again`);
}

function unreadable(paths: readonly string[]): UserError {
  const [first = ''] = paths;
  const more = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
  return new UserError(`'${first}'${more} cannot be read: allow it, or add it to '.dockerignore'`);
}
