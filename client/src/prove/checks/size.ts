import type { Check, Judgement } from '../check.ts';
import { concernsOf } from '../contents/concerns.ts';
import { shownBytes, shownStep } from '../contents/format.ts';
import { lookInside } from '../contents/look-inside.ts';
import type { ImageContents } from '../contents/read-archive.ts';

export const size: Check = {
  id: 'size',
  whyNot: (_facts, { sizeTarget }) => (sizeTarget > 0 ? undefined : 'No target is set'),
  async run(context) {
    return judgeSize(await context.once(lookInside), context.settings.sizeTarget);
  },
};

/** `target` is in megabytes. All files of all layers count, as they are stored and fetched: those deleted later, too. */
export function judgeSize({ layers, bytes }: ImageContents, target: number): Judgement {
  const heaviest = layers.toSorted((a, b) => b.notes.bytes - a.notes.bytes).slice(0, 3);
  const details = heaviest.map(({ notes, isOfBase, createdBy }) => {
    const from = isOfBase && createdBy === '' ? 'the base image' : shownStep(createdBy);
    return `${shownBytes(notes.bytes)}: ${from}${isOfBase && createdBy !== '' ? ' (base image)' : ''}`;
  });
  const goal = `${target} MB`;
  if (bytes <= target * 1_000_000) {
    return {
      outcome: 'kept',
      message: `${shownBytes(bytes)} unpacked, under the target of ${goal}`,
      details,
      concerns: [],
    };
  }
  const own = layers.filter(({ isOfBase }) => !isOfBase).reduce((sum, { notes }) => sum + notes.bytes, 0);
  return {
    outcome: 'broken',
    message: `${shownBytes(bytes)} unpacked, over the target of ${goal}`,
    advice:
      own < bytes / 2
        ? 'Most of it is the base image: take a slim one, or copy what was built into a small one'
        : 'Build in a stage of its own and copy what is needed, or raise the target',
    details,
    // Where most of it comes from; FROM when that is the base image.
    concerns: own < bytes / 2 ? [] : concernsOf(heaviest),
  };
}
