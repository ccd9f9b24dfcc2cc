import type { Range } from '../../../server/src/text/range.ts';
import { dockerfileOf } from '../dockerfile-model.ts';
import { placeOf } from './place.ts';
import type { Verdict } from './promise.ts';

export interface Mark {
  readonly verdict: Verdict;
  readonly range: Range;
}

/** Where the broken promises of an image are in its Dockerfile as it is now. What was written anew since is not marked. */
export function marksOf(
  verdicts: readonly Verdict[],
  built: { readonly text: string; readonly target?: string | undefined },
  now: string,
): readonly Mark[] {
  const broken = verdicts.filter(({ outcome }) => outcome === 'broken');
  if (broken.length === 0) return [];
  const then = dockerfileOf(built.text);
  const current = built.text === now ? then : dockerfileOf(now);
  const sameAs = sameInstructions(
    then.instructions.map(({ range }) => built.text.slice(range.start, range.end)),
    current.instructions.map(({ range }) => now.slice(range.start, range.end)),
  );
  return broken.flatMap((verdict) => {
    const place = placeOf(verdict, then, built.target);
    const index = place ? sameAs.get(then.instructions.indexOf(place.instruction)) : undefined;
    const instruction = index === undefined ? undefined : current.instructions[index];
    if (!place || !instruction) return [];
    const by = instruction.range.start - place.instruction.range.start;
    return [{ verdict, range: { start: place.range.start + by, end: place.range.end + by } }];
  });
}

/** Pairs equal texts: those at both ends, and in between those which are there the same number of times. */
function sameInstructions(before: readonly string[], after: readonly string[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const shorter = Math.min(before.length, after.length);
  let first = 0;
  while (first < shorter && before[first] === after[first]) pairs.set(first, first++);
  let last = 0;
  while (last < shorter - first && before.at(-1 - last) === after.at(-1 - last)) {
    last++;
    pairs.set(before.length - last, after.length - last);
  }
  const between = (texts: readonly string[]): ReadonlyMap<string, readonly number[]> => {
    const places = new Map<string, number[]>();
    for (let i = first; i < texts.length - last; i++) {
      const text = texts[i] ?? '';
      places.set(text, [...(places.get(text) ?? []), i]);
    }
    return places;
  };
  const now = between(after);
  for (const [text, places] of between(before)) {
    const others = now.get(text) ?? [];
    if (others.length === places.length) places.forEach((place, i) => pairs.set(place, others[i] ?? 0));
  }
  return pairs;
}
