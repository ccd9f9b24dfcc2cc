import { indentationAt, newlineOf } from '../text/lines.ts';
import type { Edit } from '../text/problem.ts';
import type { Instruction } from '../syntax/dockerfile/tree.ts';
import type { Dockerfile } from './dockerfile.ts';

/**
 * Edits that run one more command at the end of a RUN, laid out as the RUN is: behind `&&` on the same line, on a line of its own, or as a line of the
 * heredoc. `undefined` where no command can be added: exec form, or text that a shell may read otherwise.
 */
export function appendCommand(
  dockerfile: Dockerfile,
  instruction: Instruction,
  command: string,
): readonly Edit[] | undefined {
  const { text, tree } = dockerfile;
  if (instruction.json || dockerfile.shellOf(instruction).kind !== 'posix') return undefined;
  const newline = newlineOf(text);
  const [heredoc] = instruction.heredocs;
  if (heredoc) {
    const isScript = instruction.words.length === 1 && heredoc.terminator !== undefined;
    const [firstLine = ''] = text.slice(heredoc.body.start).split('\n', 1);
    if (!isScript || (firstLine.startsWith('#!') && !/\/(?:env\s+)?(?:ba|da|a)?sh\b/.test(firstLine))) return undefined;
    const at = heredoc.body.end;
    const indentation = indentationAt(text, heredoc.body.start);
    return [{ range: { start: at, end: at }, text: `${indentation}${command}${newline}` }];
  }
  const { start, end } = instruction.argumentsRange;
  const written = text.slice(start, end);
  if (/(?:[&|]|\\;)$|#[^\n]*$/.test(written)) return undefined;
  const layout = { newline, escape: tree.escape, continued: instruction.gaps.length > 0 };
  return [{ range: { start: end, end }, text: joined(written, command, layout) }];
}

interface Layout {
  readonly newline: string;
  readonly escape: string;
  readonly continued: boolean;
}

function joined(written: string, command: string, { newline, escape, continued }: Layout): string {
  const isEnded = written.endsWith(';');
  if (!continued) return isEnded ? ` ${command}` : ` && ${command}`;
  const lines = written.split('\n');
  const separator = escape === '`' ? '`' : '\\\\';
  const leading = lines.slice(1).findLast((line) => /^\s*&&/.test(line));
  if (leading !== undefined && !isEnded) return ` ${escape}${newline}${indentationOf(leading)}&& ${command}`;
  for (const joint of ['&&', ';']) {
    const last = lines.findLastIndex((line) => new RegExp(`${joint}\\s*${separator}\\s*$`).test(line));
    if (last < 0) continue;
    const next = lines.slice(last + 1).find((line) => !isDropped(line, separator)) ?? '';
    const end = isEnded ? '' : joint === ';' ? ';' : ' &&';
    return `${end} ${escape}${newline}${indentationOf(next)}${command}`;
  }
  return isEnded ? ` ${command}` : ` ${escape}${newline}    && ${command}`;
}

/** A comment, or nothing but the escape that goes on with the next line. */
function isDropped(line: string, separator: string): boolean {
  return new RegExp(`^\\s*(?:#.*|${separator}?\\s*)$`).test(line);
}

function indentationOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? '';
}
