import type { Dockerfile } from '../../../../server/src/model/dockerfile.ts';
import type { Instruction } from '../../../../server/src/syntax/dockerfile/tree.ts';
import type { Range } from '../../../../server/src/text/range.ts';
import type { BuildFailure } from '../build.ts';
import { readable } from './messages.ts';
import { commandsOf, type ShellCommand } from './shell.ts';
import { lastTraced, suspects } from './traces.ts';

/** The command of a RUN that failed, or the word in it, when the output or the exit code tells. */
export function failingPart(
  failure: BuildFailure,
  instruction: Instruction,
  dockerfile: Dockerfile,
): Range | undefined {
  const commands = commandsOf(instruction, dockerfile);
  if (commands.length === 0) return undefined;
  const output = failure.output.map(readable);
  const said = [...output, failure.message];
  const known = missingProgram(said, commands) ?? namedPackage(output, commands);
  if (known || commands.length === 1) return known;
  return (
    lastTraced(output, commands)?.range ??
    byItsWords(output, failure.exitCode, commands) ??
    onlySuspect(failure.exitCode, suspects(output, commands))
  );
}

/** The program that a shell, or the runtime, did not find or may not run. */
export function programNotRun(
  said: readonly string[],
): { readonly program: string; readonly reason: 'missing' | 'denied' } | undefined {
  for (const line of said) {
    const [, program, reason] = shellComplaint.exec(line) ?? runtimeComplaint.exec(line) ?? [];
    if (program !== undefined) return { program, reason: /denied/i.test(reason ?? '') ? 'denied' : 'missing' };
  }
  return undefined;
}

// `/bin/sh: foo: not found` (busybox), `/bin/sh: 1: foo: not found` (dash), `bash: line 1: foo: command not found`.
const shellComplaint =
  /^(?:\S*\/)?(?:ba|da|a|z|k)?sh: (?:(?:line )?\d+: )?([^:]+): (not found|command not found|Permission denied|inaccessible or not found)$/;
const runtimeComplaint =
  /exec: "([^"]+)": (executable file not found|(?:stat [^:]+: )?no such file or directory|permission denied)/;

function missingProgram(said: readonly string[], commands: readonly ShellCommand[]): Range | undefined {
  const found = programNotRun(said);
  if (!found) return undefined;
  const using = commands.filter(({ words: [program] }) => program?.value === found.program);
  // In a chain it is the first one that failed, for nothing after it ran.
  const [first] = using;
  if (!first || !(first.isFatal || (using.length === 1 && commands.length === 1))) return undefined;
  return first.words[0]?.range;
}

const packageComplaints: readonly RegExp[] = [
  /^E: Unable to locate package (\S+)$/,
  /^E: Package '([^']+)' has no installation candidate$/,
  /^E: Version '[^']+' for '([^']+)' was not found$/,
  /^ {2}(\S+) \((?:no such package|missing)\):/,
  /No matching distribution found for ([\w.-]+)/,
  /^npm (?:ERR!|error) 404\s+'((?:@[^/']+\/)?[^@']+)@/,
];
const installers = new Set([
  'apt-get',
  'apt',
  'aptitude',
  'apk',
  'pip',
  'pip3',
  'python',
  'python3',
  'npm',
  'uv',
  'sudo',
]);

/** The name of a package that there is none of, where it is written. */
function namedPackage(output: readonly string[], commands: readonly ShellCommand[]): Range | undefined {
  for (const line of output) {
    for (const pattern of packageComplaints) {
      const [, name] = pattern.exec(line) ?? [];
      if (name === undefined) continue;
      const words = commands
        .filter(({ words: [program] }) => installers.has(program?.value ?? ''))
        .flatMap((command) => command.words.slice(1))
        .filter(
          ({ value }) => value === name || (value.startsWith(name) && /^[=:@<>~!/[]/.test(value.slice(name.length))),
        );
      return words.length === 1 ? words[0]?.range : undefined;
    }
  }
  return undefined;
}

// These never say such a thing and end well.
const fileCommands = new Set('cat cd chgrp chmod chown cp install ln mkdir mv rm rmdir touch'.split(' '));
const fileComplaint =
  /^(?:\S*\/)?([a-z]+): (?:.*: )?(?:Permission denied|No such file or directory|Operation not permitted|Read-only file system|File exists|Not a directory|Is a directory|No space left on device)$/i;

interface Telltale {
  readonly programs: readonly string[];
  readonly says: RegExp;
  readonly codes?: readonly number[];
}

// What a program says when it gives up, with the exit code that goes with it.
const telltales: readonly Telltale[] = [
  { programs: ['apt-get', 'apt'], says: /^E: /, codes: [100] },
  { programs: ['apk'], says: /^ERROR: / },
  { programs: ['npm'], says: /^npm (?:ERR!|error) / },
  { programs: ['yarn'], says: /^error (?:Command failed|An unexpected error|Your lockfile)/ },
  { programs: ['pnpm'], says: /ERR_PNPM_/ },
  { programs: ['pip', 'pip3'], says: /^(?:ERROR|error): / },
  { programs: ['git'], says: /^fatal: /, codes: [128] },
  { programs: ['make'], says: /^make: \*\*\* /, codes: [2] },
  { programs: ['cargo'], says: /^error(?:\[E\d+\])?: /, codes: [101] },
  { programs: ['tar'], says: /^tar: (?!Removing)/, codes: [1, 2] },
];

function byItsWords(
  output: readonly string[],
  exitCode: number | undefined,
  commands: readonly ShellCommand[],
): Range | undefined {
  const candidates = new Set<string>();
  for (const line of output) {
    const [, program] = fileComplaint.exec(line) ?? [];
    if (program !== undefined && fileCommands.has(program)) candidates.add(program);
    const [, code] = /^curl: \((\d+)\) /.exec(line) ?? [];
    if (code !== undefined && Number(code) === exitCode) candidates.add('curl');
    for (const { programs, says, codes } of telltales) {
      if (!says.test(line) || (codes && exitCode !== undefined && !codes.includes(exitCode))) continue;
      for (const name of programs) candidates.add(name);
    }
  }
  const blamed = commands.filter(({ words: [program] }) => candidates.has(baseName(program?.value ?? '')));
  const [first] = blamed;
  return blamed.length === 1 && first?.isFatal === true ? first.range : undefined;
}

const cannotFail = new Set(['echo', 'printf', 'set', 'true', ':', 'export', 'umask', 'unset']);

/** Of all commands only one can fail at all; another would have to end with 1 or 2. */
function onlySuspect(exitCode: number | undefined, commands: readonly ShellCommand[]): Range | undefined {
  if (exitCode === undefined || exitCode === 0) return undefined;
  const able = commands.filter(({ words: [program] }) => {
    const name = baseName(program?.value ?? '');
    return !cannotFail.has(name) && !(exitCode > 2 && fileCommands.has(name));
  });
  const exits = able.filter(({ words }) => words[0]?.value === 'exit');
  const [first] = able.length === 1 ? able : [];
  if (!first?.isFatal) return undefined;
  // `exit 0` did not end it with another code.
  if (exits.length > 0 && first.words[1]?.value !== String(exitCode)) return undefined;
  return first.range;
}

function baseName(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}
