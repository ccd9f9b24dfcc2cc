import { apiVersions } from '../../azure/api-versions.ts';
import { type JsonObject, textAt } from '../../azure/json.ts';
import type { ContainerInstanceChoices } from '../choices.ts';
import { containerGroupCost } from '../prices.ts';
import type { Change } from '../step.ts';
import { mayWriteApp, named } from './foundation.ts';
import { changeGroup, lostWith, mustBeNew } from './group-change.ts';
import { groupVariables, wholeGroup } from './group-body.ts';
import { imageText } from './image.ts';
import { quotaNames } from './lookups.ts';
import { block, found, isSameText, type Pieces, type Scene, shown, warn } from './scene.ts';
import { isPublic, type NewGroup, newGroup } from './unsaid.ts';

export function* prepareContainerInstance(scene: Scene, app: ContainerInstanceChoices): Pieces {
  yield* mayWriteApp(scene);
  if (scene.target.identity.kind === 'system') {
    yield block("Container Instances cannot pull with an identity of their own: give 'identity' a name");
  }
  for (const [name, source] of Object.entries(scene.target.secrets)) {
    if (source.from !== 'keyVault') continue;
    yield block(
      `Container Instances cannot read Key Vault: take '${name}' from the environment, or let it be asked for`,
    );
  }
  if (found(scene, scene.ids.app) !== undefined) return;
  yield* named('containerInstance', app.name);
  if (app.dnsLabel !== undefined) yield* named('dnsLabel', app.dnsLabel);
  yield* quota(scene, newGroup(app));
}

export function* finishContainerInstance(scene: Scene, app: ContainerInstanceChoices): Pieces {
  const there = found(scene, scene.ids.app);
  if (there === undefined) {
    yield* createGroup(scene, newGroup(app));
    return;
  }
  const reasons = mustBeNew(scene, app, there);
  if (reasons.length === 0) {
    yield* changeGroup(scene, app, there);
    return;
  }
  const lost = lostWith(scene, app, there);
  if (lost.length > 0) {
    yield block(
      `'${app.name}' must be deleted and created again, which would lose: ${lost.join(', ')}. Add it to the target, or choose another name`,
    );
  }
  const address = textAt(there, 'properties.ipAddress.type');
  if (isPublic(app, there) && !isSameText(address, 'Public')) {
    yield warn(
      `'${app.name}' is not reachable from the internet now, and will be: remove 'dnsLabel' to leave that as it is`,
    );
  }
  yield warn(
    `'${app.name}' is deleted and created again (${reasons.map(({ what }) => what).join(', ')}): it does not answer meanwhile`,
  );
  yield {
    id: 'containers:delete',
    title: `Delete the container group '${app.name}'`,
    effect: 'change',
    resource: scene.ids.app,
    changes: reasons,
    because: 'Azure cannot change this in a container group that exists',
    do: 'delete',
    path: scene.ids.app,
    apiVersion: apiVersions.containerInstances,
  };
  yield* createGroup(scene, newGroup(app, there), there);
}

/** With what stays of the one in whose place it comes. */
function* createGroup(scene: Scene, app: NewGroup, before?: JsonObject): Pieces {
  yield {
    id: 'containers',
    title: `Create the container group '${app.name}'`,
    effect: 'create',
    resource: scene.ids.app,
    changes: createChanges(scene, app, isPublic(app, before)),
    cost: containerGroupCost(app.cpu, app.memory),
    do: 'put',
    path: scene.ids.app,
    apiVersion: apiVersions.containerInstances,
    body: wholeGroup(scene, app, before),
  };
}

function createChanges(scene: Scene, app: NewGroup, isReachable: boolean): readonly Change[] {
  return [
    { what: 'image', to: imageText(scene) },
    {
      what: 'reachable',
      to: isReachable ? `from the internet without encryption, port ${scene.port}` : 'no',
    },
    ...(app.dnsLabel === undefined ? [] : [{ what: 'DNS label', to: app.dnsLabel }]),
    { what: 'size', to: `${app.cpu} vCPU, ${app.memory} GB` },
    { what: 'restart', to: app.restart },
    ...(app.workspace === undefined ? [] : [{ what: 'logs', to: `workspace '${app.workspace}'` }]),
    ...(scene.health === undefined ? [] : [{ what: 'liveness probe', to: scene.health.path }]),
    ...groupVariables(scene).map(({ name, ...variable }) => ({
      what: `variable ${name}`,
      to: shown(variable['value'] ?? variable['secureValue']),
    })),
  ];
}

function* quota(scene: Scene, app: NewGroup): Pieces {
  const { location } = scene.target;
  const needs = [
    [quotaNames.cores(location), app.cpu],
    [quotaNames.groups(location), 1],
  ] as const;
  for (const [what, need] of needs) {
    const told = scene.facts.quotas.find((one) => one.what === what);
    if (told === undefined || told.used + need <= told.limit) continue;
    yield block(
      `${told.used} of ${told.limit} ${what} are used: delete some, ask for more, or choose another location`,
    );
  }
}
