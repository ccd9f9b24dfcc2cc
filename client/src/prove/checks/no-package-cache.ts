import type { Check, Judgement } from '../check.ts';
import { concernsOf } from '../contents/concerns.ts';
import { shownBytes, shownPath, shownStep } from '../contents/format.ts';
import { lookInside } from '../contents/look-inside.ts';
import { fateOf, type ImageContents } from '../contents/read-archive.ts';

/** Less than this makes no difference to anybody. */
const trifle = 1_000_000;

export const noPackageCache: Check = {
  id: 'no-package-cache',
  async run(context) {
    return judgeCaches(await context.once(lookInside));
  },
};

/** Only what the image's own layers brought: what the base image has, its makers decide. */
export function judgeCaches(contents: ImageContents): Judgement {
  const base = contents.layers.filter(({ isOfBase }) => isOfBase).length;
  const scope =
    base === 0
      ? []
      : [`The ${base === 1 ? 'lowest layer is' : `lowest ${base} layers are`} the base image's, and not counted`];
  const finds = contents.layers
    .filter(({ isOfBase }) => !isOfBase)
    .flatMap((layer) => [...layer.notes.caches].map(([folder, note]) => ({ folder, ...note, layer })))
    .toSorted((a, b) => b.bytes - a.bytes);
  const total = finds.reduce((sum, { bytes }) => sum + bytes, 0);
  const [largest] = finds;
  if (largest === undefined || total < trifle) {
    const message =
      largest === undefined
        ? "No package manager's cache is in the image"
        : `Only ${shownBytes(total)} of package caches are in the image`;
    return { outcome: 'kept', message, details: scope, concerns: [] };
  }
  const names = [...new Set(finds.map(({ kind }) => kind.name))];
  return {
    outcome: 'broken',
    message: `${shownBytes(total)} of package caches are in the image: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''}`,
    advice: largest.kind.advice,
    details: [
      ...finds.slice(0, 50).map(({ folder, kind, bytes, layer }) => {
        const isDeleted = fateOf(folder, layer, contents) === 'deleted';
        const where = `${isDeleted ? 'deleted later, but still ' : ''}in the layer of ${shownStep(layer.createdBy)}`;
        return `${shownPath(folder)}: ${shownBytes(bytes)} of ${kind.name}, ${where}`;
      }),
      ...scope,
    ],
    concerns: concernsOf(finds.map(({ layer }) => layer)),
  };
}
