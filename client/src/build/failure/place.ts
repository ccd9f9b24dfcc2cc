import type { Dockerfile } from '../../../../server/src/model/dockerfile.ts';
import type { Instruction } from '../../../../server/src/syntax/dockerfile/tree.ts';
import { linesOf, offsetAt } from '../../../../server/src/text/lines.ts';
import { nearest } from '../../../../server/src/text/nearest.ts';
import type { Range } from '../../../../server/src/text/range.ts';
import type { BuildFailure } from '../build.ts';
import { fullImageName, imageAskedFor, missingPath } from './messages.ts';
import { agrees, instructionOfStep, logicalText } from './steps.ts';
import { imageRange, missingSource, only, tokenOfFailure, tokenOfMessage } from './token.ts';

/** Where in the Dockerfile, as it was built, a build failed. */
export interface FailurePlace {
  /** The most exact part that is beyond doubt. */
  readonly range: Range;
  /** Absent where the failure is about no single instruction. */
  readonly instruction?: Instruction;
}

export function placeOfFailure(failure: BuildFailure, dockerfile: Dockerfile): FailurePlace {
  const instruction = failingInstruction(failure, dockerfile);
  if (!instruction) return { range: rangeWithoutInstruction(failure, dockerfile) };
  const exact = tokenOfFailure(failure, instruction, dockerfile);
  return { instruction, range: exact ?? firstLine(instruction, dockerfile.text) };
}

function failingInstruction(failure: BuildFailure, dockerfile: Dockerfile): Instruction | undefined {
  const place = failure.step?.place;
  const byLines = instructionAtLines(failure, dockerfile);
  const byStep = place && instructionOfStep(place, dockerfile);
  // Of several steps that failed together the builder's last word may be about another one.
  const named = byMessage(
    failure,
    dockerfile,
    [byLines, byStep].filter((known) => known !== undefined),
  );
  if (named) return named;
  if (byLines && byStep && byLines !== byStep) {
    const isRun = failure.exitCode === undefined || byLines.keyword === 'RUN';
    return isRun || !agrees(place.instruction, byStep, dockerfile) ? byLines : byStep;
  }
  return byLines ?? byStep ?? byText(failure, dockerfile);
}

function instructionAtLines({ lines }: BuildFailure, { text, instructions }: Dockerfile): Instruction | undefined {
  if (!lines) return undefined;
  const known = linesOf(text);
  const start = offsetAt(known, { line: lines.first - 1, column: 0 });
  const end = offsetAt(known, { line: lines.last, column: 0 });
  const on = instructions.filter(({ range }) => range.start < end && range.end > start);
  return on.find(({ range }) => range.start >= start) ?? on[0];
}

/** The one instruction that has what the message names, those first that are known to be about it. */
function byMessage(
  failure: BuildFailure,
  dockerfile: Dockerfile,
  known: readonly Instruction[],
): Instruction | undefined {
  const { message } = failure;
  const { instructions, stages } = dockerfile;
  if (missingPath(failure) !== undefined) {
    const has = (instruction: Instruction): boolean => missingSource(failure, instruction, dockerfile) !== undefined;
    return known.find(has) ?? only(instructions.filter(has));
  }
  if (known.length > 0) return undefined;
  const [, line] = /parse error (?:on )?line (\d+)/i.exec(message) ?? [];
  if (line !== undefined) {
    const at = Number(line);
    return instructionAtLines({ message, output: [], lines: { first: at, last: at } }, dockerfile);
  }
  const [, blank] = /base name \((.+)\) should not be blank/.exec(message) ?? [];
  if (blank !== undefined) {
    const written = stages.filter(({ from }) => logicalText(from, dockerfile).includes(blank));
    return only(written)?.from;
  }
  if (/unterminated heredoc/.test(message))
    return instructions.find(({ heredocs }) => heredocs.some(({ terminator }) => !terminator));
  if (/no build stage in current context/.test(message))
    return instructions.find(({ keyword }) => keyword !== 'ARG' && keyword !== 'FROM');
  const [, circle] = /circular dependency detected on stage: (\S+)/.exec(message) ?? [];
  if (circle !== undefined) return dockerfile.findStage(circle)?.from;
  const naming = instructions.filter((instruction) => tokenOfMessage(failure, instruction, dockerfile));
  return byImage(failure, dockerfile) ?? only(naming);
}

function byImage(failure: BuildFailure, dockerfile: Dockerfile): Instruction | undefined {
  const asked = imageAskedFor(failure);
  if (asked === undefined) return undefined;
  const wanted = fullImageName(asked);
  const bases = dockerfile.stages.filter(({ image, parent }) => !parent && fullImageName(image.text) === wanted);
  const copies = dockerfile.instructions.filter(
    (instruction) => instruction.keyword !== 'FROM' && imageRange(failure, instruction, dockerfile),
  );
  return bases[0]?.from ?? copies[0];
}

const commandPatterns = [
  /process "((?:[^"\\]|\\.)*)" did not complete/,
  /The command '([^]*)' returned a non-zero code/,
];

/** A message that repeats the command, and no step to go with it. */
function byText({ message }: BuildFailure, dockerfile: Dockerfile): Instruction | undefined {
  for (const pattern of commandPatterns) {
    const [, command] = pattern.exec(message) ?? [];
    if (command === undefined) continue;
    const script = command.replace(/^\S+ (?:-\S+ )+/, '');
    const alike = dockerfile.instructions.filter((instruction) => agrees(`RUN ${script}`, instruction, dockerfile));
    return only(alike);
  }
  return undefined;
}

/** For what is about the file or the request: the stage that was meant, the directive, or the file's first line. */
function rangeWithoutInstruction({ message, lines }: BuildFailure, { text, tree, stages }: Dockerfile): Range {
  const target = unknownTarget(message);
  if (target !== undefined) {
    const names = stages.flatMap(({ name }) => name ?? []);
    const meant = nearest(
      target,
      names.map(({ value }) => value),
    );
    const name = names.find(({ value }) => value === meant) ?? names.at(-1);
    const last = stages.at(-1);
    if (name) return name.range;
    if (last) return firstLine(last.from, text);
  }
  const syntax = tree.directives.find(({ name }) => name === 'syntax');
  const asked = imageAskedFor({ message, output: [] });
  if (syntax && asked !== undefined && fullImageName(asked) === fullImageName(syntax.value)) return syntax.valueRange;
  const start = lines ? offsetAt(linesOf(text), { line: lines.first - 1, column: 0 }) : 0;
  return { start, end: start + endOfLine(text.slice(start)) };
}

/** The stage that was asked for and is not in the file. */
export function unknownTarget(message: string): string | undefined {
  const [, name] =
    /target stage "?([^"]+?)"? could not be found/.exec(message) ??
    /failed to reach build target (\S+) in Dockerfile/.exec(message) ??
    /the target "([^"]+)" was not found in the provided Dockerfile/.exec(message) ??
    [];
  return name;
}

function firstLine({ range }: Instruction, text: string): Range {
  const written = text.slice(range.start, range.end);
  const line = written.slice(0, endOfLine(written)).replace(/[\s\\`]+$/, '');
  return { start: range.start, end: range.start + line.length };
}

function endOfLine(text: string): number {
  const end = text.search(/[\r\n]/);
  return end < 0 ? text.length : end;
}
