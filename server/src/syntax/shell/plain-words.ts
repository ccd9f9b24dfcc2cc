/** Quoted and unquoted parts that hold nothing but text and `$NAME`. Each character fits one branch only: it must fail in linear time. */
const word =
  /(?:[^\s'"\\$`<>()#|&;]|'[^']*'|"(?:[^"\\$`]|\\[^]|\$(?=\w|\{\w+\}))*"|\\\S|\$(?=\w|\{\w+\}))+(?=[ \t\\]|$)/y;
const gap = /(?:[ \t]|\\\r?\n)*/y;
const assignment = /^\w+(?:\[|\+?=)/;

/**
 * Appends start and end of each word of a command to `pieces`; false, with nothing appended, when there is more to it than words. Most
 * commands are that plain, and to read them here takes a fraction of the time of a walk over their nodes.
 */
export function plainWords(text: string, start: number, pieces: number[]): boolean {
  if (assignment.test(text)) return false;
  for (let at = 0; at < text.length; at = gap.lastIndex) {
    word.lastIndex = at;
    if (!word.test(text)) {
      pieces.length = 0;
      return false;
    }
    pieces.push(start + at, start + word.lastIndex);
    gap.lastIndex = word.lastIndex;
    gap.test(text);
  }
  return true;
}
