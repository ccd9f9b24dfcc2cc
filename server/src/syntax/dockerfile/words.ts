import type { Range } from '../../text/range.ts';
import type { JsonElement, Word } from './tree.ts';

/** Stands for a dropped character, so that offsets stay those of the document. Never white space, never part of a word's text. */
const dropped = '\0';
const droppedCharacters = /\0+/g;

/** The text of a range with what the builder drops blanked out: as long as the range, so offsets carry over. */
export function logicalText(text: string, range: Range, gaps: readonly Range[]): string {
  const inside = gaps.filter((gap) => gap.start < range.end && gap.end > range.start);
  if (inside.length === 0) return text.slice(range.start, range.end);
  let logical = '';
  let next = range.start;
  for (const gap of inside) {
    const from = Math.max(gap.start, next);
    const to = Math.min(gap.end, range.end);
    logical += text.slice(next, from) + dropped.repeat(Math.max(0, to - from));
    next = Math.max(to, next);
  }
  return logical + text.slice(next, range.end);
}

/** Text without the marks of what was dropped. */
export function withoutDropped(logical: string): string {
  return logical.includes(dropped) ? logical.replace(droppedCharacters, '') : logical;
}

/** By hand: `/\0+$/` takes the square of the length of what is dropped in the middle. */
export function withoutDroppedEnd(logical: string): string {
  let end = logical.length;
  while (end > 0 && logical[end - 1] === dropped) end--;
  return logical.slice(0, end);
}

/** Splits at white space, and only there: how the builder reads FROM, COPY, EXPOSE, ... */
export function plainWords(logical: string, offset: number, escape: string): Word[] {
  const words: Word[] = [];
  for (const match of logical.matchAll(/[^\s\0][^\s]*/g)) {
    const raw = withoutDroppedEnd(match[0]);
    words.push(wordOf(raw, offset + match.index, escape));
  }
  return words;
}

/** Splits at white space outside quotes: how the builder reads ENV, LABEL and ARG, and finds heredocs. */
export function quotedWords(logical: string, offset: number, escape: string, limit = Number.POSITIVE_INFINITY): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < logical.length && words.length < limit) {
    while (at < logical.length && isSpaceOrDropped(logical.charCodeAt(at))) at++;
    if (at >= logical.length) break;
    const end = endOfQuotedWord(logical, at, escape);
    words.push(wordOf(withoutDroppedEnd(logical.slice(at, end)), offset + at, escape));
    at = end;
  }
  return words;
}

/** Text without quotes and escapes, as the builder's word processing leaves it; variables stay as written. */
export function unquote(text: string, escape: string): string {
  if (!/["'\\`]/.test(text)) return text;
  let value = '';
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (quote === "'") {
      if (character === "'") quote = '';
      else value += character;
    } else if (character === escape && i + 1 < text.length) {
      const next = text[i + 1] ?? '';
      const keepsEscape = quote === '"' && next !== '"' && next !== '$' && next !== escape;
      // An escaped dollar stays escaped: what comes after must still see that it is no variable.
      value += keepsEscape || next === '$' ? character + next : next;
      i++;
    } else if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else value += character;
  }
  return value;
}

/** The strings of a JSON array, if the whole text is one, as the exec form demands. */
export function jsonElements(logical: string, offset: number): JsonElement[] | undefined {
  const elements: JsonElement[] = [];
  let at = skipSpace(logical, 0);
  if (logical[at] !== '[') return undefined;
  at = skipSpace(logical, at + 1);
  if (logical[at] === ']') return skipSpace(logical, at + 1) === logical.length ? elements : undefined;
  for (;;) {
    if (logical[at] !== '"') return undefined;
    const end = endOfJsonString(logical, at);
    const value = end === undefined ? undefined : parseJsonString(withoutDropped(logical.slice(at, end)));
    if (end === undefined || value === undefined) return undefined;
    elements.push({ value, range: { start: offset + at, end: offset + end } });
    at = skipSpace(logical, end);
    if (logical[at] === ']') return skipSpace(logical, at + 1) === logical.length ? elements : undefined;
    if (logical[at] !== ',') return undefined;
    at = skipSpace(logical, at + 1);
  }
}

function wordOf(raw: string, start: number, escape: string): Word {
  const text = withoutDropped(raw);
  return { text, value: unquote(text, escape), range: { start, end: start + raw.length } };
}

function endOfQuotedWord(logical: string, from: number, escape: string): number {
  let quote = '';
  for (let i = from; i < logical.length; i++) {
    const character = logical[i] ?? '';
    if (character === escape && quote !== "'") i++;
    else if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (isSpace(logical.charCodeAt(i))) return i;
  }
  return logical.length;
}

function endOfJsonString(logical: string, quote: number): number | undefined {
  for (let i = quote + 1; i < logical.length; i++) {
    if (logical[i] === '\\') i++;
    else if (logical[i] === '"') return i + 1;
  }
  return undefined;
}

function parseJsonString(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    // An escape that JSON does not know: the builder then takes the whole line for shell form, and so do we.
    return undefined;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpaceOrDropped(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isSpaceOrDropped(code: number): boolean {
  return code === 0 || isSpace(code);
}
