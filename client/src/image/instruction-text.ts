import type { Instruction } from '../../../server/src/syntax/dockerfile/tree.ts';
import { joined } from './created-by.ts';

/** An instruction for people to read: in one line, without what continues its lines. */
export function shownInstruction({ range, heredocs, gaps }: Instruction, text: string): string {
  const [heredoc] = heredocs;
  const line = joined(cut(text, range.start, heredoc?.body.start ?? range.end, gaps));
  return heredoc ? `${line} …` : line;
}

/** The command of a RUN as builders hand it to the shell. */
export function runText({ argumentsRange, heredocs, words, gaps }: Instruction, text: string): string {
  const line = cut(text, argumentsRange.start, argumentsRange.end, gaps);
  const [heredoc, other] = heredocs;
  if (heredoc === undefined) return line;
  const body = text.slice(heredoc.body.start, heredoc.body.end);
  // `RUN <<EOF` alone: the body is the command.
  if (other === undefined && words.length === 1 && !body.startsWith('#!')) return body;
  const bodies = heredocs.map((each) => text.slice(each.body.start, each.terminator?.end ?? each.body.end));
  return [line, ...bodies].join('\n');
}

function cut(text: string, start: number, end: number, gaps: Instruction['gaps']): string {
  let out = '';
  let from = start;
  for (const gap of gaps) {
    if (gap.end <= from || gap.start >= end) continue;
    out += text.slice(from, Math.max(from, gap.start));
    from = gap.end;
  }
  return out + text.slice(from, Math.max(from, end));
}
