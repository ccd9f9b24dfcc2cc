import type { Range } from '../../../../server/src/text/range.ts';

/** A line of a `.dockerignore` that counts. */
interface Pattern {
  readonly matches: (path: string) => boolean;
  readonly isException: boolean;
  /** As it is matched: cleaned, without its `!`. */
  readonly pattern: string;
  readonly line: IgnoreLine;
}

export interface IgnoreLine {
  /** As written, trimmed. */
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
  readonly range: Range;
}

/**
 * The line of a `.dockerignore` that keeps a path out of the context; `undefined` when none does. The last line that matches a path or a
 * folder it is in decides, as Docker has it.
 */
export function hidingLine(text: string, path: string): IgnoreLine | undefined {
  const parts = path.split('/');
  const pathAndParents = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  const last = patternsOf(text).findLast(({ matches }) => pathAndParents.some(matches));
  return last?.isException === false ? last.line : undefined;
}

/** The line that makes an exception for exactly this path; `undefined` for names that no line can hold. */
export function exceptionFor(path: string): string | undefined {
  if (/[\r\n]|^\s|\s$/.test(path)) return undefined;
  return `!${path.replace(/[\\*?[\]]/g, '\\$&')}`;
}

/** What a `.dockerignore` leaves out, for a walk from the context's root down. */
export interface IgnoreRules {
  /** Which line decides about a path: the later of what decides about the folder it is in (`above`) and of what matches itself; -1 for none. */
  readonly decides: (path: string, above: number) => number;
  readonly hides: (line: number) => boolean;
  /** Whether anything below a folder that is left out may be an exception. */
  readonly mayReviveBelow: (folder: string, line: number) => boolean;
}

export function ignoreRules(text: string): IgnoreRules {
  const patterns = patternsOf(text);
  return {
    decides(path, above) {
      for (let i = patterns.length - 1; i > above; i--) if (patterns[i]?.matches(path) === true) return i;
      return above;
    },
    hides: (line) => patterns[line]?.isException === false,
    mayReviveBelow: (folder, line) =>
      patterns.some(({ isException, pattern }, index) => isException && index > line && mayBeBelow(pattern, folder)),
  };
}

/** Whether a pattern may match something below the folder, as far as its plain first parts tell. */
function mayBeBelow(pattern: string, folder: string): boolean {
  const parts = pattern.split('/');
  const isPlain = (part: string): boolean => !/[*?[\\]/.test(part);
  for (const [index, name] of folder.split('/').entries()) {
    const part = parts[index];
    if (part === undefined) return false;
    if (!isPlain(part)) return true;
    if (part !== name) return false;
  }
  return true;
}

function patternsOf(text: string): readonly Pattern[] {
  const patterns: Pattern[] = [];
  let start = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const bare = index === 0 ? line.replace(/^\uFEFF/, '') : line;
    const written = bare.trim();
    const at = start + line.indexOf(written);
    start += line.length + 1;
    // A `#` is a comment only as the very first character.
    if (written === '' || bare.startsWith('#')) continue;
    const isException = written.startsWith('!');
    const pattern = clean(isException ? written.slice(1).trim() : written);
    if (pattern === undefined) continue;
    const expression = expressionOf(pattern);
    if (!expression) continue;
    patterns.push({
      matches: (path) => expression.test(path),
      isException,
      pattern,
      line: { text: written, number: index + 1, range: { start: at, end: at + written.length } },
    });
  }
  return patterns;
}

/** Without `.`, `..`, doubled and leading slashes; `undefined` for what stands for the whole context, which is never left out. */
function clean(pattern: string): string | undefined {
  const parts: string[] = [];
  for (const part of pattern.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part === '..' && pattern.startsWith('/')) continue;
    // Two in a row are no more than one, but take far longer to match.
    else if (part !== '' && part !== '.' && !(part === '**' && parts.at(-1) === '**')) parts.push(part);
  }
  return parts.length === 0 ? undefined : parts.join('/');
}

/** Docker's own translation: `**` goes through folders, `*` and `?` do not, `[...]` and `\` are as in Go's filepath.Match. */
function expressionOf(pattern: string): RegExp | undefined {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    if (character === '*' && pattern[i + 1] === '*') {
      i++;
      if (pattern[i + 1] === '/') i++;
      source += i + 1 === pattern.length ? '.*' : '(?:.*/)?';
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '[') {
      const end = classEnd(pattern, i);
      if (end === undefined) return undefined;
      source += pattern.slice(i, end).replace(/^\[(\^?)\[/, '[$1\\[');
      i = end - 1;
    } else if (character === '\\' && i + 1 < pattern.length) {
      i++;
      source += escaped(pattern.charAt(i));
    } else source += escaped(character);
  }
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    // Docker refuses the whole file then, which is another failure.
    return undefined;
  }
}

function classEnd(pattern: string, start: number): number | undefined {
  for (let i = start + 1; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === ']' && i > start + 1 && pattern.slice(start, i) !== '[^') return i + 1;
  }
  return undefined;
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
}
