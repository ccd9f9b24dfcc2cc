import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { ByteReader, type Bytes } from './byte-reader.ts';
import { BrokenArchive } from './tar.ts';

/** RFC 8878, section 3.1. */
const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;

export function isZstd(head: Uint8Array): boolean {
  const magic = numberIn(head.subarray(0, 4));
  return head.length >= 4 && (magic === frameMagic || isSkippable(magic));
}

/** Layers may have a frame for each file, and Node unpacks but the first of them. */
export async function* unpackedZstd(bytes: Bytes): AsyncGenerator<Uint8Array, void, undefined> {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
  if (createZstdDecompress === undefined) {
    throw new BrokenArchive('its layers are packed with zstd, which Node reads from version 22.15 on');
  }
  const reader = new ByteReader(bytes);
  for (;;) {
    const start = await reader.peek(8);
    if (start.length === 0) return;
    const magic = numberIn(start.subarray(0, 4));
    if (isSkippable(magic)) {
      const skipped = exactly(reader, 8 + numberIn(start.subarray(4, 8)));
      while ((await skipped.next()).done !== true);
    } else if (magic === frameMagic) {
      const unpacked = pipeline(Readable.from(frame(reader)), createZstdDecompress(), () => undefined);
      for await (const piece of unpacked) yield piece as Uint8Array;
    } else {
      throw new BrokenArchive('a layer is packed in no way that is known');
    }
  }
}

/** The bytes of one frame, found by the sizes of its blocks. */
async function* frame(reader: ByteReader): AsyncGenerator<Uint8Array, void, undefined> {
  const descriptor = (await reader.peek(5))[4] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const contentSize = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  yield* exactly(reader, 5 + (isSingle ? 0 : 1) + dictionary + contentSize);
  for (let isLast = false; !isLast;) {
    const header = numberIn(await reader.peek(3));
    isLast = (header & 1) === 1;
    // A block of one byte repeated has only that byte.
    const isRepeated = ((header >> 1) & 3) === 1;
    yield* exactly(reader, 3 + (isRepeated ? 1 : header >> 3));
  }
  if ((descriptor & 4) !== 0) yield* exactly(reader, 4);
}

async function* exactly(reader: ByteReader, count: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let left = count; left > 0;) {
    const piece = await reader.some(left);
    if (piece === undefined) throw new BrokenArchive('it ends in the middle of a layer');
    left -= piece.length;
    yield piece;
  }
}

function isSkippable(magic: number): boolean {
  return (magic & 0xfffffff0) >>> 0 === skippableMagic;
}

function numberIn(bytes: Uint8Array): number {
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}
