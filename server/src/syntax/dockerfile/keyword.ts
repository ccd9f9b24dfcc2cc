import { DockerfileParser } from 'dockerfile-ast';
import { skipBlanks, type LogicalLine } from './lines.ts';
import { logicalText, withoutDropped } from './words.ts';

/** Letters with white space behind them that every reader takes for such: nothing to ask anyone about. */
const plain = /[a-z]+(?=[ \t\r\n\f]|$)/iy;

/** No keyword is longer; what the library does with the rest of the line is of no interest, and may take it long. */
const longest = 200;

/**
 * What dockerfile-ast takes for the keyword of a line, where that is not plain: where a no-break space, a byte order mark or punctuation stands
 * in it or at its end. Of all other lines it would say the same as we do, and take more time for it than all else that is done with a file.
 * Where an instruction ends, which words, flags, JSON elements and heredocs it has it is not asked at all, because it differs from the builder
 * in these points (0.7.1): `\\` at a line's end continues the line; `\ ` followed by an escape swallows it; `3<<EOF` is no heredoc; one `<<-` makes
 * every heredoc of the line strip tabs; a comment in a continued line may be taken for its words, or its keyword; JSON with continuations loses
 * its ranges; a lone `\r` ends a line.
 */
export function unusualKeyword(text: string, { range: { start, end }, gaps }: LogicalLine): string | undefined {
  if (isPlain(text, start)) return undefined;
  const joined = withoutDropped(logicalText(text, { start, end: Math.min(start + longest, end) }, gaps));
  const line = joined.slice(skipBlanks(joined, 0));
  if (line === '' || isPlain(line, 0)) return undefined;
  // After a line break, or it would take a byte order mark for that of the file.
  const [instruction] = DockerfileParser.parse(`\n${line}`).getInstructions();
  const found = instruction?.getInstructionRange().start;
  return found?.line === 1 && found.character === 0 ? instruction?.getKeyword() : undefined;
}

function isPlain(text: string, at: number): boolean {
  plain.lastIndex = at;
  return plain.test(text);
}
