import { isObject, type Json, type JsonObject } from '../../azure/json.ts';
import { findKey } from './compare.ts';

/** One part of a path such as `properties.template.containers[name=web].image`. */
type Segment =
  { readonly kind: 'key'; readonly key: string } | { readonly kind: 'item'; readonly key: string; readonly is: string };

/** `a.b[0]`, `a[name=web].b`, `a['key.with.dots']`. */
function segmentsOf(path: string): readonly Segment[] {
  const found: Segment[] = [];
  for (const [, quoted, key, is, index, plain] of path.matchAll(
    /\['([^']*)'\]|\[([^\]=[']+)=([^\]]*)\]|\[(\d+)\]|([^.[\]]+)/g,
  )) {
    if (key !== undefined && is !== undefined) found.push({ kind: 'item', key, is });
    else found.push({ kind: 'key', key: quoted ?? index ?? plain ?? '' });
  }
  return found;
}

export function valueAt(value: Json | undefined, path: string): Json | undefined {
  let found = value;
  for (const segment of segmentsOf(path)) found = step(found, segment);
  return found;
}

function step(value: Json | undefined, segment: Segment): Json | undefined {
  if (segment.kind === 'item') return isList(value) ? value[indexOf(value, segment)] : undefined;
  if (isList(value)) return value[Number(segment.key)];
  if (!isObject(value)) return undefined;
  return value[findKey(value, segment.key) ?? segment.key];
}

/** A copy with this value there; `undefined` takes away what is there. What lies between is made where it is missing. */
export function withValue(value: Json | undefined, path: string, to: Json | undefined): Json {
  return changed(value, segmentsOf(path), to) ?? {};
}

function changed(
  value: Json | undefined,
  [segment, ...rest]: readonly Segment[],
  to: Json | undefined,
): Json | undefined {
  if (segment === undefined) return to;
  if (segment.kind === 'item') return changedItem(isList(value) ? value : [], segment, rest, to);
  if (isList(value)) return replaced(value, Number(segment.key), changed(value[Number(segment.key)], rest, to));
  const object: JsonObject = isObject(value) ? value : {};
  const key = findKey(object, segment.key) ?? segment.key;
  if (to === undefined && !Object.hasOwn(object, key)) return value;
  const inner = changed(object[key], rest, to);
  const { [key]: _, ...others } = object;
  if (inner === undefined) return others;
  return Object.hasOwn(object, key) ? { ...object, [key]: inner } : { ...others, [key]: inner };
}

function changedItem(
  list: readonly Json[],
  segment: Extract<Segment, { kind: 'item' }>,
  rest: readonly Segment[],
  to: Json | undefined,
): Json {
  const index = indexOf(list, segment);
  const there = list[index];
  if (there !== undefined) return replaced(list, index, changed(there, rest, to));
  if (to === undefined) return list;
  const made = changed(rest.length === 0 ? undefined : { [segment.key]: segment.is }, rest, to);
  return made === undefined ? list : [...list, made];
}

function replaced(list: readonly Json[], index: number, item: Json | undefined): Json {
  return item === undefined ? list.toSpliced(index, 1) : index < list.length ? list.with(index, item) : [...list, item];
}

function indexOf(list: readonly Json[], { key, is }: Extract<Segment, { kind: 'item' }>): number {
  return list.findIndex(
    (item) => isObject(item) && (typeof item[key] === 'number' ? `${item[key]}` : item[key]) === is,
  );
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * Only these branches, for a PATCH. In a merged object what is left out stays, so what was taken away goes as `null`; in an array, which is
 * replaced whole, it is just not there.
 */
export function branches(edited: JsonObject, paths: readonly string[], removed: readonly string[]): JsonObject {
  let body: Json = {};
  for (const path of paths) body = withValue(body, path, withoutNulls(valueAt(edited, path)) ?? null);
  for (const path of removed) {
    const isInList = segmentsOf(path).some((segment, index, all) => isWithinList(edited, all.slice(0, index), segment));
    if (!isInList && valueAt(body, path) === undefined) body = withValue(body, path, null);
  }
  return isObject(body) ? body : {};
}

function isWithinList(value: Json, before: readonly Segment[], segment: Segment): boolean {
  return segment.kind === 'item' || isList(before.reduce<Json | undefined>(step, value));
}

/** What Azure answers is full of nulls, which its own contracts do not take back. */
export function withoutNulls(value: Json | undefined): Json | undefined {
  if (isList(value)) return value.map((item) => withoutNulls(item) ?? null);
  if (!isObject(value)) return value ?? undefined;
  const kept: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    const inner = withoutNulls(item);
    if (inner !== undefined) kept.push([key, inner]);
  }
  return Object.fromEntries(kept);
}
