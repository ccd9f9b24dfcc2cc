import type { Range } from '../../../../server/src/text/range.ts';

/** Lines of a text that were replaced by others. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Where a range is after a change of whole lines; `undefined` when one of its own lines has changed. */
export function moved(range: Range, change: Change): Range | undefined {
  const by = change.text.length - (change.end - change.start);
  if (change.end <= range.start) return { start: range.start + by, end: range.end + by };
  return change.start >= range.end ? range : undefined;
}

/** What makes one text of another: all lines between those that they have in common at both ends. */
export function changeBetween(before: string, after: string): Change | undefined {
  if (before === after) return undefined;
  const old = linesIn(before);
  const now = linesIn(after);
  const shorter = Math.min(old.length, now.length);
  let first = 0;
  while (first < shorter && old[first] === now[first]) first++;
  let last = 0;
  while (last < shorter - first && old.at(-1 - last) === now.at(-1 - last)) last++;
  const start = old.slice(0, first).join('').length;
  return {
    start,
    end: start + old.slice(first, old.length - last).join('').length,
    text: now.slice(first, now.length - last).join(''),
  };
}

/** With their ends. */
function linesIn(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
