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
    if (!isScript || text.startsWith('#!', heredoc.body.start)) return undefined;
    const at = heredoc.body.end;
    return [{ range: { start: at, end: at }, text: `${indentationAt(text, at)}${command}${newline}` }];
  }
  const { start, end } = instruction.argumentsRange;
  const written = text.slice(start, end);
  if (/[;&|]$|#[^\n]*$/.test(written)) return undefined;
  return [
    {
      range: { start: end, end },
      text: joined(written, command, {
        text,
        end,
        newline,
        escape: tree.escape,
        continued: instruction.gaps.length > 0,
      }),
    },
  ];
}

interface Layout {
  readonly text: string;
  readonly end: number;
  readonly newline: string;
  readonly escape: string;
  readonly continued: boolean;
}

function joined(written: string, command: string, { text, end, newline, escape, continued }: Layout): string {
  if (!continued) return ` && ${command}`;
  const lines = written.split('\n');
  const next = `${newline}${indentationAt(text, end)}`;
  const separator = escape === '`' ? '`' : '\\\\';
  if (lines.slice(1).some((line) => /^\s*&&/.test(line)))
    return ` ${escape}${newline}${indentationOf(lines, /^\s*&&/)}&& ${command}`;
  if (new RegExp(`&&\\s*${separator}\\s*$`, 'm').test(written)) return ` && ${escape}${next}${command}`;
  if (new RegExp(`;\\s*${separator}\\s*$`, 'm').test(written)) return `; ${escape}${next}${command}`;
  return ` ${escape}${newline}    && ${command}`;
}

function indentationOf(lines: readonly string[], pattern: RegExp): string {
  return /^\s*/.exec(lines.findLast((line) => pattern.test(line)) ?? '')?.[0] ?? '';
}
