import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Bytes } from './byte-reader.ts';
import { isTarHeader } from './tar.ts';
import { isZstd, unpackedZstd } from './zstd.ts';

export type Packing = 'none' | 'gzip' | 'zstd';

/** How a layer is packed, by how it begins; `undefined` for what is no layer. An empty one is all zeros. */
export function packingOf(head: Uint8Array): Packing | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (isZstd(head)) return 'zstd';
  const isEmpty = head.length === 512 && head.every((byte) => byte === 0);
  return isEmpty || isTarHeader(head) ? 'none' : undefined;
}

/** The bytes of the archive in it. */
export function unpacked(bytes: Bytes, packing: Packing): Bytes {
  if (packing === 'none') return bytes;
  if (packing === 'zstd') return unpackedZstd(bytes);
  // Whoever iterates gets the error.
  return pipeline(Readable.from(bytes), createGunzip(), () => undefined);
}
