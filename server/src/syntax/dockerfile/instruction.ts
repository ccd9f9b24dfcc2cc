import type { Range } from '../../text/range.ts';
import { readHeredocs } from './heredocs.ts';
import { unusualKeyword } from './keyword.ts';
import { logicalLineAt } from './lines.ts';
import type { Comment, Flag, Heredoc, Instruction, JsonElement, Word } from './tree.ts';
import { jsonElements, logicalText, plainWords, quotedWords, withoutDropped, withoutDroppedEnd } from './words.ts';

export interface InstructionReading {
  readonly instruction: Instruction;
  readonly comments: readonly Comment[];
  /** Where the text after it starts. */
  readonly nextLine: number;
}

/** Instructions whose arguments may be a JSON array. */
const jsonKeywords = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'SHELL', 'COPY', 'ADD', 'VOLUME']);
/** Instructions whose words may be quoted. */
const quotingKeywords = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'ENV', 'LABEL', 'ARG']);
const heredocKeywords = new Set(['RUN', 'COPY', 'ADD']);

/** The instruction that begins at `start`, which is not white space and not a comment. */
export function readInstruction(text: string, start: number, escape: string): InstructionReading {
  const line = logicalLineAt(text, start, escape);
  const keyword = unusualKeyword(text, line);
  const { instruction, nextLine } = read(text, line, line.nextLine, escape, false, keyword);
  return { instruction, comments: line.comments, nextLine };
}

interface Piece {
  readonly range: Range;
  readonly gaps: readonly Range[];
  readonly emptyLines: readonly Range[];
}

function read(
  text: string,
  piece: Piece,
  bodiesFrom: number,
  escape: string,
  isTrigger: boolean,
  knownKeyword?: string,
): { readonly instruction: Instruction; readonly nextLine: number } {
  const { range: lineRange, gaps, emptyLines } = piece;
  const logical = logicalText(text, lineRange, gaps);
  // The line may begin with an escape and go on, indented, on the next.
  const keywordLength = withoutDroppedEnd(/^[\s\0]*[^\s]+/.exec(logical)?.[0] ?? '').length;
  const keyword = (knownKeyword ?? withoutDropped(logical.slice(0, keywordLength)).trim()).toUpperCase();
  const flags = readFlags(logical, keywordLength, lineRange.start, escape);
  const afterFlags = flags.at(-1)?.range.end ?? lineRange.start + keywordLength;
  const argumentsStart = skipDroppedAndSpace(logical, afterFlags - lineRange.start) + lineRange.start;
  const argumentsRange = { start: Math.min(argumentsStart, lineRange.end), end: lineRange.end };
  const rest = logical.slice(argumentsRange.start - lineRange.start);
  const base = {
    keyword,
    keywordRange: { start: lineRange.start, end: lineRange.start + keywordLength },
    argumentsRange,
    flags,
    emptyLines,
    gaps,
    isTrigger,
  };

  if (keyword === 'ONBUILD' && argumentsRange.start < argumentsRange.end && !isTrigger) {
    const inner = read(text, { ...piece, range: argumentsRange }, bodiesFrom, escape, true);
    const { heredocs } = inner.instruction;
    const range = { start: lineRange.start, end: inner.instruction.range.end };
    return {
      instruction: {
        ...base,
        range,
        heredocs,
        words: plainWords(rest, argumentsRange.start, escape),
        trigger: inner.instruction,
      },
      nextLine: inner.nextLine,
    };
  }

  const json = jsonKeywords.has(keyword) ? readJson(keyword, rest, argumentsRange.start) : undefined;
  const hasHeredocs = heredocKeywords.has(keyword) && json === undefined && rest.includes('<<');
  const heredocs: readonly Heredoc[] = hasHeredocs
    ? readHeredocs(text, quotedWords(rest, argumentsRange.start, escape), bodiesFrom)
    : [];
  const last = heredocs.at(-1);
  const end = last ? (last.terminator?.end ?? last.body.end) : lineRange.end;
  let words: readonly Word[] | undefined;
  const instruction: Instruction = {
    ...base,
    range: { start: lineRange.start, end },
    heredocs,
    ...(json && { json }),
    // Shell text is long and its words are seldom asked for, so they are split when they are.
    get words() {
      words ??= quotingKeywords.has(keyword)
        ? quotedWords(rest, argumentsRange.start, escape)
        : plainWords(rest, argumentsRange.start, escape);
      return words;
    },
  };
  return { instruction, nextLine: last ? afterHeredoc(text, last) : bodiesFrom };
}

/** Flags stand before everything else: words that begin with `--`, up to the first that does not or that is only `--`. */
function readFlags(logical: string, from: number, offset: number, escape: string): Flag[] {
  const flags: Flag[] = [];
  let at = skipLooseEscapes(logical, from, escape);
  while (logical.startsWith('--', at)) {
    const [word] = quotedWords(logical.slice(at), offset + at, escape, 1);
    if (!word || word.text === '--') break;
    const equals = word.text.indexOf('=');
    const nameEnd = equals < 0 ? word.range.end : word.range.start + logical.slice(at).indexOf('=');
    flags.push({
      name: equals < 0 ? word.text.slice(2) : word.text.slice(2, equals),
      range: word.range,
      nameRange: { start: word.range.start + 2, end: nameEnd },
      ...(equals >= 0 && {
        value: word.value.slice(word.value.indexOf('=') + 1),
        valueRange: { start: nameEnd + 1, end: word.range.end },
      }),
    });
    at = skipLooseEscapes(logical, word.range.end - offset, escape);
  }
  return flags;
}

/** An escape that lost its line break stands between flags as a word of its own; flags are still meant behind it. */
function skipLooseEscapes(logical: string, from: number, escape: string): number {
  const at = skipDroppedAndSpace(logical, from);
  const isLoose = logical[at] === escape && /[ \t]/.test(logical[at + 1] ?? '');
  const next = isLoose ? skipDroppedAndSpace(logical, at + 1) : at;
  return logical.startsWith('--', next) ? next : at;
}

function readJson(keyword: string, rest: string, offset: number): JsonElement[] | undefined {
  if (keyword !== 'HEALTHCHECK') return jsonElements(rest, offset);
  const type = /^cmd(?=[\s\0[])/i.exec(rest);
  return type ? jsonElements(rest.slice(type[0].length), offset + type[0].length) : undefined;
}

function afterHeredoc(text: string, heredoc: Heredoc): number {
  if (!heredoc.terminator) return text.length;
  const newline = text.indexOf('\n', heredoc.terminator.end);
  return newline < 0 ? text.length : newline + 1;
}

function skipDroppedAndSpace(logical: string, from: number): number {
  let at = from;
  while (at < logical.length && /[\s\0]/.test(logical[at] ?? '')) at++;
  return at;
}
