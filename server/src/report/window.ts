import { positionAt, type Lines } from '../text/lines.ts';
import type { Severity } from '../text/problem.ts';
import type { Range } from '../text/range.ts';
import type { Paint } from './pretty.ts';

/** More marked lines than this are left out in the middle. */
const mostLines = 6;
const tabWidth = 4;

interface Source {
  readonly text: string;
  readonly lines: Lines;
}

export interface Mark {
  readonly range: Range;
  readonly message: string;
  readonly severity: Severity;
}

/** The lines a problem is on and their neighbours, numbered; carets under what is marked, the message under its last line. */
export function drawWindow(
  { text, lines: { starts } }: Source,
  { range, message, severity }: Mark,
  width: number,
  paint: Paint,
): readonly string[] {
  const first = lineAt(starts, range.start);
  const last = lineAt(starts, Math.max(range.end - 1, range.start));
  const lineText = (line: number): string => {
    const start = starts[line] ?? text.length;
    let end = starts[line + 1] ?? text.length;
    while (end > start && /[\r\n]/.test(text.charAt(end - 1))) end--;
    return text.slice(start, end);
  };
  const gutterWidth = Math.max(String(last + 2).length, 4);
  const gutter = (label: string | number): string => paint('dim', `${String(label).padStart(gutterWidth)} |`);
  const neighbour = (line: number): readonly string[] => {
    const source = lineText(line);
    const isBlank = source.trim() === '' || line < 0 || line >= starts.length;
    return isBlank
      ? []
      : [`${gutter(line + 1)} ${paint('dim', shorten(printable(source.slice(0, width + 1)), width))}`];
  };

  const drawn = [...neighbour(first - 1)];
  for (let line = first; line <= last; line++) {
    if (line - first >= mostLines - 1 && line < last) {
      if (line - first === mostLines - 1) drawn.push(gutter('...'));
      continue;
    }
    const source = lineText(line);
    const start = starts[line] ?? 0;
    const from = Math.max(range.start - start, 0);
    const to = Math.max(Math.min(range.end - start, source.length), from);
    const cut = fit(source, from, to, width);
    const carets = `${' '.repeat(widthOf(cut.before))}${paint(severity, '^'.repeat(Math.max(widthOf(cut.marked), 1)))}`;
    drawn.push(`${gutter(line + 1)} ${cut.before}${cut.marked}${cut.after}`.trimEnd());
    drawn.push(`${gutter('')} ${carets}${line === last ? ` ${paint(severity, message)}` : ''}`);
  }
  return [...drawn, ...neighbour(last + 1)];
}

function lineAt(starts: readonly number[], offset: number): number {
  return positionAt({ starts, length: Number.POSITIVE_INFINITY }, offset).line;
}

interface CutLine {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/** The part of a line to show when all of it is too wide: what is marked, and as much before it as fits. */
function fit(line: string, from: number, to: number, width: number): CutLine {
  // What is further away is not shown, and a generated line may be long.
  const before = printable(line.slice(Math.max(from - width - 1, 0), from));
  const marked = printable(line.slice(from, Math.min(to, from + width + 1)));
  const after = printable(line.slice(to, to + width + 1));
  if (before.length + marked.length + after.length <= width) return { before, marked, after };
  const shownMark = shorten(marked, width);
  const room = width - shownMark.length;
  const shownBefore =
    before.length <= room ? before : `…${before.slice(before.length - Math.max(Math.min(room, 20) - 1, 0))}`;
  return { before: shownBefore, marked: shownMark, after: shorten(after, Math.max(room - shownBefore.length, 1)) };
}

function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Tabs as spaces, so that carets line up; control characters as pictures, so that no file can talk to the terminal. */
export function printable(text: string): string {
  return text
    .replace(/\t/g, ' '.repeat(tabWidth))
    .replace(/[\0-\x1f]/g, (character) => String.fromCharCode(0x2400 + character.charCodeAt(0)))
    .replace(/[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** How many columns a terminal gives a text: two for East Asian wide characters and emoji, none for combining marks. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}|\p{Me}|\u200d|\ufe0f/u.test(character)) continue;
    width +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
