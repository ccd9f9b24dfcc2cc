import type { ErrorCode, YAMLParseError } from 'yaml';
import type { Range } from '../../text/range.ts';
import { shorten } from '../../text/shorten.ts';
import type { YamlError } from './tree.ts';

/** The library's error in words for people, at a range that can be seen. */
export function explain(text: string, error: YAMLParseError): YamlError {
  const start = error.code === 'TAB_AS_INDENT' ? error.pos[0] : firstCharacter(text, error.pos[0]);
  const range = visible(text, { start, end: Math.max(error.pos[1], start + lengthOf(text, start, error.code)) });
  return { range, message: messageFor(error, text.slice(range.start, range.end)), isStructural: true };
}

/** What the library notes of a text that is nested deeper than it can follow. */
const stackOverflow = /call stack|stack overflow/i;

function messageFor(error: YAMLParseError, found: string): string {
  if (stackOverflow.test(error.message)) return 'This is nested too deeply to be read: make it flatter';
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return 'Tabs cannot indent YAML: use spaces';
    case 'BAD_INDENT':
      if (error.message.startsWith('Flow '))
        return `A bracket is not closed before this: add the missing '${error.message.at(-1)}'`;
      return error.message.startsWith('All ')
        ? 'Indented unlike its siblings: start all items of a block at the same column'
        : firstLine(`Wrong indentation: ${lowerFirst(error.message)}`);
    case 'BLOCK_AS_IMPLICIT_KEY':
      return error.message.startsWith('Nested')
        ? "A value cannot itself be 'key: value' on one line: quote it or move it to the next line"
        : error.message;
    case 'MULTILINE_IMPLICIT_KEY':
      return "A key must be on one line and end with ':'";
    case 'MISSING_CHAR':
      if (error.message.startsWith('Implicit map keys')) return "A key needs a ':' after it";
      if (error.message.startsWith('Missing closing')) return 'A quote is not closed: add the missing one';
      return error.message;
    case 'BAD_SCALAR_START':
      return `A value cannot begin with '${found.charAt(0)}': put it in quotes`;
    case 'BAD_DQ_ESCAPE':
      return `'${found}' is not an escape: write '\\\\' or use single quotes`;
    case 'UNEXPECTED_TOKEN':
      if (error.message.startsWith('Flow ')) return `A bracket is not closed before this: add the missing one`;
      return firstLine(error.message);
    default:
      return firstLine(error.message);
  }
}

/** The library says where the line begins of what is indented wrongly. */
function firstCharacter(text: string, offset: number): number {
  let at = offset;
  while (text[at] === ' ') at++;
  return at;
}

/** The library points at one character where it is about a word. */
function lengthOf(text: string, start: number, code: ErrorCode): number {
  if (code === 'BAD_DQ_ESCAPE') return 2;
  return code === 'BAD_INDENT' ? (/^[^\s:#[\]{},]+/.exec(text.slice(start, start + 80))?.[0].length ?? 1) : 0;
}

/** Not empty, not only a line break, and within the text. */
function visible(text: string, { start, end }: Range): Range {
  let from = Math.max(0, Math.min(start, text.length));
  let to = Math.max(from, Math.min(end, text.length));
  while (to > from + 1 && /\s/.test(text.charAt(to - 1))) to--;
  const firstBreak = text.slice(from, to).search(/[\r\n]/);
  if (firstBreak > 0) to = from + firstBreak;
  if (from === to && from > 0) from--;
  return { start: from, end: to };
}

function firstLine(message: string): string {
  return shorten(message, 95);
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
