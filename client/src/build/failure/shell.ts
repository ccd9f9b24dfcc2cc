import type { Dockerfile } from '../../../../server/src/model/dockerfile.ts';
import type { Instruction } from '../../../../server/src/syntax/dockerfile/tree.ts';
import type { Range } from '../../../../server/src/text/range.ts';

/** A command of a RUN, found without a shell's grammar: enough to underline it, and careful where it is more than words. */
export interface ShellCommand {
  /** The program and its arguments, without assignments and redirections. */
  readonly words: readonly ShellWord[];
  /** From the first assignment or word to the last word. */
  readonly range: Range;
  /** When it fails, the RUN fails, for all we can tell. */
  readonly isFatal: boolean;
  /** What it writes may go elsewhere; to standard error, too, is none. */
  readonly isRedirected: boolean;
}

export interface ShellWord {
  readonly value: string;
  readonly range: Range;
}

export function commandsOf(instruction: Instruction, dockerfile: Dockerfile): readonly ShellCommand[] {
  if (instruction.keyword !== 'RUN') return [];
  const { text } = dockerfile;
  if (instruction.json) {
    const words = instruction.json.map(({ value, range }) => ({
      value,
      range: { start: range.start + 1, end: range.end - 1 },
    }));
    return words.length === 0 ? [] : [{ words, range: instruction.argumentsRange, isFatal: true, isRedirected: false }];
  }
  const shell = dockerfile.shellOf(instruction);
  const [heredoc] = instruction.heredocs;
  if (heredoc && instruction.words.length === 1) {
    const body = text.slice(heredoc.body.start, heredoc.body.end);
    if (body.startsWith('#!') ? !/^#!\s*\S*[\s/](?:ba|da|a)?sh\b/.test(body) : shell.kind !== 'posix') return [];
    return withFate(scan(body, heredoc.body.start), stopsAtErrors(shell.words) || /^#!.*\s-\w*e/.test(body));
  }
  if (shell.kind !== 'posix') return [];
  const { start, end } = instruction.argumentsRange;
  let source = '';
  let next = start;
  for (const gap of instruction.gaps) {
    if (gap.start < next || gap.start >= end) continue;
    source += text.slice(next, gap.start) + ' '.repeat(gap.end - gap.start);
    next = gap.end;
  }
  source += text.slice(next, Math.max(next, end));
  return withFate(scan(source, start), stopsAtErrors(shell.words));
}

type Joint = '&&' | '||' | ';' | '|' | '&';

interface ScannedCommand extends Pick<ShellCommand, 'words' | 'range' | 'isRedirected'> {
  readonly before: Joint;
}

interface Scanned {
  readonly commands: readonly ScannedCommand[];
  /** There are loops, conditions, groups or substitutions: which command runs, and what its failure does, is not for us to say. */
  readonly isCompound: boolean;
}

const compoundWords = new Set(
  'if then elif else fi for while until do done case esac select function { } ! [[ ( )'.split(' '),
);
const openers = new Set(['then', 'elif', 'else', 'do', '{', '!', 'if', 'while', 'until', '(']);
const operator = /&&|\|\||;;|\|&|[;|&()\n]/y;
const redirection = /\d*(?:>>|>&|>\||<<<|<<-?|<&|<>|>|<|&>>|&>)/y;
// Words of quoted and plain parts; what a `$(` opens is taken up to its `)` on the same level.
const piece =
  /[^\s'"\\$`;|&<>()]+|'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]|\$\((?:[^()]|\([^()]*\))*\)|\$\{[^}]*\}|\$|`[^`]*`/y;

function scan(source: string, offset: number): Scanned {
  const commands: ScannedCommand[] = [];
  let words: ShellWord[] = [];
  let first: number | undefined;
  let last = 0;
  let before: Joint = ';';
  let isCompound = false;
  let skipsWord = false;
  let isRedirected = false;
  const end = (joint: Joint): void => {
    if (words.length > 0 && first !== undefined)
      commands.push({ words, range: { start: offset + first, end: offset + last }, before, isRedirected });
    if (words.length > 0 || joint !== ';') before = joint;
    words = [];
    first = undefined;
    skipsWord = false;
    isRedirected = false;
  };
  for (let at = 0; at < source.length;) {
    const redirected = matchAt(redirection, source, at);
    const joint = redirected === undefined ? matchAt(operator, source, at) : undefined;
    if (redirected !== undefined) {
      skipsWord = true;
      isRedirected ||= !source.startsWith('>&2', at);
      at += redirected.length;
    } else if (joint !== undefined) {
      if (/[()]|;;/.test(joint)) isCompound = true;
      end(joint === '&&' || joint === '||' || joint === '&' ? joint : joint.startsWith('|') ? '|' : ';');
      at += joint.length;
    } else if (/\s/.test(source.charAt(at))) at++;
    else if (source.startsWith('\\\n', at)) at += 2;
    else if (source.charAt(at) === '#') at = endOfLine(source, at);
    else {
      const start = at;
      for (let part = matchAt(piece, source, at); part !== undefined; part = matchAt(piece, source, at))
        at += part.length;
      // A quote that nothing closes: the rest is beyond us.
      if (at === start) return { commands, isCompound: true };
      const value = valueOf(source.slice(start, at));
      if (skipsWord) skipsWord = false;
      else if (words.length === 0 && compoundWords.has(value)) {
        isCompound = true;
        if (!openers.has(value)) words.push({ value, range: { start: offset + start, end: offset + at } });
      } else {
        first ??= start;
        last = at;
        if (words.length > 0 || !/^\w+\+?=/.test(value))
          words.push({ value, range: { start: offset + start, end: offset + at } });
      }
    }
  }
  end(';');
  return { commands: commands.filter(({ words: [word] }) => word && !compoundWords.has(word.value)), isCompound };
}

/** `a && b; c`: without `set -e` only what is in the last list decides, with it every list's last command does, too. */
function withFate({ commands, isCompound }: Scanned, stops: boolean): readonly ShellCommand[] {
  const lists: ScannedCommand[][] = [];
  for (const command of commands) {
    const list = lists.at(-1);
    if (!list || command.before === ';') lists.push([command]);
    else list.push(command);
  }
  let strict = stops;
  return lists.flatMap((list, index) => {
    const isPlain = !isCompound && list.slice(1).every(({ before }) => before === '&&');
    const isLast = index === lists.length - 1;
    const here = strict;
    if (list.some(({ words }) => setsErrorExit(words))) strict = true;
    return list.map(({ words, range, isRedirected }, position) => ({
      words,
      range,
      isRedirected,
      isFatal: isPlain && (isLast || (here && position === list.length - 1)),
    }));
  });
}

function setsErrorExit([program, ...rest]: readonly ShellWord[]): boolean {
  return program?.value === 'set' && rest.some(({ value }) => /^-[a-z]*e/.test(value) || value === 'errexit');
}

function stopsAtErrors(shell: readonly string[]): boolean {
  return shell.slice(1).some((word) => /^-[a-z]*e/.test(word));
}

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

function endOfLine(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end;
}

function valueOf(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])/g,
    (_, single?: string, double?: string, escaped?: string) => single ?? double ?? escaped ?? '',
  );
}

/** What a command is told to do: `install` of `sudo apt-get -y install curl`. */
export function subcommandOf({ words }: ShellCommand): string | undefined {
  const rest = words[0]?.value === 'sudo' ? words.slice(2) : words.slice(1);
  return rest.find(({ value }) => /^[a-z]/.test(value))?.value;
}
