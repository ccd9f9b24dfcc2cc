import type { Edit } from '../text/problem.ts';

/** Larger differences are replaced in one piece: comparing every line with every other would take too long. */
const mostComparisons = 1_000_000;

/** Few edits of whole lines that make one text of the other, so that an editor keeps its cursors and folds. */
export function editsOf(before: string, after: string): readonly Edit[] {
  if (before === after) return [];
  const old = before.split(/(?<=\n)/);
  const current = after.split(/(?<=\n)/);
  let head = 0;
  while (head < old.length && head < current.length && old[head] === current[head]) head++;
  let tail = 0;
  const most = Math.min(old.length, current.length) - head;
  while (tail < most && old[old.length - 1 - tail] === current[current.length - 1 - tail]) tail++;
  const oldMiddle = old.slice(head, old.length - tail);
  const currentMiddle = current.slice(head, current.length - tail);
  const offset = old.slice(0, head).join('').length;
  if (oldMiddle.length * currentMiddle.length > mostComparisons) {
    return [{ range: { start: offset, end: offset + oldMiddle.join('').length }, text: currentMiddle.join('') }];
  }
  return lineEdits(oldMiddle, currentMiddle, offset);
}

function lineEdits(old: readonly string[], current: readonly string[], offset: number): readonly Edit[] {
  const common = commonLengths(old, current);
  const lengthAt = (i: number, j: number): number => common[i]?.[j] ?? 0;
  const edits: Edit[] = [];
  let i = 0;
  let j = 0;
  let at = offset;
  while (i < old.length || j < current.length) {
    if (i < old.length && j < current.length && old[i] === current[j]) {
      at += old[i]?.length ?? 0;
      i++;
      j++;
      continue;
    }
    const start = at;
    let text = '';
    while (
      (i < old.length || j < current.length) &&
      (i >= old.length || j >= current.length || old[i] !== current[j])
    ) {
      if (j >= current.length || (i < old.length && lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
        at += old[i++]?.length ?? 0;
      } else {
        text += current[j++] ?? '';
      }
    }
    edits.push({ range: { start, end: at }, text });
  }
  return edits;
}

/** `[i][j]`: how many lines the rests of both, from there on, have in common. */
function commonLengths(old: readonly string[], current: readonly string[]): readonly (readonly number[])[] {
  let below: readonly number[] = new Array<number>(current.length + 1).fill(0);
  const rows = [below];
  for (let i = old.length - 1; i >= 0; i--) {
    const row = new Array<number>(current.length + 1).fill(0);
    for (let j = current.length - 1; j >= 0; j--) {
      row[j] = old[i] === current[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
    rows.unshift(row);
    below = row;
  }
  return rows;
}
