import type { Instruction } from '../syntax/dockerfile/tree.ts';
import type { Dockerfile } from './dockerfile.ts';

export interface ExecForm {
  /** The JSON array. */
  readonly text: string;
  /** True when the array starts the very program that the shell would, with the same arguments. */
  readonly isSame: boolean;
}

/** Only a shell knows these; there is no program to start. */
const builtins = new Set([
  'cd',
  'exit',
  'export',
  'set',
  'unset',
  'source',
  '.',
  ':',
  'eval',
  'trap',
  'ulimit',
  'umask',
  'wait',
  'read',
  'type',
  'alias',
  'if',
  'for',
  'while',
]);

/** The exec form of a shell-form instruction, when it is one program that is started. */
export function execForm(dockerfile: Dockerfile, instruction: Instruction): ExecForm | undefined {
  const { start, end } = instruction.argumentsRange;
  const written = dockerfile.text.slice(start, end);
  if (looksLikeArray(written)) return fromBrokenArray(written);
  const script = dockerfile.script(instruction);
  const [command] = script.commands;
  if (!command || script.errors.length > 0 || script.pipelines.length > 0) return undefined;
  const isOnly = script.commands.every(
    (other) => other === command || (other.runBy !== undefined && other.range.start >= command.range.start),
  );
  const isWhole = command.range.start === start && command.range.end === end && command.joinedBy === undefined;
  if (!isOnly || !isWhole || command.inside.length > 0 || command.redirections.length > 0) return undefined;
  if (command.program === undefined || builtins.has(command.program)) return undefined;
  if (command.assignments.length === 0 && command.words.every((word) => word.isLiteral && !hasPattern(word.text))) {
    // Without a `#!` line the kernel cannot start a script; a shell would.
    const isSame = !command.program.endsWith('.sh');
    return { text: jsonArray(command.words.map(({ value }) => value)), isSame };
  }
  const parts = [...command.assignments, ...command.words].map(({ range }) =>
    dockerfile.text.slice(range.start, range.end),
  );
  if (parts.some((part) => part.includes('\n'))) return undefined;
  const words = parts.toSpliced(command.assignments.length, 0, 'exec');
  // Variables need a shell; `exec` makes the program take the shell's place, so that it gets the signals.
  return { text: jsonArray(['sh', '-c', words.join(' ')]), isSame: false };
}

/** True for `[node, 'x']`, meant as an array, but not for the tests `[ "$A" = b ]` and `[ -f a ] && b`. */
export function looksLikeArray(written: string): boolean {
  return /^\[[^]*\]$/.test(written) && !/&&|\|\||;|\s(?:[!=]?=|-[a-zA-Z]{1,2})\s/.test(written);
}

const element = /\s*(?:"([^"\\]*)"|'([^'\\]*)'|[“”„]([^“”"\\]*)[“”]|([\w./:=@%+-]+))(?:\s*,|\s+|$)/y;

/** `['node', 'server.js']`, `[node, server.js]`, `["node", "server.js",]`: JSON knows double quotes only, and a comma between elements only. */
function fromBrokenArray(written: string): ExecForm | undefined {
  const inner = written.slice(1, -1).trim();
  const elements: string[] = [];
  element.lastIndex = 0;
  for (let end = 0; end < inner.length; end = element.lastIndex) {
    const found = element.exec(inner);
    if (!found) return undefined;
    elements.push(found.slice(1).join(''));
  }
  return elements.length === 0 ? undefined : { text: jsonArray(elements), isSame: false };
}

/** Unquoted `*`, `?`, `~` and the like are for the shell to fill in. */
function hasPattern(word: string): boolean {
  return /[*?[~{]/.test(word.replace(/'[^']*'|"(?:\\[^]|[^"\\])*"|\\[^]/g, ''));
}

function jsonArray(elements: readonly string[]): string {
  return `[${elements.map((each) => JSON.stringify(each)).join(', ')}]`;
}
