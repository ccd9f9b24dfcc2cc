import { BrokenArchive, tarEntries, type TarEntry } from './tar.ts';
import { baseLayersOf, readConfig, readManifest, type ImageDescription } from './image-json.ts';
import { takeNotes, type LayerNotes } from './layer-notes.ts';
import type { Bytes } from './byte-reader.ts';
import { packingOf, unpacked } from './unpack.ts';

/** What an image is made of, the lowest layer first. */
export interface ImageContents {
  readonly layers: readonly ImageLayer[];
  /** `NAME=value` */
  readonly environment: readonly string[];
  /** All instructions as the image tells them, those without a layer included. */
  readonly history: readonly string[];
  /** Of all files in all layers. */
  readonly bytes: number;
}

export interface ImageLayer {
  /** As the image's history tells it, or empty. */
  readonly createdBy: string;
  /** It came with the image of FROM. */
  readonly isOfBase: boolean;
  readonly notes: LayerNotes;
}

const mostText = 64_000_000;

/**
 * Reads what `docker image save` writes, as it comes: layers before or after the manifest, packed or not, in the layout of Docker
 * or of OCI. Throws `BrokenArchive` for anything else.
 */
export async function readArchive(bytes: Bytes): Promise<ImageContents> {
  const texts = new Map<string, string>();
  const layers = new Map<string, LayerNotes>();
  const links = new Map<string, string>();
  let length = 0;
  for await (const entry of tarEntries(bytes)) {
    if (entry.kind === 'symbolic-link' || entry.kind === 'hard-link') links.set(entry.path, linked(entry));
    if (entry.kind !== 'file' || entry.size === 0) continue;
    const packing = packingOf(await entry.head(512));
    if (packing !== undefined) layers.set(entry.path, await takeNotes(tarEntries(unpacked(entry.body(), packing))));
    else if ((length += entry.size) <= mostText) texts.set(entry.path, await textOf(entry));
  }
  const find = <T>(all: ReadonlyMap<string, T>, path: string): T | undefined =>
    all.get(path) ?? all.get(links.get(path) ?? '');
  const manifest = readManifest(
    (path) => find(texts, path),
    (path) => find(layers, path) !== undefined,
  );
  if (manifest === undefined) throw new BrokenArchive('it has no manifest');
  const config = readConfig(find(texts, manifest.config) ?? '');
  const notes = manifest.layers.flatMap((path) => find(layers, path) ?? []);
  if (notes.length < manifest.layers.length) throw new BrokenArchive('it lacks a layer');
  return contentsOf(config, notes);
}

function contentsOf({ history, environment }: ImageDescription, notes: readonly LayerNotes[]): ImageContents {
  const makers = history.filter(({ isEmpty }) => !isEmpty);
  // A history may begin later than the layers do.
  const missing = notes.length - makers.length;
  const base = missing > 0 ? missing : baseLayersOf(history);
  return {
    layers: notes.map((each, i) => ({
      createdBy: makers[i - missing]?.createdBy ?? '',
      isOfBase: i < base,
      notes: each,
    })),
    environment,
    history: history.map(({ createdBy }) => createdBy),
    bytes: notes.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** What becomes of a file of a layer in those above it. */
export function fateOf(path: string, layer: ImageLayer, { layers }: ImageContents): 'kept' | 'deleted' | 'replaced' {
  for (const { notes } of layers.slice(layers.indexOf(layer) + 1)) {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const ancestor = path.slice(0, end);
      if (notes.removed.has(ancestor)) return 'deleted';
      if (end < path.length && notes.emptied.has(ancestor)) return 'deleted';
    }
    if (notes.written.has(path)) return 'replaced';
  }
  return 'kept';
}

/** Docker before 25 saves a layer that comes twice as a link to the first. */
function linked({ path, kind, target }: TarEntry): string {
  const from = kind === 'symbolic-link' ? path.split('/').slice(0, -1) : [];
  for (const part of target.split('/')) {
    if (part === '..') from.pop();
    else if (part !== '' && part !== '.') from.push(part);
  }
  return from.join('/');
}

async function textOf(entry: TarEntry): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of entry.body()) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
