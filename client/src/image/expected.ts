import { expandWord, type VariableValue } from '../../../server/src/model/expand.ts';
import { variablesOf } from '../../../server/src/model/variables.ts';
import type { Dockerfile, Stage } from '../../../server/src/model/dockerfile.ts';
import type { Instruction, Word } from '../../../server/src/syntax/dockerfile/tree.ts';
import { runText } from './instruction-text.ts';
import { joined, type CreatedBy } from './created-by.ts';

/** What an instruction should have left in the history of its image. */
export interface Expected {
  /** Its place in the tree of the Dockerfile. */
  readonly index: number;
  readonly keyword: string;
  /** RUN, COPY, ADD and WORKDIR: always a line in the history. The others may be missing there. */
  readonly makesLayer: boolean;
  fits(entry: CreatedBy): Fit;
}

/** `weak` is the same keyword, and nothing that speaks against it. */
export type Fit = 'exact' | 'weak' | 'no';

export interface BuiltWith {
  /** What containers of the image have: tells what the base image set. */
  readonly environment: ReadonlyMap<string, string>;
  /** The image's, when it is not the usual one. */
  readonly shell?: readonly string[];
}

const layerMakers = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);
const usualShell = '/bin/sh -c';

/** For all instructions that the stage's image is made of, in the order they were run. */
export function expectedOf(dockerfile: Dockerfile, target: Stage, built: BuiltWith): readonly Expected[] {
  const lineage = target.lineage.toReversed();
  const places = new Map(dockerfile.tree.instructions.map((instruction, index) => [instruction, index]));
  const hasShell = lineage.some(({ instructions }) => instructions.some(({ keyword }) => keyword === 'SHELL'));
  // Without a SHELL of its own, what the image has is what its base has.
  const baseShell = hasShell || built.shell === undefined ? usualShell : joined(built.shell.join(' '));
  const environment = setByBase(dockerfile, lineage, built.environment);
  return lineage.flatMap(({ instructions }) =>
    instructions.slice(1).flatMap((instruction) => {
      const index = places.get(instruction);
      if (index === undefined) return [];
      const { keyword } = instruction;
      const expand = (word: Word): Pattern => patternOf(word.text, instruction, dockerfile, environment);
      const fits = fitsFor(instruction, dockerfile, baseShell, expand);
      return [{ index, keyword, makesLayer: layerMakers.has(keyword), fits }];
    }),
  );
}

function fitsFor(
  instruction: Instruction,
  dockerfile: Dockerfile,
  baseShell: string,
  expand: (word: Word) => Pattern,
): Expected['fits'] {
  const { keyword, words, json } = instruction;
  switch (keyword) {
    case 'RUN': {
      const { instruction: set, words: shellWords } = dockerfile.shellOf(instruction);
      const shell = set === undefined ? baseShell : joined(shellWords.join(' '));
      const command = scriptFile(instruction, dockerfile.text) ?? joined(runText(instruction, dockerfile.text));
      const whole = json ? joined(json.map(({ value }) => value).join(' ')) : `${shell} ${command}`;
      return (entry) => (fitsRun(entry, whole, json ? undefined : shell) ? 'exact' : 'no');
    }
    case 'COPY':
    case 'ADD': {
      const patterns = json
        ? json.map(({ value, range }) => expand({ text: JSON.stringify(value), value, range }))
        : words.map((word) => (word.text.startsWith('<<') ? [heredocName(word.value)] : expand(word)));
      const all = patterns.reduce<Pattern>((left, right) => (left.length === 0 ? right : concat(left, right)), []);
      const last = patterns.at(-1) ?? [];
      return (entry) => {
        if (entry.keyword !== keyword) return 'no';
        return fitsPattern(entry.hidesSources ? last : all, entry.text) ? 'exact' : 'no';
      };
    }
    case 'WORKDIR': {
      const path = words.map(expand).reduce<Pattern>((a, b) => (a.length === 0 ? b : concat(a, b)), []);
      return (entry) => (entry.keyword === keyword && fitsFolder(path, entry.text) ? 'exact' : 'no');
    }
    default:
      return (entry) => (entry.keyword === keyword ? 'weak' : 'no');
  }
}

