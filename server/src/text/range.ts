import { indexWhere } from './sorted.ts';

/** A half-open span of UTF-16 offsets into a document. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** True when the two share a character, or when one is empty and lies in or at the edge of the other. */
export function touches(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end ? true : a.start <= b.end && b.start <= a.end && isEmpty(a, b);
}

/** Of things in the order of their starts, the last that begins at or before an offset. */
export function lastFrom<Item extends { readonly range: Range }>(
  items: readonly Item[],
  offset: number,
): Item | undefined {
  return items[indexWhere(items, ({ range }) => range.start > offset) - 1];
}

function isEmpty(a: Range, b: Range): boolean {
  return a.start === a.end || b.start === b.end;
}
