// By hand, as it is one header of 512 bytes a file and a record for long names; no library of that size is among our dependencies,
// and we need every byte to be the same each time.

export interface TarEntry {
  /** With `/`, from the archive's root. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly mode: number;
  /** Of a file. */
  readonly size: number;
  /** Of a link. */
  readonly target?: string;
}

const block = 512;

/** What stands before a file's contents: its header, and a record of the POSIX format where the header has no room. `time` in seconds. */
export function tarHeader(entry: TarEntry, time: number): Uint8Array {
  const name = entry.kind === 'folder' ? `${entry.path}/` : entry.path;
  const records = [
    ...(fits(name, 100) ? [] : [record('path', name)]),
    ...(entry.target === undefined || fits(entry.target, 100) ? [] : [record('linkpath', entry.target)]),
    ...(entry.size > 0o77777777777 ? [record('size', String(entry.size))] : []),
  ];
  const header = headerBlock({ ...entry, path: name }, typeFlags[entry.kind], time);
  if (records.length === 0) return header;
  const data = Buffer.from(records.join(''));
  const about = headerBlock({ path: 'PaxHeader', kind: 'file', mode: 0o644, size: data.length }, 'x', time);
  return Buffer.concat([about, data, tarPadding(data.length), header]);
}

/** What follows contents of this size. */
export function tarPadding(size: number): Uint8Array {
  return new Uint8Array((block - (size % block)) % block);
}

/** Ends an archive. */
export const tarEnd: Uint8Array = new Uint8Array(2 * block);

const typeFlags = { file: '0', folder: '5', link: '2' } as const;

/** Plain ASCII that a field has room for: everything else goes into a record, where it is UTF-8 beyond doubt. */
function fits(text: string, room: number): boolean {
  return text.length <= room && /^[\x20-\x7e]*$/.test(text);
}

/** Its length counts itself. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (String(length).length > String(bytes).length) length = bytes + String(length).length;
  return `${length}${rest}`;
}

function headerBlock({ path, mode, size, target = '' }: TarEntry, type: string, time: number): Uint8Array {
  const header = Buffer.alloc(block);
  header.write(path, 0, 100, 'utf8');
  octal(header, mode & 0o7777, 100, 8);
  octal(header, 0, 108, 8);
  octal(header, 0, 116, 8);
  octal(header, Math.min(size, 0o77777777777), 124, 12);
  octal(header, Math.max(0, Math.floor(time)), 136, 12);
  header.write('        ', 148, 8, 'latin1');
  header.write(type, 156, 1, 'latin1');
  header.write(target, 157, 100, 'utf8');
  header.write('ustar\u000000', 257, 8, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 8, 'latin1');
  return header;
}

function octal(header: Buffer, value: number, at: number, room: number): void {
  header.write(value.toString(8).padStart(room - 1, '0'), at, room - 1, 'latin1');
}
