import { createReadStream, createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflateRaw } from 'node:zlib';

export interface Extraction {
  readonly archive: string;
  /** The one file that is taken, by its name at the top of the archive; nothing else is ever written. */
  readonly member: string;
  readonly destination: string;
  readonly mostBytes: number;
  readonly signal?: AbortSignal;
}

/** Whether the file was there. Rejects when the archive is damaged or the file larger than it may be. */
export function extract(extraction: Extraction): Promise<boolean> {
  return extraction.archive.endsWith('.zip') ? fromZip(extraction) : fromTar(extraction);
}

async function fromTar({ archive, member, destination, mostBytes, signal }: Extraction): Promise<boolean> {
  const options = signal && { signal };
  const file = createReadStream(archive, options);
  const unpacked = file.pipe(createGunzip());
  // A pipe does not hand errors on.
  file.on('error', (error) => unpacked.destroy(error));
  try {
    const bytes = new ByteReader(unpacked);
    for (;;) {
      const header = await bytes.take(512);
      const entry = header && tarEntry(header);
      if (!entry) return false;
      if (entry.isFile && entry.name === member) {
        if (entry.size > mostBytes) throw new Error(`'${member}' is too large`);
        await pipeline(
          Readable.from(bytes.chunks(entry.size)),
          createWriteStream(destination, { mode: 0o755 }),
          options ?? {},
        );
        return true;
      }
      await bytes.skip(Math.ceil(entry.size / 512) * 512);
    }
  } finally {
    unpacked.destroy();
    file.destroy();
  }
}

/** https://www.gnu.org/software/tar/manual/html_node/Standard.html; `undefined` at the end. */
function tarEntry(header: Buffer) {
  const text = (from: number, length: number): string =>
    header.toString('latin1', from, from + length).split('\0')[0] ?? '';
  const name = text(0, 100).replace(/^\.\//, '');
  const size = Number.parseInt(text(124, 12).trim(), 8);
  if (name === '' || !Number.isSafeInteger(size) || size < 0) return undefined;
  return { name, size, isFile: text(156, 1) === '0' || text(156, 1) === '' };
}

/** Takes so many bytes at a time of what comes in chunks of any size. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer, undefined>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  }

  async take(length: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for await (const chunk of this.chunks(length)) parts.push(chunk);
    const whole = Buffer.concat(parts);
    return whole.length === length ? whole : undefined;
  }

  async skip(length: number): Promise<void> {
    const chunks = this.chunks(length);
    while ((await chunks.next()).done !== true);
  }

  async *chunks(length: number): AsyncGenerator<Buffer> {
    let missing = length;
    while (missing > 0) {
      if (this.#rest.length === 0) {
        const { value, done } = await this.#source.next();
        if (done === true) return;
        this.#rest = value;
      }
      const chunk = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(chunk.length);
      missing -= chunk.length;
      yield chunk;
    }
  }
}

async function fromZip({ archive, member, destination, mostBytes, signal }: Extraction): Promise<boolean> {
  const options = signal && { signal };
  const file = await open(archive);
  try {
    const entry = await zipEntry(file, member);
    if (!entry) return false;
    if (entry.size > mostBytes) throw new Error(`'${member}' is too large`);
    const packed = createReadStream(archive, { start: entry.start, end: entry.start + entry.packedSize - 1 });
    const limited = new LimitedBytes(mostBytes);
    const out = createWriteStream(destination, { mode: 0o755 });
    if (entry.isDeflated)
      await pipeline(packed, createInflateRaw(), (chunks) => limited.of(chunks), out, options ?? {});
    else await pipeline(packed, (chunks) => limited.of(chunks), out, options ?? {});
    return true;
  } finally {
    await file.close();
  }
}

/** What an archive says of a size need not be true. */
class LimitedBytes {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  async *of(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#left -= chunk.length;
      if (this.#left < 0) throw new Error('The archive is larger than it says');
      yield chunk;
    }
  }
}

/** https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT: the directory is at the end, each entry has its own header, too. */
async function zipEntry(file: FileHandle, member: string) {
  const { size } = await file.stat();
  const tail = await bytesOf(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > tail.length) throw new Error('The archive has no directory');
  const length = tail.readUInt32LE(end + 12);
  const directory = await bytesOf(file, tail.readUInt32LE(end + 16), length);
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50;) {
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    if (name === member) {
      const header = directory.readUInt32LE(at + 42);
      const local = await bytesOf(file, header, 30);
      return {
        start: header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28),
        packedSize: directory.readUInt32LE(at + 20),
        size: directory.readUInt32LE(at + 24),
        isDeflated: directory.readUInt16LE(at + 10) === 8,
      };
    }
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return undefined;
}

async function bytesOf(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, from);
  if (bytesRead < length) throw new Error('The archive ends too early');
  return buffer;
}
