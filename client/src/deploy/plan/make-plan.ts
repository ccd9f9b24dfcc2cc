import type { Target } from '../choices.ts';
import type { Facts } from '../facts.ts';
import type { Plan } from '../plan.ts';
import { pullRoles, settle } from './access.ts';
import { finishAppService, prepareAppService } from './app-service.ts';
import { answer } from './answer.ts';
import { foundation, named } from './foundation.ts';
import { portOf } from './health.ts';
import { finishContainerApp, prepareContainerApp } from './container-app.ts';
import { finishContainerInstance, prepareContainerInstance } from './container-instance.ts';
import { deliverImage } from './image.ts';
import { vaultRoles } from './key-vault.ts';
import { alert, component, workspace } from './monitoring.ts';
import { block, type Pieces, type Scene, warn } from './scene.ts';
import { planOf, sceneOf } from './small-plan.ts';

/** What has to be done for the app to run as the target says: pure, so that what is shown is what will be done. */
export function makePlan(target: Target, facts: Facts): Plan {
  const scene = sceneOf(target, facts);
  return planOf(scene, [...portOf(target, facts).remarks, ...parts(scene)]);
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
