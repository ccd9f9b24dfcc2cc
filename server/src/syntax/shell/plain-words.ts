/** Quoted and unquoted parts that hold nothing but text and `$NAME`. Each character fits one branch only: it must fail in linear time. */
const word =
  /(?:[^\s'"\\$`<>()#|&;]|'[^']*'|"(?:[^"\\$`]|\\[^]|\$(?=\w|\{\w+\}))*"|\\\S|\$(?=\w|\{\w+\}))+(?=[ \t\\]|$)/y;
const gap = /(?:[ \t]|\\\r?\n)*/y;
const assignment = /^\w+(?:\[|\+?=)/;

/**
 * Start and end of each word of a command, in turn; `undefined` when there is more to it than words. Most commands are that plain, and
 * to read them here takes a fraction of the time of a walk over their nodes.
 */
export function plainWords(text: string, start: number): number[] | undefined {
  if (assignment.test(text)) return undefined;
  const pieces: number[] = [];
  let at = 0;
  while (at < text.length) {
    word.lastIndex = at;
    if (!word.test(text)) return undefined;
    pieces.push(start + at, start + word.lastIndex);
    gap.lastIndex = word.lastIndex;
    gap.test(text);
    at = gap.lastIndex;
  }
  return pieces;
}
