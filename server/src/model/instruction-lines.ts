import type { Range } from '../text/range.ts';
import { lineStart, wholeLines } from '../text/lines.ts';
import type { Instruction } from '../syntax/dockerfile/tree.ts';
import type { Dockerfile } from './dockerfile.ts';

/** Where lines go that are to stand above an instruction: above the comments right over it too, as these speak of it. */
export function placeAbove({ text, tree }: Dockerfile, instruction: Instruction): number {
  const commentEnds = new Set(tree.comments.map(({ range }) => range.end));
  let at = lineStart(text, instruction.range.start);
  while (at > 0) {
    const end = text[at - 2] === '\r' ? at - 2 : at - 1;
    if (!commentEnds.has(end) && !commentEnds.has(at - 1)) break;
    at = lineStart(text, end);
  }
  // Nothing may stand before a byte order mark, nor what stands at the top push a directive down.
  const top = tree.directives.at(-1)?.range.end;
  return Math.max(at, text.startsWith('\uFEFF') ? 1 : 0, top === undefined ? 0 : nextLine(text, top));
}

/** The lines an instruction stands on, with the last one's line break. */
export function linesOfInstruction({ text }: Dockerfile, { range }: Instruction): Range {
  return wholeLines(text, range);
}

/** The keyword as someone would type it who writes this one so: `copy` for an `add`. */
export function keywordLike({ text }: Dockerfile, { keywordRange }: Instruction, keyword: string): string {
  const written = text.slice(keywordRange.start, keywordRange.end);
  return written === written.toLowerCase() ? keyword.toLowerCase() : keyword;
}

function nextLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}
