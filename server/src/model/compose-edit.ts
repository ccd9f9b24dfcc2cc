import type { Entry } from '../syntax/yaml/entries.ts';
import type { YamlSequence } from '../syntax/yaml/tree.ts';
import { lineStart } from '../text/lines.ts';
import type { Edit } from '../text/problem.ts';
import type { Range } from '../text/range.ts';

/** Takes out an entry of a block mapping with its lines, and the blank lines after it when it was the first of a paragraph. */
export function removeEntry(text: string, { range }: Entry): Edit {
  return removeLines(text, range);
}

/** Takes an item out of a list. */
export function removeItem(text: string, { isFlow, items }: YamlSequence, index: number): readonly Edit[] {
  const item = items[index];
  if (!item) return [];
  if (!isFlow) {
    const dash = text.lastIndexOf('-', item.range.start - 1);
    return [removeLines(text, { start: dash, end: item.range.end })];
  }
  const previous = items[index - 1];
  return [{ range: { start: previous ? previous.range.end : item.range.start, end: item.range.end }, text: '' }];
}

/** Nothing but the range itself where something else stands before it on its line. */
function removeLines(text: string, range: Range): Edit {
  const line = lineStart(text, range.start);
  if (!/^[\s\uFEFF]*$/.test(text.slice(line, range.start))) return { range, text: '' };
  const start = line === 0 && text.startsWith('\uFEFF') ? 1 : line;
  let end = lineEnd(text, range.end);
  const startsParagraph = /^\uFEFF?$|(?:^|\n)[ \t]*\r?\n$/.test(text.slice(0, start));
  if (startsParagraph) end += /^(?:[ \t]*\r?\n)+/.exec(text.slice(end))?.[0].length ?? 0;
  return { range: { start, end }, text: '' };
}

/** After the line break of the line that holds the offset. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}
