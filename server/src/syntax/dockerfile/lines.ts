import type { Range } from '../../text/range.ts';
import type { Comment } from './tree.ts';

/** One instruction as far as lines go: where it ends and what the builder drops from between. */
export interface LogicalLine {
  /** From the first character to the last one that is not white space, an escape at the end of a line, a comment or a blank line. */
  readonly range: Range;
  /** Where the line after it starts; heredoc bodies begin there. */
  readonly nextLine: number;
  readonly gaps: readonly Range[];
  readonly emptyLines: readonly Range[];
  readonly comments: readonly Comment[];
}

/**
 * The logical line that begins at `start`, by the builder's own rules: an escape character continues the line when only white space follows it
 * and no second escape character stands before it; comment lines and blank lines in between are dropped.
 */
export function logicalLineAt(text: string, start: number, escape: string): LogicalLine {
  const gaps: Range[] = [];
  const emptyLines: Range[] = [];
  const comments: Comment[] = [];
  let lineFrom = start;
  let end = start;
  let next = text.length;
  for (;;) {
    const line = lineAt(text, lineFrom);
    next = line.next;
    const continues = continuationAt(text, lineFrom, line.end, escape);
    const contentEnd = trimmedEnd(text, lineFrom, continues ?? line.end);
    if (contentEnd > lineFrom) end = contentEnd;
    if (continues === undefined) break;
    gaps.push({ start: continues, end: next });
    const following = skipDropped(text, next, gaps, emptyLines, comments);
    if (following === undefined) {
      next = text.length;
      break;
    }
    lineFrom = following;
  }
  return { range: { start, end }, nextLine: next, gaps, emptyLines, comments };
}

/** Where the line at an offset ends without its break, and where the next one starts. Only `\n` ends a line for the builder. */
export function lineAt(text: string, offset: number): { readonly end: number; readonly next: number } {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) return { end: text.length, next: text.length };
  let end = newline;
  while (end > offset && text[end - 1] === '\r') end--;
  return { end, next: newline + 1 };
}

export function commentAt(text: string, hash: number, end: number): Comment {
  const trimmed = trimmedEnd(text, hash, end);
  return { range: { start: hash, end: trimmed }, text: text.slice(hash + 1, trimmed).trim() };
}

export function skipBlanks(text: string, offset: number): number {
  let at = offset;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

function skipDropped(
  text: string,
  from: number,
  gaps: Range[],
  emptyLines: Range[],
  comments: Comment[],
): number | undefined {
  let at = from;
  while (at < text.length) {
    const line = lineAt(text, at);
    const first = skipBlanks(text, at);
    const isBlank = first >= line.end;
    if (!isBlank && text[first] !== '#') return at;
    if (isBlank) emptyLines.push({ start: at, end: line.next });
    else comments.push(commentAt(text, first, line.end));
    gaps.push({ start: at, end: line.next });
    at = line.next;
  }
  return undefined;
}

/** The offset of the escape character that continues the line, if one does. */
function continuationAt(text: string, from: number, end: number, escape: string): number | undefined {
  const last = trimmedEnd(text, from, end) - 1;
  if (last < from || text[last] !== escape) return undefined;
  return last > from && text[last - 1] === escape ? undefined : last;
}

function trimmedEnd(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 11 || code === 12;
}
