import type { Range } from '../../text/range.ts';
import { relocate, type Mapping } from './relocate.ts';
import { innerOf, isAssignment, readsScript } from './run-by.ts';
import type { Assignment, Command, Enclosure, Pipeline, Script, ShellWord } from './script.ts';

/** Parses at offset 0. */
export type ParseInner = (text: string) => Script;

export interface Origins {
  readonly parse: ParseInner;
  /** What a shell is given when a word is its script, and where that stands in the document. */
  innerText(word: ShellWord): { readonly text: string; readonly mapping: Mapping };
}

/** `sudo sudo sudo ...` ends somewhere. */
const deepestChain = 10;

/** Commands as they are found, each with those that it runs. A class, as it grows while a script is built. */
export class Gathered {
  readonly #origins: Origins;
  readonly #commands: Command[] = [];
  readonly #pipelines: Pipeline[] = [];
  readonly #errors: Range[] = [];

  constructor(origins: Origins) {
    this.#origins = origins;
  }

  add(command: Command, depth = 0): void {
    this.#commands.push(command);
    if (depth === deepestChain) return;
    for (const inner of innerOf(command)) {
      if (inner.kind === 'words') {
        const words = command.words.slice(inner.from, inner.to);
        const run = innerCommand(command, words, inner.takesAssignments);
        if (run) this.add(run, depth + 1);
      } else {
        const { text, mapping } = this.#origins.innerText(inner.word);
        const script = this.#origins.parse(text);
        this.#addScript(inner.word.isLiteral ? script : afterExpansion(script), mapping, command, 'string');
      }
    }
  }

  /** The body of a heredoc, when it ends up in a shell: `bash <<EOF`, `sudo sh <<EOF`, `cat <<EOF | sh`. */
  addHeredoc(command: Command, next: Command | undefined, text: string, mapping: Mapping): void {
    const isCopied = command.program === 'cat' && command.arguments.length === 0;
    const reader = [this.#innermost(command), isCopied && next ? this.#innermost(next) : undefined].find(
      (one) => one && readsScript(one),
    );
    if (reader) this.#addScript(this.#origins.parse(text), mapping, reader, 'heredoc');
  }

  script(pipelines: readonly Pipeline[], errors: readonly Range[]): Script {
    return {
      commands: inOrder(this.#commands),
      pipelines: inOrder([...pipelines, ...this.#pipelines]),
      errors: [...errors, ...this.#errors],
    };
  }

  #addScript(script: Script, mapping: Mapping, command: Command, enclosure: Enclosure): void {
    const inner = relocate(script, mapping, { command, inside: [...command.inside, enclosure] });
    for (const one of inner.commands) this.#commands.push(one);
    for (const one of inner.pipelines) this.#pipelines.push(one);
    for (const one of inner.errors) this.#errors.push(one);
  }

  #innermost(command: Command): Command {
    const inner = this.#commands.find((one) => one.runBy === command && one.inside === command.inside);
    return inner ? this.#innermost(inner) : command;
  }
}

/** What follows from the words of a command. */
export function commandParts(
  words: readonly ShellWord[],
  range: Range,
): Pick<Command, 'program' | 'programRange' | 'words' | 'arguments'> {
  const [first, ...rest] = words;
  return { program: first && programName(first), programRange: first?.range ?? range, words, arguments: rest };
}

/** `$HOME/bin/pip` is known to be `pip`; of `$PIP` and `${X%/*}` nothing is known. */
function programName({ value, isLiteral }: ShellWord): string | undefined {
  const name = value.slice(value.lastIndexOf('/') + 1);
  return isLiteral || (name !== value && !/[$`(){}'"]/.test(name)) ? name : undefined;
}

/** Of `sh -c "$SCRIPT $(cmd)"` the outer shell runs the substitutions, and what is left may well look broken. */
function afterExpansion({ commands, pipelines }: Script): Script {
  const isLeft = ({ inside }: Command | Pipeline): boolean => !inside.includes('substitution');
  return { commands: commands.filter(isLeft), pipelines: pipelines.filter(isLeft), errors: [] };
}

function innerCommand(outer: Command, words: readonly ShellWord[], takesAssignments: boolean): Command | undefined {
  const assignments: Assignment[] = [];
  while (takesAssignments && isAssignment(words[assignments.length]?.value ?? '')) {
    const { value, range } = words[assignments.length] as ShellWord;
    const equals = value.indexOf('=');
    assignments.push({ name: value.slice(0, equals), value: value.slice(equals + 1), range });
  }
  const own = words.slice(assignments.length);
  const [first, last] = [own[0], own.at(-1)];
  if (!first || !last) return undefined;
  const range = { start: words[0]?.range.start ?? first.range.start, end: last.range.end };
  const { joinedBy, inside } = outer;
  return {
    ...commandParts(own, range),
    assignments,
    redirections: [],
    range,
    ...(joinedBy && { joinedBy }),
    inside,
    runBy: outer,
  };
}

/** What was found inside words comes after what they are words of. */
function inOrder<Item extends { readonly range: Range }>(items: Item[]): Item[] {
  const isInOrder = items.every((item, i) => i === 0 || (items[i - 1]?.range.start ?? 0) <= item.range.start);
  return isInOrder ? items : items.sort((a, b) => a.range.start - b.range.start);
}
