import type { Instruction } from '../../../server/src/syntax/dockerfile/tree.ts';
import { dockerfileOf } from '../dockerfile-model.ts';
import { align } from './align.ts';
import { joined } from './created-by.ts';

/** The instructions of a Dockerfile as built that still stand in the text as it is now, by their place in the built one. */
export function stillThere(built: string, current: string): ReadonlyMap<number, Instruction> {
  const { instructions } = dockerfileOf(current).tree;
  const pairs = unchanged(keysOf(built), keysOf(current));
  return new Map(
    [...pairs].flatMap(([before, now]) => {
      const instruction = instructions[now];
      return instruction ? [[before, instruction] as const] : [];
    }),
  );
}

export function keysOf(dockerfile: string): readonly string[] {
  return dockerfileOf(dockerfile).tree.instructions.map(({ range }) =>
    joined(dockerfile.slice(range.start, range.end)),
  );
}

/** Pairs what is the same in both, in order. Edits are local, so that mostly nothing but their place has to be looked at. */
export function unchanged(before: readonly string[], now: readonly string[]): ReadonlyMap<number, number> {
  const most = Math.min(before.length, now.length);
  let head = 0;
  while (head < most && before[head] === now[head]) head++;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const pairs = new Map<number, number>();
  for (let index = 0; index < head; index++) pairs.set(index, index);
  const middle = align(before.length - head - tail, now.length - head - tail, {
    match: (left, right) => (before[head + left] === now[head + right] ? 1 : 0),
    skipLeft: () => 0,
    skipRight: () => 0,
    freeStart: false,
  });
  for (const [left, right] of middle) pairs.set(head + left, head + right);
  for (let index = tail; index > 0; index--) pairs.set(before.length - index, now.length - index);
  return pairs;
}
