import type { Dockerfile, Stage } from '../../../server/src/model/dockerfile.ts';
import type { Instruction } from '../../../server/src/syntax/dockerfile/tree.ts';
import { runText } from './instruction-text.ts';
import { adviceOnCommands, commandsIn, type ShellCommand } from './command-advice.ts';

/** What would make an image smaller, with the weight it is about. */
export interface Advice {
  /** The instruction's place in the Dockerfile's tree. */
  readonly instruction: number;
  /** What it is about weighs this much; how much of it would go cannot be told from outside. */
  readonly bytes: number;
  readonly message: string;
  /** The rule of ours that says more. */
  readonly rule?: string;
}

export interface AdviceFacts {
  /** What the layer of each instruction weighs. */
  readonly bytes: ReadonlyMap<number, number>;
  /** Folders that are in the context, are not ignored, and have no place in an image. */
  readonly copiedAlong: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
}

/** Less is not worth a word. */
const least = 1_000_000;

/** The heaviest first. */
export function adviceFor(dockerfile: Dockerfile, target: Stage, facts: AdviceFacts): readonly Advice[] {
  const places = new Map(dockerfile.tree.instructions.map((instruction, index) => [instruction, index]));
  const steps = target.lineage
    .toReversed()
    .flatMap(({ instructions }) => instructions.slice(1))
    .flatMap((instruction): Step[] => {
      const index = places.get(instruction);
      if (index === undefined) return [];
      return [
        { instruction, index, bytes: facts.bytes.get(index) ?? 0, commands: commandsOf(instruction, dockerfile) },
      ];
    });
  const heavy = steps.filter(({ bytes }) => bytes >= least);
  const found = [
    ...heavy.flatMap((step) =>
      onRun(
        step,
        facts,
        steps.some(({ commands }) => commands.some(builds)),
      ),
    ),
    ...heavy.flatMap((step) => onCopy(step, facts, dockerfile)),
    ...onChangedLater(steps, dockerfile),
  ];
  return found.sort((a, b) => b.bytes - a.bytes || a.instruction - b.instruction);
}

interface Step {
  readonly instruction: Instruction;
  readonly index: number;
  readonly bytes: number;
  readonly commands: readonly ShellCommand[];
}

function commandsOf(instruction: Instruction, dockerfile: Dockerfile): readonly ShellCommand[] {
  if (instruction.keyword !== 'RUN') return [];
  const text = instruction.json?.map(({ value }) => value).join(' ') ?? runText(instruction, dockerfile.text);
  return commandsIn(text);
}

function onRun({ instruction, index, bytes, commands }: Step, facts: AdviceFacts, buildsHere: boolean): Advice[] {
  if (instruction.keyword !== 'RUN') return [];
  const mounts = instruction.flags.flatMap(({ name, value }) =>
    name === 'mount' && value !== undefined ? [value] : [],
  );
  return adviceOnCommands(commands, { mounts, environment: facts.environment, buildsHere }).map((advice) => ({
    instruction: index,
    bytes,
    ...advice,
  }));
}

/** What a compiler is there for in the final image's own stages. */
function builds({ program, words }: ShellCommand): boolean {
  return (
    ['make', 'gcc', 'g++', 'cargo', 'go', 'cmake', 'pip', 'pip3', 'npm', 'gem'].includes(program) && words.length > 0
  );
}

function onCopy({ instruction, index, bytes }: Step, facts: AdviceFacts, dockerfile: Dockerfile): Advice[] {
  if (!isCopy(instruction) || facts.copiedAlong.length === 0) return [];
  if (instruction.flags.some(({ name }) => name === 'from')) return [];
  const all = sourcesOf(instruction).map((source) => dockerfile.expand(source, instruction) ?? source);
  if (!all.some((source) => /^(?:\.|\.\/|\/|\*|\.\/\*)$/.test(source))) return [];
  const names = facts.copiedAlong.map((name) => `'${name}'`).join(' and ');
  const message = `${names} ${facts.copiedAlong.length > 1 ? 'are' : 'is'} copied along: list in '.dockerignore'`;
  return [{ instruction: index, bytes, message, rule: 'missing-dockerignore' }];
}

/** A layer cannot make another one smaller: what changes or removes files of an earlier one only adds to it. */
function onChangedLater(steps: readonly Step[], dockerfile: Dockerfile): Advice[] {
  return steps.flatMap(({ instruction, index, bytes, commands }, at): Advice[] => {
    const earlier = steps.slice(0, at);
    const changed = commands.every(({ program }) => ['chown', 'chmod', 'cd', 'true'].includes(program));
    const change = commands.find(({ program }) => program === 'chown' || program === 'chmod');
    if (instruction.keyword === 'RUN' && changed && change && bytes >= least) {
      const message = `'${change.program}' stores the files again: use 'COPY --${change.program}' where they are copied`;
      return [{ instruction: index, bytes, message }];
    }
    return commands
      .filter(({ program }) => program === 'rm')
      .flatMap(({ words }) => words)
      .flatMap((path): Advice[] => {
        const copied = earlier.findLast(
          (step) => step.bytes >= least && copiesExactly(step.instruction, path, dockerfile),
        );
        if (copied === undefined) return [];
        const message = `'${short(path)}' is deleted by a later RUN, and yet stays here: mount it into that RUN instead`;
        return [{ instruction: copied.index, bytes: copied.bytes, message }];
      });
  });
}

/** Only where all that the instruction copied is what is deleted. */
function copiesExactly(instruction: Instruction, path: string, dockerfile: Dockerfile): boolean {
  if (!isCopy(instruction) || !path.startsWith('/') || /[$*?[]/.test(path)) return false;
  const target = (instruction.json ?? instruction.words).at(-1)?.value ?? '';
  const to = dockerfile.expand(target, instruction) ?? target;
  const sources = sourcesOf(instruction);
  const bare = path.replace(/\/+$/, '');
  if (to.replace(/\/+$/, '') === bare) return !to.endsWith('/') || path.endsWith('/');
  const [source] = sources;
  if (source === undefined || sources.length > 1 || !to.endsWith('/')) return false;
  return `${to}${source.split('/').at(-1) ?? ''}` === bare;
}

function isCopy({ keyword }: Instruction): boolean {
  return keyword === 'COPY' || keyword === 'ADD';
}

function sourcesOf({ json, words }: Instruction): readonly string[] {
  return (json ?? words).slice(0, -1).map(({ value }) => value);
}

function short(path: string): string {
  return path.length > 30 ? `…${path.slice(-29)}` : path;
}
