import type { Dockerfile, Stage } from '../../../server/src/model/dockerfile.ts';
import { variablesOf } from '../../../server/src/model/variables.ts';
import type { Instruction } from '../../../server/src/syntax/dockerfile/tree.ts';
import type { Range } from '../../../server/src/text/range.ts';
import { readCreatedBy } from '../image/created-by.ts';
import { expectedOf, type Expected } from '../image/expected.ts';
import type { Concern, Verdict } from './promise.ts';

export interface Place {
  readonly instruction: Instruction;
  /** What to mark: the instruction up to the end of its first line, or the one variable that it is about. */
  readonly range: Range;
}

/** Where a verdict belongs: the first of its concerns that the stage has, or the stages it is based on; else FROM. */
export function placeOf(
  { concerns }: Pick<Verdict, 'concerns'>,
  dockerfile: Dockerfile,
  target?: string,
): Place | undefined {
  const stage = target === undefined ? dockerfile.finalStage : dockerfile.findStage(target);
  if (stage === undefined) return undefined;
  const history = expectedOf(dockerfile, stage, { environment: new Map() });
  for (const concern of concerns) {
    const place = placeOfConcern(concern, dockerfile, stage, history);
    if (place) return place;
  }
  return placeAt(stage.from, dockerfile);
}

function placeOfConcern(
  concern: Concern,
  dockerfile: Dockerfile,
  stage: Stage,
  history: readonly Expected[],
): Place | undefined {
  if (concern.kind === 'instruction') {
    const instruction = concern.keyword === 'FROM' ? stage.from : stage.effective(concern.keyword);
    return instruction && placeAt(instruction, dockerfile);
  }
  const entry = readCreatedBy(concern.createdBy);
  if (entry.keyword === 'ENV' || entry.keyword === 'ARG') {
    return placeOfVariable(concern.createdBy, entry.keyword, dockerfile, stage);
  }
  const match = history.findLast((expected) => expected.fits(entry) === 'exact');
  const instruction = match && dockerfile.tree.instructions[match.index];
  return instruction && placeAt(instruction, dockerfile);
}

/** What hides the values of secrets leaves the names: the one that is hidden is the one in question. */
function placeOfVariable(createdBy: string, keyword: string, dockerfile: Dockerfile, stage: Stage): Place | undefined {
  const hidden = [...createdBy.matchAll(/([A-Za-z_][\w.-]*)(?:=| +)\*\*\*/g)].map(([, name]) => name);
  for (const { instructions } of stage.lineage) {
    for (const instruction of instructions.toReversed()) {
      if (instruction.keyword !== keyword) continue;
      const variable = variablesOf(instruction, dockerfile.text).find(({ name }) => hidden.includes(name));
      if (variable) return { instruction, range: variable.range };
    }
  }
  return undefined;
}

function placeAt(instruction: Instruction, { text }: Dockerfile): Place {
  const { start, end } = instruction.range;
  const firstLine = /^.*?(?=[ \t]*\\?[ \t]*\r?(?:\n|$))/.exec(text.slice(start, end))?.[0] ?? '';
  return { instruction, range: { start, end: firstLine === '' ? end : start + firstLine.length } };
}
