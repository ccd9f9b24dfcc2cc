import { emptyScript, type Script, type ShellParser } from '../syntax/shell/script.ts';
import type { Heredoc, Instruction } from '../syntax/dockerfile/tree.ts';
import type { Range } from '../text/range.ts';
import type { ShellInForce } from './dockerfile.ts';

const shellKeywords = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK']);
const posixShebang = /^#!\s*\S*\/(?:env\s+(?:-S\s+)?)?(?:ba|da|a|z|k)?sh\b/;

/** The part of an instruction that is executed, without flags and without HEALTHCHECK's `CMD`; `undefined` when nothing is. */
function executedRange(instruction: Instruction): Range | undefined {
  if (!shellKeywords.has(instruction.keyword)) return undefined;
  const { start, end } = instruction.argumentsRange;
  if (instruction.keyword !== 'HEALTHCHECK') return { start, end };
  const [type] = instruction.words;
  if (type?.value.toUpperCase() !== 'CMD') return undefined;
  const second = instruction.json?.[0]?.range ?? instruction.words[1]?.range;
  return { start: instruction.json ? type.range.end : (second?.start ?? end), end };
}

/** The commands of an instruction's shell form, exec form or heredocs. */
export function readScript(text: string, instruction: Instruction, shell: ShellInForce, parser: ShellParser): Script {
  const executed = executedRange(instruction);
  if (!executed || executed.start >= executed.end) return emptyScript;
  if (instruction.json) {
    return parser.parseExec(
      instruction.json.map(({ value, range }) => ({ text: text.slice(range.start, range.end), value, range })),
    );
  }

  const [heredoc] = instruction.heredocs;
  if (heredoc && instruction.words.length === 1) return heredocScript(text, heredoc, shell, parser);
  if (shell.kind !== 'posix') return emptyScript;
  const everything = { start: executed.start, end: instruction.range.end };
  return parser.parse(shellSource(text, everything, instruction.gaps), everything.start);
}

/** Whether one of the words is in the text of an instruction that executes something. */
export function mentionsAny(text: string, instruction: Instruction, words: readonly string[]): boolean {
  if (!shellKeywords.has(instruction.keyword)) return false;
  const source = text.slice(instruction.argumentsRange.start, instruction.range.end);
  return words.some((word) => source.includes(word));
}

/** `RUN <<EOF`: the body is the script, run by the shell in force or by its own `#!` line. */
function heredocScript(text: string, heredoc: Heredoc, shell: ShellInForce, parser: ShellParser): Script {
  const body = text.slice(heredoc.body.start, heredoc.body.end);
  const isPosix = body.startsWith('#!') ? posixShebang.test(body) : shell.kind === 'posix';
  return isPosix ? parser.parse(body, heredoc.body.start) : emptyScript;
}

/**
 * What the shell is given, as long as the range it stands for: dropped lines become blanks, the escape character becomes the shell's own
 * backslash right before the line break.
 */
function shellSource(text: string, range: Range, gaps: readonly Range[]): string {
  let source = '';
  let next = range.start;
  for (const gap of gaps) {
    if (gap.end <= range.start || gap.start >= range.end) continue;
    source += text.slice(next, gap.start) + shellGap(text.slice(gap.start, gap.end));
    next = gap.end;
  }
  return source + text.slice(next, Math.max(next, range.end));
}

/** A dropped line is all blanks; of an escape with white space and a line break, a backslash and the break are left. */
function shellGap(dropped: string): string {
  const [, lineBreak] = /^[\\`][ \t]*(\r?\n)$/.exec(dropped) ?? [];
  if (lineBreak === undefined) return ' '.repeat(dropped.length);
  return `${' '.repeat(dropped.length - 1 - lineBreak.length)}\\${lineBreak}`;
}
