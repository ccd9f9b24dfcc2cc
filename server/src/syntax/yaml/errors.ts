import type { YAMLParseError } from 'yaml';
import type { Range } from '../../text/range.ts';
import type { YamlError } from './tree.ts';

/** The library's error in words for people, at a range that can be seen. */
export function explain(text: string, error: YAMLParseError): YamlError {
  const range = visible(text, { start: error.pos[0], end: error.pos[1] });
  return { range, message: messageFor(error, text.slice(range.start, range.end)), isStructural: true };
}

function messageFor(error: YAMLParseError, found: string): string {
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return 'Tabs cannot indent YAML: use spaces';
    case 'BAD_INDENT':
      return error.message.startsWith('All ')
        ? 'Indented unlike its siblings: start all items of a block at the same column'
        : `Wrong indentation: ${lowerFirst(error.message)}`;
    case 'BLOCK_AS_IMPLICIT_KEY':
      return error.message.startsWith('Nested')
        ? "A value cannot itself be 'key: value' on one line: quote it or move it to the next line"
        : error.message;
    case 'MULTILINE_IMPLICIT_KEY':
      return "A key must be on one line and end with ':'";
    case 'MISSING_CHAR':
      if (error.message.startsWith('Implicit map keys')) return "A key needs a ':' after it";
      if (error.message.startsWith('Missing closing')) return `${error.message}: close the quotes`;
      return error.message;
    case 'BAD_SCALAR_START':
      return `A value cannot begin with '${found.charAt(0)}': put it in quotes`;
    case 'BAD_DQ_ESCAPE':
      return `'${found}' is not an escape: write '\\\\' or use single quotes`;
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
    case 'TAG_RESOLVE_FAILED':
    default:
      return firstLine(error.message);
  }
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
  const line = message.split('\n', 1)[0] ?? message;
  return line.length > 95 ? `${line.slice(0, 92)}...` : line;
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
