import type { Dockerfile, Stage } from '../../../../server/src/model/dockerfile.ts';
import type { Instruction } from '../../../../server/src/syntax/dockerfile/tree.ts';
import { originsOf } from '../../image/match.ts';
import type { Layer, ScanReport } from '../finding.ts';

export interface DockerfileLayers {
  /** The stage whose FROM names an image from elsewhere, which all else is built on. */
  readonly base: Stage | undefined;
  /** The instruction that made a layer, `base` for those that were there before, `undefined` where it cannot be told. */
  makerOf(layer: Layer | undefined): Instruction | 'base' | undefined;
}

/** Which instruction made which layer of the image, by the image's own history. */
export function layersOf(dockerfile: Dockerfile, target: string | undefined, report: ScanReport): DockerfileLayers {
  const stage = (target === undefined ? undefined : dockerfile.findStage(target)) ?? dockerfile.finalStage;
  const { history, diffIds } = report;
  const origins = originsOf(
    history.map(({ createdBy }) => createdBy),
    {
      text: dockerfile.text,
      ...(target !== undefined && { target }),
      arguments: new Map(),
      environment: new Map(),
    },
  );
  const filled = history.flatMap(({ isEmpty }, index) => (isEmpty ? [] : [index]));
  return {
    base: stage?.lineage.at(-1),
    makerOf(layer) {
      if (layer === undefined) return undefined;
      const number = layer.diffId === undefined ? -1 : diffIds.indexOf(layer.diffId);
      const byDigest = filled.length === diffIds.length ? filled[number] : undefined;
      const index = byDigest ?? history.findIndex(({ createdBy }) => createdBy === layer.createdBy);
      const origin = origins[index];
      return typeof origin === 'number' ? dockerfile.tree.instructions[origin] : origin;
    },
  };
}
