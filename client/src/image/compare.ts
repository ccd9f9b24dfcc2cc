import { joined } from './created-by.ts';
import type { ImageLayers, Layer } from './layers.ts';
import { keysOf, unchanged } from './unchanged.ts';

/** An image beside an earlier one of the same Dockerfile. */
export interface Comparison {
  readonly image: string;
  /** When it was built, where that is known. */
  readonly at?: number;
  readonly total: number;
  /** What each layer weighs more than its like before; a layer without its like is missing here. By its place in the image. */
  readonly deltas: ReadonlyMap<number, number>;
  readonly baseDelta?: number;
  /** What weighed something before and has no like now. */
  readonly gone: readonly { readonly text: string; readonly bytes: number }[];
}

interface Part {
  readonly index: number;
  readonly layer: Layer;
  readonly key: string;
}

export function compare(now: ImageLayers, before: ImageLayers): Comparison {
  const ours = partsOf(now);
  const theirs = partsOf(before);
  const pairs = new Map(
    unchanged(
      theirs.map(({ key }) => key),
      ours.map(({ key }) => key),
    ),
  );
  pairEdited(theirs, ours, pairs);
  const deltas = new Map<number, number>();
  for (const [left, right] of pairs) {
    const [earlier, later] = [theirs[left], ours[right]];
    if (earlier && later) deltas.set(later.index, later.layer.bytes - earlier.layer.bytes);
  }
  const [base, baseBefore] = [baseOf(now), baseOf(before)];
  return {
    image: before.image,
    ...(before.source && { at: before.at }),
    total: before.total,
    deltas,
    ...(base !== undefined && baseBefore !== undefined && { baseDelta: base - baseBefore }),
    gone: theirs.flatMap(({ layer }, index) =>
      pairs.has(index) || layer.bytes === 0 ? [] : [{ text: layer.text, bytes: layer.bytes }],
    ),
  };
}

/** What the base image weighs, where it is known which layers are its. */
export function baseOf({ layers }: ImageLayers): number | undefined {
  const base = layers.filter(({ origin }) => origin === 'base');
  return base.length === 0 ? undefined : base.reduce((sum, { bytes }) => sum + bytes, 0);
}

function partsOf({ layers, source }: ImageLayers): readonly Part[] {
  const keys = source ? keysOf(source.text) : [];
  return layers.flatMap((layer, index): Part[] => {
    if (layer.origin === 'base') return [];
    return [
      { index, layer, key: joined(layer.origin === undefined ? layer.text : (keys[layer.origin] ?? layer.text)) },
    ];
  });
}

/** Between two that stayed the same, as many as before and of the same kinds one by one: these were edited. */
function pairEdited(before: readonly Part[], now: readonly Part[], pairs: Map<number, number>): void {
  let left = 0;
  let right = 0;
  const ends = [...pairs].sort(([a], [b]) => a - b);
  for (const [endLeft, endRight] of [...ends, [before.length, now.length] as const]) {
    const isLike =
      endLeft - left === endRight - right &&
      before.slice(left, endLeft).every(({ key }, at) => kindOf(key) === kindOf(now[right + at]?.key ?? ''));
    if (isLike) for (let at = 0; left + at < endLeft; at++) pairs.set(left + at, right + at);
    left = endLeft + 1;
    right = endRight + 1;
  }
}

function kindOf(key: string): string {
  return key.split(' ', 1)[0]?.toUpperCase() ?? '';
}
