import type { Instruction } from '../syntax/dockerfile/tree.ts';
import type { ExposedPort, Runtime, Stage, Variable } from './dockerfile.ts';
import { variablesOf } from './variables.ts';

type Expand = (text: string, at: Instruction) => string | undefined;

/** More ports than these are a mistake in the range, and not worth a list of them. */
const mostPorts = 1000;

/** Adds up what the instructions of a stage and its bases say, outermost base first. */
export function runtimeOf(stage: Stage, text: string, expand: Expand): Runtime {
  const instructions = stage.lineage.toReversed().flatMap((each) => each.instructions);
  const user = instructions.findLast(({ keyword }) => keyword === 'USER');
  const name = user && expand(argumentOf(user, text), user);
  const workdir = workdirOf(instructions, text, expand);
  return {
    ...(name !== undefined && { user: name }),
    ...(workdir !== undefined && { workdir }),
    environment: environmentOf(instructions, text),
    ports: instructions.flatMap((instruction) => portsOf(instruction, expand)),
  };
}

/** Relative paths go on from the one before; one that is not known makes all after it unknown, up to an absolute one. */
function workdirOf(instructions: readonly Instruction[], text: string, expand: Expand): string | undefined {
  let folder: string | undefined;
  for (const instruction of instructions) {
    if (instruction.keyword !== 'WORKDIR') continue;
    const path = expand(argumentOf(instruction, text), instruction);
    const isAbsolute = path !== undefined && /^(?:\/|[A-Za-z]:)/.test(path);
    if (isAbsolute) folder = path;
    else folder = path === undefined || folder === undefined ? undefined : `${folder.replace(/\/$/, '')}/${path}`;
  }
  return folder;
}

function environmentOf(instructions: readonly Instruction[], text: string): ReadonlyMap<string, Variable> {
  const variables = instructions
    .filter(({ keyword }) => keyword === 'ENV')
    .flatMap((instruction) => variablesOf(instruction, text));
  return new Map(variables.map((variable) => [variable.name, variable]));
}

/** `8080`, `53/udp`, `7000-7005`. */
function portsOf(instruction: Instruction, expand: Expand): ExposedPort[] {
  if (instruction.keyword !== 'EXPOSE') return [];
  return instruction.words.flatMap((word) => {
    const [, first, last, protocol = 'tcp'] =
      /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i.exec(expand(word.text, instruction) ?? '') ?? [];
    if (first === undefined) return [];
    const count = Math.min(Math.max(Number(last ?? first) - Number(first) + 1, 0), mostPorts);
    return Array.from({ length: count }, (_, i) => ({
      port: Number(first) + i,
      protocol: protocol.toLowerCase() as ExposedPort['protocol'],
      range: word.range,
    }));
  });
}

/** USER and WORKDIR take the whole rest of the line. */
function argumentOf({ argumentsRange, words }: Instruction, text: string): string {
  return words.length === 1 ? (words[0]?.text ?? '') : text.slice(argumentsRange.start, argumentsRange.end);
}
