import type { Target } from '../choices.ts';
import type { Facts } from '../facts.ts';
import type { Plan } from '../plan.ts';
import type { Step } from '../step.ts';
import { hashOf } from './hash.ts';
import { healthOf, portOf } from './health.ts';
import { idsOf } from './ids.ts';
import { imageText, tagOf } from './image.ts';
import type { Piece, Scene } from './scene.ts';

export function sceneOf(target: Target, facts: Facts): Scene {
  const { port } = portOf(target, facts);
  return {
    target,
    facts,
    ids: idsOf(target),
    tag: tagOf(facts.source),
    port,
    health: healthOf(target, facts.source, port),
  };
}

/** Of the steps of a deployment. */
export function planOf(scene: Scene, pieces: readonly Piece[]): Plan {
  const { commit } = scene.facts.source;
  return withId({
    version: 1,
    target: scene.target,
    image: imageText(scene),
    ...(commit === undefined ? {} : { commit: { full: commit.full, isDirty: commit.isDirty } }),
    ...sorted(scene.facts.cloud.hasListPrices ? pieces : pieces.map(withoutPrice)),
  });
}

/** Of what is done to a deployed app: nothing is built, so that no commit belongs to it. */
export function smallPlan(scene: Scene, title: string, pieces: readonly Piece[]): Plan {
  return withId({ version: 1, title, target: scene.target, image: '', ...sorted(pieces) });
}

function withId(plan: Omit<Plan, 'id'>): Plan {
  return { ...plan, id: hashOf(JSON.stringify(plan)) };
}

function sorted(pieces: readonly Piece[]): Pick<Plan, 'steps' | 'warnings' | 'blockers'> {
  return {
    steps: pieces.filter((piece): piece is Step => 'id' in piece),
    warnings: unique(pieces.flatMap((piece) => ('warning' in piece ? [piece.warning] : []))),
    blockers: unique(pieces.flatMap((piece) => ('blocker' in piece ? [piece.blocker] : []))),
  };
}

/** Only that it costs: other clouds have other prices, and other currencies. */
function withoutPrice(piece: Piece): Piece {
  if (!('id' in piece) || piece.cost === undefined) return piece;
  return { ...piece, cost: { what: piece.cost.what } };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
