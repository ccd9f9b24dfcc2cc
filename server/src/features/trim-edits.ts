import type { Edit } from '../text/problem.ts';

/** The same edits in their smallest form: editors keep cursors and marks in text that is not replaced by itself. */
export function trimEdits(text: string, edits: readonly Edit[]): readonly Edit[] {
  return edits.flatMap((edit) => byLine(text, edit)).map((edit) => trimEdit(text, edit));
}

/** Where as many lines come as go, each becomes the one in its place. */
function byLine(text: string, edit: Edit): readonly Edit[] {
  const old = linesIn(text.slice(edit.range.start, edit.range.end));
  const current = linesIn(edit.text);
  if (old.length !== current.length) return [edit];
  let end = edit.range.start;
  return old.flatMap((line, i) => {
    const start = end;
    end += line.length;
    const replacement = current[i] ?? '';
    return line === replacement ? [] : [{ range: { start, end }, text: replacement }];
  });
}

function linesIn(text: string): readonly string[] {
  return text.split(/(?<=\n)/);
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
