import { readable } from './messages.ts';
import type { ShellCommand } from './shell.ts';

/** The command that `set -x` wrote down last: nothing ran after it. */
export function lastTraced(output: readonly string[], commands: readonly ShellCommand[]): ShellCommand | undefined {
  const traced = output.map(readable).findLast((line) => line.startsWith('+ '));
  if (traced === undefined) return undefined;
  const ran = bare(traced.slice(2));
  const alike = commands.filter(({ words }) => {
    const written = bare(words.map(({ value }) => value).join(' '));
    const [known = ''] = written.split(/[$`*?]/, 1);
    return known === written ? written === ran : known !== '' && ran.startsWith(known);
  });
  const [only] = alike;
  return alike.length === 1 && only?.isFatal === true ? only : undefined;
}

/** How much of the output is known; of more only the end is. */
const keptLines = 20;

/**
 * The commands of a chain that can have failed, as far as its own `echo` tell: what came before one that was heard did not fail, what comes
 * after one that was not did not even run.
 */
export function suspects(output: readonly string[], commands: readonly ShellCommand[]): readonly ShellCommand[] {
  if (!commands.every(({ isFatal }) => isFatal)) return commands;
  const lines = output.map(readable);
  const said = commands.map(saidBy);
  // Said twice, it may be either.
  const isClear = (text: string): boolean => said.indexOf(text) === said.lastIndexOf(text);
  const heard = said.map((text) => text !== undefined && isClear(text) && lines.includes(text));
  const last = heard.lastIndexOf(true);
  const isWhole = lines.length < keptLines;
  const silent = said.findIndex((text, index) => index > last && text !== undefined && isClear(text) && isWhole);
  return commands.slice(last + 1, silent < 0 ? undefined : silent);
}

/** The line that a plain `echo` writes; nothing where it is written elsewhere, or where the shell still has a say. */
function saidBy({ words: [program, ...rest], isRedirected }: ShellCommand): string | undefined {
  if (program?.value !== 'echo' || isRedirected) return undefined;
  const text = rest.map(({ value }) => value).join(' ');
  return text.length < 4 || /^-|[$`*?~\\{]/.test(text) ? undefined : text.trimEnd();
}

/** Shells quote what they trace each in their own way. */
function bare(text: string): string {
  return text.replace(/['"\\\s]/g, '');
}
