import { apiVersions } from '../../azure/api-versions.ts';
import { textAt } from '../../azure/json.ts';
import type { Target } from '../choices.ts';
import type { Facts } from '../facts.ts';
import type { Plan } from '../plan.ts';
import type { Change, UpdateWork } from '../step.ts';
import { answer } from './answer.ts';
import { suffixDifference } from './app-change.ts';
import { hiddenProblems, ours, secureEdits } from './group-change.ts';
import { block, found, listAt, type Pieces, type Scene } from './scene.ts';
import { sceneOf, smallPlan } from './small-plan.ts';

/** Runs an image that is in the registry already, such as the one before, and changes nothing else. */
export function planRunImage(target: Target, facts: Facts, image: string): Plan {
  const scene = sceneOf(target, facts);
  const plan = smallPlan(scene, `Run '${shortName(image)}' in '${target.app.name}' again`, [...pieces(scene, image)]);
  return { ...plan, image };
}

function* pieces(scene: Scene, image: string): Pieces {
  const { app } = scene.target;
  const there = found(scene, scene.ids.app);
  const now = runningIn(scene);
  if (there === undefined || now === undefined) {
    yield block(`'${app.name}' is not there, or runs no image: deploy it first`);
    return;
  }
  if (now === image) {
    yield block(`'${app.name}' runs '${shortName(image)}' already: choose another image`);
    return;
  }
  const change: Change = { what: 'image', from: now, to: image };
  const { changes, ...work } = workOf(scene, image, now, change);
  if (app.kind === 'containerInstance') yield* hiddenProblems(scene, app, there);
  yield {
    id: 'image:again',
    title: `Run '${shortName(image)}' in '${app.name}'`,
    effect: 'change',
    resource: scene.ids.app,
    changes,
    ...work,
  };
  yield* answer(scene);
}

/** What it runs now, as Azure says it. */
function runningIn(scene: Scene): string | undefined {
  const { app } = scene.target;
  const there = found(scene, scene.ids.app);
  switch (app.kind) {
    case 'appService': {
      const version = textAt(found(scene, `${scene.ids.app}/config/web`), 'properties.linuxFxVersion');
      return /^DOCKER\|(.+)$/i.exec(version ?? '')?.[1];
    }
    case 'containerApp': {
      const containers = listAt(there, 'properties.template.containers');
      return textAt(
        containers.find((one) => one['name'] === app.container),
        'image',
      );
    }
    case 'containerInstance':
      return there === undefined ? undefined : textAt(ours(app, there), 'properties.image');
  }
}

function workOf(
  scene: Scene,
  image: string,
  now: string,
  change: Change,
): UpdateWork & { readonly changes: readonly Change[] } {
  const { app } = scene.target;
  const there = found(scene, scene.ids.app) ?? {};
  switch (app.kind) {
    case 'appService': {
      const at = 'properties.linuxFxVersion';
      return {
        do: 'update',
        path: `${scene.ids.app}/config/web`,
        apiVersion: apiVersions.web,
        method: 'PATCH',
        edits: [{ at, from: `DOCKER|${now}`, to: `DOCKER|${image}` }],
        send: [at],
        changes: [change],
      };
    }
    case 'containerApp': {
      const at = `properties.template.containers[name=${app.container}].image`;
      const all = [{ edit: { at, from: now, to: image }, change }];
      const suffix = suffixDifference(scene, app, there, all, tagIn(image));
      return {
        do: 'update',
        path: scene.ids.app,
        apiVersion: apiVersions.containerApps,
        method: 'PATCH',
        edits: [...all, ...suffix].map(({ edit }) => edit),
        send: ['location', 'properties.template'],
        changes: [...all, ...suffix].map((one) => one.change),
      };
    }
    case 'containerInstance': {
      const secure = secureEdits(scene, app, there);
      const at = `properties.containers[name=${app.name}].properties.image`;
      return {
        do: 'update',
        path: scene.ids.app,
        apiVersion: apiVersions.containerInstances,
        method: 'PUT',
        edits: [{ at, from: now, to: image }, ...secure.map(({ edit }) => edit)],
        send: [],
        changes: [change, ...secure.map((one) => one.change)],
      };
    }
  }
}

/** `1a2b3c4` of `reg.azurecr.io/shop:1a2b3c4`; of a digest its beginning. */
function tagIn(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return /@sha256:([0-9a-f]{12})/.exec(last)?.[1] ?? /:([^@]+)/.exec(last)?.[1] ?? 'again';
}

function shortName(image: string): string {
  return image.slice(image.indexOf('/') + 1);
}
