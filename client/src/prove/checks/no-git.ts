import type { Check, Judgement } from '../check.ts';
import { concernsOf } from '../contents/concerns.ts';
import { shownBytes, shownPath, shownStep } from '../contents/format.ts';
import { lookInside } from '../contents/look-inside.ts';
import { fateOf, type ImageContents } from '../contents/read-archive.ts';

export const noGit: Check = {
  id: 'no-git',
  async run(context) {
    return judgeGit(await context.once(lookInside));
  },
};

export function judgeGit(contents: ImageContents): Judgement {
  const finds = contents.layers.flatMap((layer) =>
    [...layer.notes.repositories].map(([path, bytes]) => ({ path, bytes, layer, fate: fateOf(path, layer, contents) })),
  );
  const [first] = finds;
  if (first === undefined) return { outcome: 'kept', message: "No '.git' folder is in the image", concerns: [] };
  const others = finds.length > 1 ? `, and ${finds.length - 1} more` : '';
  const isDeleted = first.fate === 'deleted';
  return {
    outcome: 'broken',
    message: `The history of the sources is in '${shownPath(first.path)}' (${shownBytes(first.bytes)})${others}${isDeleted ? ': deleted later, but still in the image' : ''}`,
    advice: first.layer.createdBy.includes('clone')
      ? "Clone in a stage of its own, and copy what is needed; or delete '.git' in the same RUN"
      : "List '.git' in '.dockerignore'",
    details: finds.slice(0, 50).map(({ path, bytes, layer, fate }) => {
      const from = layer.isOfBase ? 'in the base image' : `in the layer of ${shownStep(layer.createdBy)}`;
      return `${shownPath(path)}: ${shownBytes(bytes)}, ${fate === 'deleted' ? 'deleted later, but still ' : ''}${from}`;
    }),
    concerns: concernsOf(finds.map(({ layer }) => layer)),
  };
}
