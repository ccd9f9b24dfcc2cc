import type { Entry } from '../syntax/yaml/entries.ts';
import type { YamlMapping, YamlSequence } from '../syntax/yaml/tree.ts';
import { lineStart, newlineOf } from '../text/lines.ts';
import type { Edit } from '../text/problem.ts';
import type { Range } from '../text/range.ts';
import type { Compose, SectionName } from './compose.ts';

/**
 * Takes out an entry with its lines, and the blank lines after it when it was the first of a paragraph.
 * `undefined` when it shares its line with others.
 */
export function removeEntry(text: string, { range }: Entry): Edit | undefined {
  return standsAlone(text, range) ? removeLines(text, range) : undefined;
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

function standsAlone(text: string, { start, end }: Range): boolean {
  return (
    /^[\s\uFEFF]*$/.test(text.slice(lineStart(text, start), start)) &&
    /^\s*(?:#.*\s*)?$/.test(text.slice(end, lineEnd(text, end)))
  );
}

function removeLines(text: string, range: Range): Edit {
  const line = lineStart(text, range.start);
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

/** Adds an entry at the end of a block mapping; `lines` are indented as if the mapping stood at the margin. */
export function appendEntry(text: string, mapping: YamlMapping, lines: readonly string[]): Edit | undefined {
  const [first, last] = [mapping.pairs[0], mapping.pairs.at(-1)];
  if (mapping.isFlow || !first || !last) return undefined;
  return insertLines(text, lineEnd(text, last.range.end), lines, columnOf(text, first.key.range.start));
}

/** Declares a name under a top-level key, which is added to the end of the file where it is missing. */
export function declare(
  compose: Compose,
  section: SectionName,
  name: string,
  body: readonly string[] = [],
): Edit | undefined {
  const { text, sections, tree } = compose;
  const { entry } = sections[section];
  const step = indentStep(compose);
  const child = entry?.value.kind === 'mapping' && !entry.value.isFlow ? entry.value.pairs[0] : undefined;
  const inner = child ? ' '.repeat(columnOf(text, child.key.range.start)) : step;
  const lines = [`${name}:`, ...body.map((line) => inner + line)];
  if (!entry) {
    const end = tree.roots.at(-1)?.range.end;
    if (end === undefined || tree.roots.length > 1) return undefined;
    const isSpaced = compose.services.length > 0;
    return insertLines(
      text,
      lineEnd(text, end),
      [...(isSpaced ? [''] : []), `${section}:`, ...lines.map((line) => step + line)],
      0,
    );
  }
  const { value, written, keyRange } = entry;
  if (written.kind === 'alias') return undefined;
  if (value.kind === 'mapping' && value.pairs.length > 0) {
    if (!value.isFlow) return appendEntry(text, value, lines);
    const last = value.pairs.at(-1)?.range.end ?? value.range.end - 1;
    return body.length > 0 ? undefined : { range: { start: last, end: last }, text: `, ${name}: {}` };
  }
  const isEmpty = value.kind === 'scalar' ? value.text === '' : value.kind === 'mapping';
  if (!isEmpty) return undefined;
  const inserted = insertLines(
    text,
    lineEnd(text, value.range.end),
    lines.map((line) => step + line),
    columnOf(text, keyRange.start),
  );
  if (value.kind === 'scalar') return inserted;
  // `volumes: {}`: the braces go, and what comes after them on the line stays before the new lines.
  const rest = text.slice(value.range.end, inserted.range.start);
  return { range: { start: keyRange.end + 1, end: inserted.range.end }, text: rest + inserted.text };
}

/** How much deeper the file indents a block than what it belongs to. */
export function indentStep({ text, services }: Compose): string {
  const service = services.find(({ entry }) => !entry.isMerged);
  const column = service ? columnOf(text, service.nameRange.start) : 0;
  return ' '.repeat(column > 0 && column <= 8 ? column : 2);
}

export function columnOf(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return offset - start - (text.startsWith('\uFEFF', start) ? 1 : 0);
}

/** Whole lines at the start of a line, or after the last line where the file does not end with a line break. */
function insertLines(text: string, at: number, lines: readonly string[], column: number): Edit {
  const newline = newlineOf(text);
  const indented = lines.map((line) => (line === '' ? '' : ' '.repeat(column) + line)).join(newline);
  const isAfterBreak = at === 0 || text[at - 1] === '\n';
  return { range: { start: at, end: at }, text: isAfterBreak ? indented + newline : newline + indented };
}
