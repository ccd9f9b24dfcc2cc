import { ByteReader, type Bytes } from './byte-reader.ts';

export interface TarEntry {
  /** As in the archive, without `./` and `/` in front: `app/.env`. Nothing is ever written to it. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'hard-link' | 'symbolic-link' | 'other';
  /** Of its bytes in the archive. */
  readonly size: number;
  /** Of a link, as in the archive. */
  readonly target: string;
  /** Its first bytes; only until the next entry is asked for. */
  readonly head: (count: number) => Promise<Uint8Array>;
  /** What is not read is skipped. */
  readonly body: () => Bytes;
}

export class BrokenArchive extends Error {}

const block = 512;
// Names longer than this are nobody's.
const mostExtra = 1_000_000;

/** The entries of an archive (ustar, pax, GNU), one at a time. Reads on to the end of the bytes, as what feeds them waits for that. */
export async function* tarEntries(bytes: Bytes): AsyncGenerator<TarEntry, void, undefined> {
  const reader = new ByteReader(bytes);
  let said: Extra = {};
  for (;;) {
    const header = await reader.take(block);
    if (header.length === 0 || header.every((byte) => byte === 0)) break;
    if (!isTarHeader(header)) throw new BrokenArchive('it is no tar archive, or a broken one');
    const type = String.fromCharCode(header[156] ?? 0);
    const size = said.size !== undefined && !isExtra(type) ? said.size : numberAt(header, 124, 12);
    if (size === undefined) throw new BrokenArchive('an entry has an impossible size');
    if (type === 'S') await skipSparseMap(reader, header);
    const body = new Body(reader, size);
    if (isExtra(type)) {
      const text = size <= mostExtra ? await body.text() : '';
      said = { ...said, ...extraOf(type, text) };
    } else {
      yield {
        path: plainPath(said.path ?? nameIn(header)),
        kind: kindOf(type),
        size,
        target: said.target ?? textAt(header, 157, 100),
        head: (count) => body.head(count),
        body: () => body.rest(),
      };
      said = {};
    }
    await body.skip();
    await reader.take(-size & (block - 1));
  }
  while ((await reader.some(Infinity)) !== undefined);
}

/** By its checksum, which even the oldest archives have. */
export function isTarHeader(header: Uint8Array): boolean {
  if (header.length < block) return false;
  const expected = numberAt(header, 148, 8);
  let sum = 0;
  for (let i = 0; i < block; i++) sum += i >= 148 && i < 156 ? 32 : (header[i] ?? 0);
  return sum === expected;
}

/** What stands in front of an entry for want of room in its header. */
interface Extra {
  readonly path?: string;
  readonly target?: string;
  readonly size?: number;
}

function isExtra(type: string): boolean {
  return type === 'x' || type === 'g' || type === 'L' || type === 'K';
}

function extraOf(type: string, text: string): Extra {
  if (type === 'L') return { path: upToNul(text) };
  if (type === 'K') return { target: upToNul(text) };
  if (type === 'g') return {};
  const records = paxRecords(text);
  const path = records.get('path');
  const target = records.get('linkpath');
  const size = Number(records.get('size') ?? NaN);
  return {
    ...(path !== undefined && { path }),
    ...(target !== undefined && { target }),
    ...(Number.isSafeInteger(size) && size >= 0 && { size }),
  };
}

/** `27 path=some/long/name\n`, where the number counts the bytes of the whole record. */
function paxRecords(text: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(text, 'latin1');
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(' ', at);
    const length = Number(bytes.toString('latin1', at, space));
    if (space < 0 || !Number.isSafeInteger(length) || length <= space - at) break;
    const record = bytes.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

function kindOf(type: string): TarEntry['kind'] {
  switch (type) {
    case '0':
    case '\0':
    case '7':
    case 'S':
      return 'file';
    case '1':
      return 'hard-link';
    case '2':
      return 'symbolic-link';
    case '5':
      return 'folder';
    default:
      return 'other';
  }
}

function nameIn(header: Uint8Array): string {
  const name = textAt(header, 0, 100);
  // GNU has other things where POSIX has the first part of long names, and two blanks after `ustar`.
  const prefix = textAt(header, 257, 6) === 'ustar' ? textAt(header, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function plainPath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** GNU's map of a sparse file goes on in blocks of its own as long as they say so. */
async function skipSparseMap(reader: ByteReader, header: Uint8Array): Promise<void> {
  let goesOn = header[482] === 1;
  while (goesOn) {
    const more = await reader.take(block);
    if (more.length < block) throw new BrokenArchive('it ends in the middle of a file');
    goesOn = more[504] === 1;
  }
}

function textAt(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString('utf8');
}

function upToNul(text: string): string {
  return Buffer.from(text.split('\0', 1)[0] ?? '', 'latin1').toString('utf8');
}

/** Octal digits, or for what is too large for them a binary number. */
function numberAt(header: Uint8Array, start: number, length: number): number | undefined {
  const field = header.subarray(start, start + length);
  const first = field[0] ?? 0;
  let value = 0;
  if (first & 0x80) {
    value = first & 0x7f;
    for (const byte of field.subarray(1)) value = value * 256 + byte;
  } else {
    const digits = (Buffer.from(field).toString('latin1').split('\0', 1)[0] ?? '').trim();
    if (!/^[0-7]*$/.test(digits)) return undefined;
    value = digits === '' ? 0 : parseInt(digits, 8);
  }
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The bytes of one entry. */
class Body {
  readonly #reader: ByteReader;
  #left: number;

  constructor(reader: ByteReader, size: number) {
    this.#reader = reader;
    this.#left = size;
  }

  head(count: number): Promise<Uint8Array> {
    return this.#reader.peek(Math.min(count, this.#left));
  }

  async *rest(): AsyncGenerator<Uint8Array, void, undefined> {
    while (this.#left > 0) {
      const bytes = await this.#reader.some(this.#left);
      if (bytes === undefined) throw new BrokenArchive('it ends in the middle of a file');
      this.#left -= bytes.length;
      yield bytes;
    }
  }

  /** Byte for byte, to be decoded where it is known what they are. */
  async text(): Promise<string> {
    const parts: Uint8Array[] = [];
    for await (const bytes of this.rest()) parts.push(bytes);
    return Buffer.concat(parts).toString('latin1');
  }

  async skip(): Promise<void> {
    while (this.#left > 0) {
      const bytes = await this.#reader.some(this.#left);
      if (bytes === undefined) throw new BrokenArchive('it ends in the middle of a file');
      this.#left -= bytes.length;
    }
  }
}
