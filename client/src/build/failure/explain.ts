import { dockerfileOf } from '../../dockerfile-model.ts';
import type { Range } from '../../../../server/src/text/range.ts';
import type { BuildFailure } from '../build.ts';
import type { FailureFix, RelatedPlace, Surroundings } from './cause.ts';
import { causeOf } from './causes.ts';
import { allThatWasSaid, missingPath, readable } from './messages.ts';
import { placeOfFailure } from './place.ts';

/** A failed build, told to the one who wrote the Dockerfile. Ranges are offsets into the text that was built. */
export interface Explanation {
  readonly range: Range;
  /** Editing it makes the failure a thing of the past; the whole first line where no instruction is to blame. */
  readonly instruction: Range;
  /** What failed, what to do about it, and the last lines of output. */
  readonly message: string;
  /** What failed, and what to do about it, on one line. */
  readonly summary: string;
  readonly advice?: string;
  /** The exit code, else the id of the cause. */
  readonly code?: string | number;
  readonly fixes: readonly FailureFix[];
  readonly related: readonly RelatedPlace[];
  /** Nothing in the file is to blame. */
  readonly isElsewhere: boolean;
}

const mostLines = 10;
const longestLine = 300;
/** It repeats the command, which may be a program of its own. */
const mostOfMessage = 20_000;

export function explain(given: BuildFailure, text: string, around: Surroundings): Explanation {
  const failure = { ...given, message: given.message.slice(0, mostOfMessage) };
  const dockerfile = dockerfileOf(text);
  const { range, instruction } = placeOfFailure(failure, dockerfile);
  const stage = instruction && dockerfile.stageOf(instruction);
  const said = allThatWasSaid(failure).split('\n').map(readable).join('\n');
  const cause = causeOf({
    failure,
    said,
    dockerfile,
    around,
    ...(instruction && { instruction }),
    ...(stage && { stage }),
  });
  const headline = onOneLine(whatFailed(failure, instruction?.keyword));
  const output = lastLines(failure);
  const advice = cause && onOneLine(cause.advice);
  const code = failure.exitCode ?? cause?.cause;
  return {
    range,
    instruction: instruction?.range ?? range,
    message: [headline, ...(advice === undefined ? [] : [advice]), ...output].join('\n'),
    summary: advice === undefined ? headline : advice,
    ...(advice !== undefined && { advice }),
    ...(code !== undefined && { code }),
    fixes: cause?.fixes ?? [],
    related: cause?.related ?? [],
    isElsewhere: cause?.isElsewhere ?? false,
  };
}

/** A name may have a line break in it. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

function whatFailed(failure: BuildFailure, keyword: string | undefined): string {
  const { exitCode, message } = failure;
  if (exitCode !== undefined && /did not complete successfully|non-zero code|exit (?:code|status)/.test(message))
    return `'${keyword ?? 'RUN'}' failed with exit code ${exitCode}`;
  const path = missingPath(failure);
  if (path !== undefined) return `'${path.length > 60 ? `…${path.slice(-59)}` : path}' was not found`;
  const [line = ''] = message
    .split('\n')
    .map(readable)
    .filter((other) => other.trim() !== '');
  return line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line || 'The build failed';
}

function lastLines({ output }: BuildFailure): readonly string[] {
  return output
    .map(readable)
    .filter((line) => line.trim() !== '')
    .slice(-mostLines)
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line));
}
