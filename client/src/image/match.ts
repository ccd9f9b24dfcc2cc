import { variablesOf } from '../../../server/src/model/variables.ts';
import { dockerfileOf } from '../dockerfile-model.ts';
import { align } from './align.ts';
import { readCreatedBy } from './created-by.ts';
import { expectedOf, type BuiltWith, type Expected } from './expected.ts';

export interface BuiltFrom extends BuiltWith {
  /** The Dockerfile as it was built. */
  readonly text: string;
  /** The stage; the last one when absent. */
  readonly target?: string;
  /** Values of build arguments. */
  readonly arguments: ReadonlyMap<string, string>;
}

/**
 * Where a line of the history is from: an instruction (its place in the Dockerfile's tree), the base image, or nobody knows. Nothing is
 * guessed: a line that two instructions may have left is from neither.
 */
export type Origin = number | 'base' | undefined;

// More than any image has; the newest are looked at.
const most = 1000;

const scores = { exact: 40, weak: 6, no: 0 } as const;

/** One origin for each line of the history, which is oldest first. */
export function originsOf(history: readonly string[], built: BuiltFrom): readonly Origin[] {
  const dockerfile = dockerfileOf(withArguments(built.text, built.arguments));
  const target = (built.target === undefined ? undefined : dockerfile.findStage(built.target)) ?? dockerfile.finalStage;
  if (target === undefined) return history.map(() => undefined);
  const expected = expectedOf(dockerfile, target, built).slice(-most);
  const start = Math.max(0, history.length - most);
  const entries = history.slice(start).map(readCreatedBy);
  const pairs = align(expected.length, entries.length, {
    match: (left, right) => {
      const entry = entries[right];
      return entry === undefined ? 0 : scores[expected[left]?.fits(entry) ?? 'no'];
    },
    skipLeft: (left) => costOf(expected[left]),
    // An instruction leaves one line at most: what lies between two of ours is hardly ever somebody else's.
    skipRight: () => -4,
    // Before the first of ours is the base image.
    freeStart: true,
  });
  const origins: Origin[] = history.map(() => undefined);
  for (const [left, right] of pairs) origins[start + right] = expected[left]?.index;
  markBase(origins, expected, pairs, start);
  return origins;
}

/** The Dockerfile with the defaults that the build was given; its instructions stay the same, one by one. */
function withArguments(text: string, given: BuiltFrom['arguments']): string {
  if (given.size === 0) return text;
  const { tree } = dockerfileOf(text);
  let out = text;
  for (const instruction of tree.instructions.toReversed()) {
    if (instruction.keyword !== 'ARG') continue;
    for (const { name, range } of variablesOf(instruction, text).toReversed()) {
      const value = given.get(name);
      if (value === undefined) continue;
      const quoted = value.replace(/[\\`"$]/g, (character) =>
        character === tree.escape || character === '"' || character === '$' ? tree.escape + character : character,
      );
      // A line break cannot be written there: the value is then one that is not known.
      const set = /[\r\n]/.test(value) ? name : `${name}="${quoted}"`;
      out = out.slice(0, range.start) + set + out.slice(range.end);
    }
  }
  return out;
}

function costOf(expected: Expected | undefined): number {
  if (expected?.keyword === 'ONBUILD') return 0;
  return expected?.makesLayer === true ? -16 : -1;
}

/** All before the first of our lines is the base's, but as many of them as instructions are missing may be ours. */
function markBase(
  origins: Origin[],
  expected: readonly Expected[],
  pairs: ReadonlyMap<number, number>,
  start: number,
): void {
  const firstLeft = expected.findIndex((_, left) => pairs.has(left));
  const isWithoutLayers = expected.every(({ makesLayer }) => !makesLayer);
  if (firstLeft < 0 && !isWithoutLayers) return;
  const missing = expected.slice(0, Math.max(0, firstLeft)).filter(({ makesLayer }) => makesLayer).length;
  const firstRight = firstLeft < 0 ? origins.length : start + (pairs.get(firstLeft) ?? 0);
  for (let right = 0; right < firstRight - missing; right++) origins[right] = 'base';
}
