import type { Dockerfile, Stage } from '../../../../server/src/model/dockerfile.ts';
import type { Instruction } from '../../../../server/src/syntax/dockerfile/tree.ts';
import type { StepPlace } from '../build.ts';

/**
 * The instruction that a step is about. The builders count differently: BuildKit the instructions of a stage that make a step, the classic
 * builder every instruction of the file, Podman every instruction of the stage. So the words of the step have to agree, too.
 */
export function instructionOfStep(place: StepPlace, dockerfile: Dockerfile): Instruction | undefined {
  const stage = stageOfStep(place, dockerfile);
  const countings = [
    ...(stage ? [stepsOf(stage)] : []),
    ...(place.stage === undefined ? [dockerfile.instructions] : []),
    ...(stage ? [stage.instructions] : []),
  ];
  const agreeing = (instructions: readonly Instruction[]): Instruction | undefined => {
    const instruction = instructions[place.index - 1];
    return instruction && agrees(place.instruction, instruction, dockerfile) ? instruction : undefined;
  };
  const sure = countings.filter(({ length }) => length === place.count).map(agreeing);
  const found = [...sure, ...countings.map(agreeing)].find((instruction) => instruction !== undefined);
  if (found) return found;
  // What the base image runs ONBUILD is counted, too, and puts all that follows out of place.
  const scope = stage?.instructions ?? dockerfile.instructions;
  const alike = scope.filter((instruction) => agrees(place.instruction, instruction, dockerfile));
  if (alike.length === 1) return alike[0];
  return alike.length === 0 && place.index > 1 ? stage?.from : undefined;
}

const stepKeywords = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/** What BuildKit counts: FROM only where it brings an image, for `scratch` and earlier stages bring none. */
function stepsOf(stage: Stage): readonly Instruction[] {
  const bringsImage = stage.parent === undefined && stage.image.text !== 'scratch';
  const rest = stage.instructions.filter(({ keyword }) => stepKeywords.has(keyword));
  return bringsImage ? [stage.from, ...rest] : rest;
}

function stageOfStep({ stage }: StepPlace, dockerfile: Dockerfile): Stage | undefined {
  if (stage === undefined) return dockerfile.stages.length === 1 ? dockerfile.stages[0] : undefined;
  const named = dockerfile.stages.findLast(({ name }) => name?.value.toLowerCase() === stage.toLowerCase());
  if (named) return named;
  const [, index] = /^stage-(\d+)$/.exec(stage) ?? [];
  return index === undefined ? undefined : dockerfile.stages[Number(index)];
}

/** Whether an instruction may be the one that the builder shows: it replaces variables, joins lines and takes quotes away. */
export function agrees(shown: string, instruction: Instruction, dockerfile: Dockerfile): boolean {
  const [keyword = ''] = /^\w*/.exec(shown.trimStart()) ?? [];
  if (keyword.toUpperCase() !== instruction.keyword) return false;
  // It is shown with its registry and digest.
  if (instruction.keyword === 'FROM') return true;
  const wanted = bare(shown);
  const written = bare(logicalText(instruction, dockerfile));
  const [known = ''] = written.split(/\$|<</, 1);
  if (known.length < written.length) return wanted.startsWith(known);
  const shortened = /(?:\.\.\.|…)$/.exec(wanted);
  return shortened ? written.startsWith(wanted.slice(0, shortened.index)) : wanted === written;
}

/** The instruction without what the builder takes out of it, and without heredocs' bodies. */
export function logicalText(instruction: Instruction, { text }: Dockerfile): string {
  const end = Math.max(instruction.argumentsRange.end, instruction.keywordRange.end);
  let logical = '';
  let next = instruction.range.start;
  for (const gap of instruction.gaps) {
    if (gap.start < next || gap.start >= end) continue;
    logical += text.slice(next, gap.start);
    next = gap.end;
  }
  return logical + text.slice(next, Math.max(next, end));
}

function bare(text: string): string {
  return text.replace(/^\s*\w+/, (keyword) => keyword.toUpperCase()).replace(/[\s"\\`]/g, '');
}
