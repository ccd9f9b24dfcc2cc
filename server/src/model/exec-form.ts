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
  if (written.startsWith('[')) return fromBrokenArray(written);
  const script = dockerfile.script(instruction);
  const [command] = script.commands;
  if (!command || script.errors.length > 0 || script.pipelines.length > 0) return undefined;
  const isOnly = script.commands.every(
    (other) => other === command || (other.runBy !== undefined && other.range.start >= command.range.start),
  );
  const isWhole = command.range.start === start && command.range.end === end && command.joinedBy === undefined;
  if (!isOnly || !isWhole || command.inside.length > 0 || command.redirections.length > 0) return undefined;
  if (command.program === undefined || builtins.has(command.program)) return undefined;
  const isLiteral =
    command.assignments.length === 0 && command.words.every((word) => word.isLiteral && !hasPattern(word.text));
  if (isLiteral) return { text: jsonArray(command.words.map(({ value }) => value)), isSame: true };
  if (instruction.gaps.length > 0 || command.assignments.length > 0) return undefined;
  // Variables need a shell; `exec` makes the program take the shell's place, so that it gets the signals.
  return { text: jsonArray(['sh', '-c', `exec ${written}`]), isSame: false };
}

/** `['node', 'server.js']`: JSON knows double quotes only. */
function fromBrokenArray(written: string): ExecForm | undefined {
  if (!/^\[\s*'[^'"\\]*'(?:\s*,\s*'[^'"\\]*')*\s*\]$/.test(written)) return undefined;
  const elements = [...written.matchAll(/'([^']*)'/g)].map(([, element]) => element ?? '');
  return { text: jsonArray(elements), isSame: false };
}

/** Unquoted `*`, `?`, `~` and the like are for the shell to fill in. */
function hasPattern(word: string): boolean {
  return /^[^"']*[*?[~{]/.test(word);
}

function jsonArray(elements: readonly string[]): string {
  return `[${elements.map((element) => JSON.stringify(element)).join(', ')}]`;
}