function fitsRun(entry: CreatedBy, whole: string, shell: string | undefined): boolean {
  // In exec form, the builder without BuildKit leaves nothing to tell a RUN by but its words.
  if (entry.keyword !== 'RUN' && (shell !== undefined || entry.keyword !== undefined)) return false;
  if (entry.argumentCount === undefined) return entry.text === whole;
  if (!entry.text.endsWith(` ${whole}`)) return false;
  const values = entry.text.slice(0, -whole.length - 1);
  // A value may hold anything, a command too: with two ways to read it there is no telling.
  if (shell === undefined) return values.split(' ').length === entry.argumentCount;
  return /^\w+=/.test(values) && !` ${values} `.includes(` ${shell} `);
}

/** A heredoc with a `#!` of its own is run as a file. */
function scriptFile({ heredocs, words }: Instruction, text: string): string | undefined {
  const [heredoc, other] = heredocs;
  if (heredoc === undefined || other !== undefined || words.length !== 1) return undefined;
  return text.startsWith('#!', heredoc.body.start) ? `/dev/pipes/${heredoc.name}` : undefined;
}

function heredocName(word: string): string {
  return `<<${word.replace(/^<<-?/, '').replace(/^["']|["']$/g, '')}`;
}

/** Texts in order with anything between them: what is not known of a word. */
type Pattern = readonly string[];

function concat(left: Pattern, right: Pattern): Pattern {
  return [...left.slice(0, -1), `${left.at(-1) ?? ''} ${right[0] ?? ''}`, ...right.slice(1)];
}

function fitsPattern(pattern: Pattern, text: string): boolean {
  const parts = pattern.map((part) => part.replace(/\s+/g, ' '));
  const first = (parts[0] ?? '').trimStart();
  const last = (parts.at(-1) ?? '').trimEnd();
  if (parts.length < 2) return first.trimEnd() === text;
  // With nothing known of it at all, everything would fit.
  if (parts.every((part) => part.trim() === '')) return false;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return from <= text.length - last.length;
}

/** The builder writes the whole path, also of a folder given from the one before. */
function fitsFolder(pattern: Pattern, text: string): boolean {
  const bare = pattern.map((part) => part.replace(/^\.\//, ''));
  const last = (bare.at(-1) ?? '').replace(/(.)\/+$/, '$1');
  const path = [...bare.slice(0, -1), last];
  if (fitsPattern(path, text) || fitsPattern(pattern, text)) return true;
  const isRelative = bare[0] !== undefined && !bare[0].startsWith('/');
  if (!isRelative) return false;
  return last === '.' || last.includes('..')
    ? text.startsWith('/')
    : fitsPattern(['/', `/${path[0] ?? ''}`, ...path.slice(1)], `/${text}`);
}

/** What is set by the base image alone: the Dockerfile declares it nowhere. */
function setByBase(
  dockerfile: Dockerfile,
  lineage: readonly Stage[],
  environment: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const declared = new Set(
    lineage.flatMap(({ instructions }) =>
      instructions
        .filter(({ keyword }) => keyword === 'ARG' || keyword === 'ENV')
        .flatMap((instruction) => variablesOf(instruction, dockerfile.text).map(({ name }) => name)),
    ),
  );
  return new Map([...environment].filter(([name]) => !declared.has(name)));
}

const variableUse = /\$(?:\{[^{}$]*\}|\w+)/;

function patternOf(
  text: string,
  at: Instruction,
  dockerfile: Dockerfile,
  environment: ReadonlyMap<string, string>,
): Pattern {
  const { escape } = dockerfile.tree;
  const lookup = (name: string): VariableValue => {
    const set = environment.get(name);
    const value = set ?? dockerfile.expand(`\${${name}}`, at);
    return value === undefined ? 'unknown' : { value };
  };
  const whole = dockerfile.expand(text, at) ?? expandWord(text, lookup, escape);
  if (whole !== undefined) return [whole];
  return text.split(variableUse).map((part) => expandWord(part.replace(/["']/g, ''), () => 'unset', escape) ?? part);
}
