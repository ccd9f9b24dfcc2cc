import type { Range } from './range.ts';

/** Zero-based line and UTF-16 column, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where each line of a text starts; a line ends with `\n`, `\r\n` or a lone `\r`, as in the language server protocol. */
export interface Lines {
  readonly starts: readonly number[];
  readonly length: number;
}

export function linesOf(text: string): Lines {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return { starts, length: text.length };
}

export function positionAt(lines: Lines, offset: number): Position {
  const clamped = Math.max(0, Math.min(offset, lines.length));
  let low = 0;
  let high = lines.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines.starts[middle] ?? 0) <= clamped) low = middle;
    else high = middle - 1;
  }
  return { line: low, column: clamped - (lines.starts[low] ?? 0) };
}

export function offsetAt(lines: Lines, position: Position): number {
  const start = lines.starts[position.line];
  if (start === undefined) return position.line < 0 ? 0 : lines.length;
  const next = lines.starts[position.line + 1] ?? lines.length;
  return Math.min(start + Math.max(0, position.column), next);
}

/** The whole lines that a range lies on, with the last one's line break. */
export function wholeLines(text: string, range: Range): Range {
  const start = lineStart(text, range.start);
  const lastCharacter = Math.max(range.end - 1, range.start);
  const newline = text.indexOf('\n', lastCharacter);
  return { start, end: newline < 0 ? text.length : newline + 1 };
}

export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The white space that the line of an offset begins with. */
export function indentationAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  let end = start;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return text.slice(start, end);
}

/** The line break that the text uses: that of its first line. */
export function newlineOf(text: string): string {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}
