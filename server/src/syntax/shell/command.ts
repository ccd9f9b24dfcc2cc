import type { Command, ShellWord } from './script.ts';
import { flagsWithValueOf } from './value-flags.ts';

/*
 * What rules ask of a command. Flags are named without dashes: one letter is `-y`, which may stand among others (`-fmy`), more are `--yes`
 * or, as Java and find write them, `-yes`. What follows `--` is no flag.
 */

/** True when one of the flags is given, with a value or without: `hasFlag(command, 'y', 'yes', 'assume-yes')`. */
export function hasFlag(command: Command, ...names: readonly string[]): boolean {
  return flagWords(command).some(({ value }) => names.some((name) => valueStart(value, name) !== undefined));
}

/**
 * The value of the first of the flags that is given: `--name=value`, `--name value`, `-n value`, `-n=value`, `-nvalue`. Name only flags that
 * take one: of `-fsSL` the value of `s` would be `SL`. Where the flag comes last the value is `undefined`.
 */
export function flagValue(command: Command, ...names: readonly string[]): ShellWord | undefined {
  for (const word of flagWords(command)) {
    for (const name of names) {
      const start = valueStart(word.value, name);
      if (start === undefined) continue;
      return start < word.value.length ? wordFrom(word, start) : command.arguments[command.arguments.indexOf(word) + 1];
    }
  }
  return undefined;
}

/**
 * The arguments that are neither flags nor values of flags: `install` and `curl` of `apt-get -o A=b -qy install curl`. Which flags take the
 * next word as value is known for common programs; for others it has to be said, or their values are taken for operands.
 */
export function operands(command: Command, flagsWithValue = flagsWithValueOf(command.program)): readonly ShellWord[] {
  const found: ShellWord[] = [];
  const { arguments: words } = command;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (!word) continue;
    if (word.value === '--') return [...found, ...words.slice(i + 1)];
    if (!isFlag(word)) found.push(word);
    else if (takesNext(word.value, flagsWithValue)) i++;
  }
  return found;
}

/** The first operand: `install` of `pip --no-cache-dir install x`, `clone` of `git -C dir clone url`. Case as written. */
export function subcommand(command: Command, flagsWithValue?: readonly string[]): ShellWord | undefined {
  return operands(command, flagsWithValue)[0];
}

/** The arguments that begin with a dash, up to `--`. */
function flagWords(command: Command): readonly ShellWord[] {
  const end = command.arguments.findIndex(({ value }) => value === '--');
  return (end < 0 ? command.arguments : command.arguments.slice(0, end)).filter(isFlag);
}

function isFlag({ value }: ShellWord): boolean {
  return value.startsWith('-') && value.length > 1;
}

/** Where in a word of flags the value of one begins, the word's length when it is another word; `undefined` without that flag. */
function valueStart(value: string, name: string): number | undefined {
  if (name.length > 1) {
    const dashes = value.startsWith('--') ? 2 : 1;
    if (!value.startsWith(name, dashes)) return undefined;
    const end = dashes + name.length;
    if (end === value.length) return end;
    return value[end] === '=' ? end + 1 : undefined;
  }
  if (value.startsWith('--')) return undefined;
  const letters = /^-[A-Za-z0-9]*/.exec(value)?.[0] ?? '';
  const at = letters.indexOf(name, 1);
  if (at < 0) return undefined;
  return value[at + 1] === '=' ? at + 2 : at + 1;
}

function takesNext(value: string, flagsWithValue: readonly string[]): boolean {
  if (flagsWithValue.includes(value.replace(/^--?/, ''))) return true;
  if (value.startsWith('--')) return false;
  for (let i = 1; i < value.length; i++) {
    if (flagsWithValue.includes(value.charAt(i))) return i + 1 === value.length;
    if (!/[A-Za-z0-9]/.test(value.charAt(i))) return false;
  }
  return false;
}

/** What follows the flag in its own word; its range is exact where the word has neither quotes nor escapes. */
function wordFrom(word: ShellWord, start: number): ShellWord {
  const value = word.value.slice(start);
  const isPlain = word.range.end - word.range.start === word.value.length;
  return isPlain
    ? { ...word, text: value, value, range: { start: word.range.start + start, end: word.range.end } }
    : { ...word, value };
}
