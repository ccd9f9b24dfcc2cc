import { hasFlag, operands } from '../syntax/shell/command.ts';
import type { Command, Script, ShellWord } from '../syntax/shell/script.ts';

/** One call of apt-get, apt or aptitude. */
export interface AptCall {
  readonly command: Command;
  readonly action: string;
  /** The word that says what to do: `install`. */
  readonly actionWord: ShellWord;
}

/** Words that must be in a text for apt to be called in it. */
export const aptMentions = ['apt'] as const;

const programs = new Set(['apt-get', 'apt', 'aptitude']);

export function aptCalls(script: Script): AptCall[] {
  return script.commands.flatMap((command) => {
    if (command.program === undefined || !programs.has(command.program)) return [];
    const [actionWord] = operands(command);
    return actionWord ? [{ command, action: actionWord.value, actionWord }] : [];
  });
}

/** Whether apt answers its own questions with yes. */
export function assumesYes(command: Command): boolean {
  if (hasFlag(command, 'y', 'yes', 'assume-yes')) return true;
  if (command.arguments.some(({ text }) => /assume-yes/i.test(text))) return true;
  return quietness(command) >= 2;
}

/** `-qq`, `-q -q`, `-q=2` and `--quiet --quiet` imply yes. */
function quietness(command: Command): number {
  let level = 0;
  for (const { value } of command.arguments) {
    if (/^(?:-q|--quiet)=\d+$/.test(value)) level += Number(value.slice(value.indexOf('=') + 1));
    else if (value === '--quiet') level += 1;
    else if (/^-[a-zA-Z]+$/.test(value)) level += value.split('q').length - 1;
  }
  return level;
}
