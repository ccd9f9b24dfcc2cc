import type { Target } from '../choices.ts';
import type { Facts } from '../facts.ts';
import type { Plan } from '../plan.ts';
import type { Step } from '../step.ts';
import { pullRoles, settle } from './access.ts';
import { finishAppService, prepareAppService } from './app-service.ts';
import { answer } from './answer.ts';
import { foundation, named } from './foundation.ts';
import { hashOf } from './hash.ts';
import { healthOf, portOf } from './health.ts';
import { idsOf } from './ids.ts';
import { finishContainerApp, prepareContainerApp } from './container-app.ts';
import { finishContainerInstance, prepareContainerInstance } from './container-instance.ts';
import { deliverImage, imageText, tagOf } from './image.ts';
import { vaultRoles } from './key-vault.ts';
import { alert, component, workspace } from './monitoring.ts';
import { block, type Piece, type Pieces, type Scene, warn } from './scene.ts';

/** What has to be done for the app to run as the target says: pure, so that what is shown is what will be done. */
export function makePlan(target: Target, facts: Facts): Plan {
  const { port, remarks } = portOf(target, facts.source);
  const scene: Scene = {
    target,
    facts,
    ids: idsOf(target),
    tag: tagOf(facts.source),
    port,
    health: healthOf(target, facts.source, port),
  };
  return planOf(scene, [...remarks, ...parts(scene)]);
}

/** Of any order of steps; also for the small plans of swapping and splitting. */
export function planOf(scene: Scene, pieces: readonly Piece[]): Plan {
  const { commit } = scene.facts.source;
  const plan: Omit<Plan, 'id'> = {
    version: 1,
    target: scene.target,
    image: imageText(scene),
    ...(commit === undefined ? {} : { commit: { full: commit.full, isDirty: commit.isDirty } }),
    steps: pieces.filter((piece): piece is Step => 'id' in piece),
    warnings: unique(pieces.flatMap((piece) => ('warning' in piece ? [piece.warning] : []))),
    blockers: unique(pieces.flatMap((piece) => ('blocker' in piece ? [piece.blocker] : []))),
  };
  return { ...plan, id: hashOf(JSON.stringify(plan)) };
}

/** In the order in which the first pull succeeds: identity, role, image, time for the role to hold, app. */
function* parts(scene: Scene): Pieces {
  yield* foundation(scene);
  yield* workspace(scene);
  yield* component(scene);
  yield* problems(scene);
  yield* prepare(scene);
  const roles = [...pullRoles(scene), ...vaultRoles(scene)];
  yield* roles;
  yield* deliverImage(scene);
  const given = roles.flatMap((piece) => ('id' in piece && piece.do === 'role' ? [piece.id] : []));
  yield* settle(given, `'${scene.target.app.name}'`);
  yield* finish(scene);
  yield* alert(scene);
  yield* answer(scene);
}

function* prepare(scene: Scene): Pieces {
  const { app } = scene.target;
  switch (app.kind) {
    case 'appService':
      return yield* prepareAppService(scene, app);
    case 'containerApp':
      return yield* prepareContainerApp(scene, app);
    case 'containerInstance':
      return yield* prepareContainerInstance(scene, app);
  }
}

function* finish(scene: Scene): Pieces {
  const { app } = scene.target;
  switch (app.kind) {
    case 'appService':
      return yield* finishAppService(scene, app);
    case 'containerApp':
      return yield* finishContainerApp(scene, app);
    case 'containerInstance':
      return yield* finishContainerInstance(scene, app);
  }
}

function* problems(scene: Scene): Pieces {
  const { env, image, secrets } = scene.target;
  yield* named('repository', image.repository);
  for (const name of Object.keys(secrets)) {
    if (Object.hasOwn(env, name)) yield block(`'${name}' is in 'env' and in 'secrets': leave it in one of them`);
  }
  for (const { what, used, limit } of scene.facts.quotas) {
    if (used >= limit) yield warn(`There is no room left for ${what}: ${used} of ${limit} are used`);
  }
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
