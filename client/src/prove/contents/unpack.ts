import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import type { Bytes } from './byte-reader.ts';
import { BrokenArchive, isTarHeader } from './tar.ts';

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
  const transform = packing === 'gzip' ? zlib.createGunzip() : createUnzstd();
  // The iterator below gets the error.
  return pipeline(Readable.from(bytes, { objectMode: true }), transform, () => undefined);
}

/** A frame, or one that is to be skipped: a table of contents comes in such. */
function isZstd(head: Uint8Array): boolean {
  const [a = 0, b, c, d] = head;
  return (
    (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) ||
    ((a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18)
  );
}

/** Since Node 22.15 only. */
function createUnzstd(): Transform {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
  if (createZstdDecompress === undefined) {
    throw new BrokenArchive('its layers are packed with zstd, which Node reads from version 22.15 on');
  }
  return createZstdDecompress();
}
