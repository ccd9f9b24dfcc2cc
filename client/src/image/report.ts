import type { Stage } from '../../../server/src/model/dockerfile.ts';
import { dockerfileOf } from '../dockerfile-model.ts';
import { adviceFor, type Advice, type AdviceFacts } from './advice.ts';
import { baseOf, compare, type Comparison } from './compare.ts';
import { readCreatedBy } from './created-by.ts';
import { shownInstruction } from './instruction-text.ts';
import type { ImageLayers, Layer } from './layers.ts';

/** An image's layers as they are shown: the same in the editor, the tree and the picture. */
export interface LayerReport {
  readonly layers: ImageLayers;
  readonly comparison?: Comparison;
  /** In the order they lie on each other, the base image first. */
  readonly rows: readonly LayerRow[];
  /** The base image's own layers, where it is known which they are. */
  readonly baseLayers: readonly Layer[];
  /** How many instructions left nothing behind. */
  readonly emptyCount: number;
  readonly advice: readonly Advice[];
}

export interface LayerRow {
  readonly kind: 'base' | 'instruction' | 'unknown';
  /** RUN, COPY, ...; FROM for the base image. */
  readonly keyword: string;
  /** In one line. */
  readonly text: string;
  readonly bytes: number;
  /** More than before; `new` when it was not there before; absent when there is nothing to compare with. */
  readonly delta?: number | 'new';
  /** The place in the Dockerfile as built. */
  readonly instruction?: number;
  readonly stage?: string;
  readonly diffId?: string;
  readonly advice: readonly Advice[];
}

export function reportOf(layers: ImageLayers, before?: ImageLayers): LayerReport {
  const comparison = before && compare(layers, before);
  const { source } = layers;
  const dockerfile = dockerfileOf(source?.text ?? '');
  const target =
    (source?.target === undefined ? undefined : dockerfile.findStage(source.target)) ?? dockerfile.finalStage;
  const advice = target ? adviceFor(dockerfile, target, factsOf(layers, target)) : [];
  const { instructions } = dockerfile.tree;
  const rows = layers.layers.flatMap((layer, index): LayerRow[] => {
    const { bytes, origin, diffId } = layer;
    if (origin === 'base' || bytes === 0) return [];
    const instruction = origin === undefined ? undefined : instructions[origin];
    const stage = instruction && dockerfile.stageOf(instruction);
    const delta = comparison && (comparison.deltas.get(index) ?? 'new');
    const written = instruction && shownInstruction(instruction, dockerfile.text);
    return [
      {
        kind: instruction ? 'instruction' : 'unknown',
        keyword: instruction?.keyword ?? readCreatedBy(layer.text).keyword ?? '',
        text: shortened(written ?? (layer.text === '' ? 'Made outside of a Dockerfile' : layer.text)),
        bytes,
        ...(delta !== undefined && { delta }),
        ...(origin !== undefined && { instruction: origin }),
        ...(stage && dockerfile.stages.length > 1 && { stage: stageName(stage, target) }),
        ...(diffId !== undefined && { diffId }),
        advice: advice.filter((each) => each.instruction === origin),
      },
    ];
  });
  const emptyCount = layers.layers.filter(({ origin, bytes }) => origin !== 'base' && bytes === 0).length;
  const baseLayers = layers.layers.filter(({ origin, bytes }) => origin === 'base' && bytes > 0);
  const base = baseRow(layers, comparison, target);
  return { layers, ...(comparison && { comparison }), rows: [...base, ...rows], baseLayers, emptyCount, advice };
}

function baseRow(layers: ImageLayers, comparison: Comparison | undefined, target: Stage | undefined): LayerRow[] {
  const bytes = baseOf(layers);
  if (bytes === undefined || !target) return [];
  const { from } = target.lineage.at(-1) ?? target;
  const instruction = dockerfileOf(layers.source?.text ?? '').tree.instructions.findIndex(
    ({ range }) => range.start === from.range.start,
  );
  const delta = comparison && (comparison.baseDelta ?? 'new');
  return [
    {
      kind: 'base',
      keyword: 'FROM',
      text: shortened(`FROM ${from.words[0]?.text ?? ''}`),
      bytes,
      ...(delta !== undefined && { delta }),
      instruction,
      advice: [],
    },
  ];
}

function stageName({ name, index }: Stage, target: Stage | undefined): string {
  if (name) return `Stage '${name.value}'`;
  return index === target?.index ? 'Final stage' : `Stage ${index + 1}`;
}

function factsOf({ layers, source }: ImageLayers, target: Stage): AdviceFacts {
  const bytes = new Map(
    layers.flatMap(({ origin, bytes }) => (typeof origin === 'number' ? [[origin, bytes] as const] : [])),
  );
  const environment = new Map(
    target.lineage.flatMap(({ instructions }) =>
      instructions
        .filter(({ keyword }) => keyword === 'ENV')
        .flatMap(({ words }) => words.map(({ value }) => value.split('=', 2) as [string, string])),
    ),
  );
  return { bytes, environment, copiedAlong: source?.copiedAlong ?? [] };
}

const longest = 300;

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
