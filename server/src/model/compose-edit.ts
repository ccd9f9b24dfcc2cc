import type { Entry } from '../syntax/yaml/entries.ts';
import { lineStart } from '../text/lines.ts';
import type { Edit } from '../text/problem.ts';

/** Takes out an entry of a block mapping with its lines, and a blank line that would be left doubled or at the top. */
export function removeEntry(text: string, { range }: Entry): Edit {
  const start = lineStart(text, range.start);
  const isAlone = /^[\s\uFEFF]*$/.test(text.slice(start, range.start));
  if (!isAlone) return { range, text: '' };
  let end = lineEnd(text, range.end);
  const isFirst = /^\uFEFF?$/.test(text.slice(0, start)) || /(?:^|\n)[ \t]*\r?\n$/.test(text.slice(0, start));
  if (isFirst) {
    const blank = /^(?:[ \t]*\r?\n)+/.exec(text.slice(end));
    end += blank?.[0].length ?? 0;
  }
  const bom = start === 0 && text.startsWith('\uFEFF') ? 1 : 0;
  return { range: { start: start + bom, end }, text: '' };
}

/** After the line break of the line that holds the offset. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}
