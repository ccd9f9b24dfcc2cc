import type { Edit } from '../text/problem.ts';

/** The same edits without the text at both ends that they would only repeat: editors keep cursors and marks there. */
export function trimEdits(text: string, edits: readonly Edit[]): readonly Edit[] {
  return edits.map((edit) => trimEdit(text, edit));
}

function trimEdit(text: string, { range, text: replacement }: Edit): Edit {
  const old = text.slice(range.start, range.end);
  const most = Math.min(old.length, replacement.length);
  let head = 0;
  while (head < most && old[head] === replacement[head]) head++;
  if (cutsCharacter(old, head) || cutsCharacter(replacement, head)) head--;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === replacement.at(-1 - tail)) tail++;
  if (cutsCharacter(old, old.length - tail) || cutsCharacter(replacement, replacement.length - tail)) tail--;
  return {
    range: { start: range.start + head, end: range.end - tail },
    text: replacement.slice(head, replacement.length - tail),
  };
}

/** Between the halves of a surrogate pair, or of a line break. */
function cutsCharacter(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return false;
  return /^(?:\r\n|[\uD800-\uDBFF][\uDC00-\uDFFF])$/.test(text.slice(offset - 1, offset + 1));
}
