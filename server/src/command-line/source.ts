import { isUtf8 } from 'node:buffer';
import { kindOfFile, type DocumentKind } from '../engine/document.ts';

/** A file as it was read, and what is needed to write it back the same. */
export interface Source {
  readonly text: string;
  /** It began with a byte order mark, which editors do not count as text. */
  readonly hasMark: boolean;
  /** It holds bytes that are no UTF-8: shown as replacement characters, and never to be written back. */
  readonly isLossy: boolean;
}

/** `undefined` for what is not text. */
export function decode(bytes: Uint8Array): Source | undefined {
  if (bytes.subarray(0, 8000).includes(0)) return undefined;
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { text: new TextDecoder().decode(bytes), hasMark, isLossy: !isUtf8(bytes) };
}

export function encode(text: string, { hasMark }: Source): Uint8Array {
  return new TextEncoder().encode(hasMark ? `\ufeff${text}` : text);
}

/** A file that was named on the command line is linted whatever it is called; then what it says decides. */
export function kindOf(name: string, text: string): DocumentKind {
  const byName = kindOfFile(name);
  if (byName !== undefined) return byName;
  if (/\.ya?ml$/i.test(name)) return 'compose';
  if (/^[ \t]*FROM[ \t]+\S/im.test(text)) return 'dockerfile';
  return /^["']?(?:services|include|version|name|volumes|networks|x-[\w-]+)["']?[ \t]*:/m.test(text)
    ? 'compose'
    : 'dockerfile';
}
