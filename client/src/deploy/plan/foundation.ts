import { apiVersions } from '../../azure/api-versions.ts';
import { textAt } from '../../azure/json.ts';
import { isSameId, nameOf, subscriptionId } from '../../azure/resource-id.ts';
import { registryCost } from '../prices.ts';
import { lacksRight } from './access.ts';
import { appWrite, providersOf } from './lookups.ts';
import { nameProblem, type Named } from './names.ts';
import { block, found, isSameText, type Pieces, type Scene, tagged } from './scene.ts';

/** What every target stands on: providers, groups, the registry, the identity. */
export function* foundation(scene: Scene): Pieces {
  const { ids, target } = scene;
  yield* providers(scene);
  yield* group(scene, 'group', ids.group);
  if (!isSameId(ids.group, ids.registryGroup)) yield* group(scene, 'group:registry', ids.registryGroup);
  yield* registry(scene);
  if (target.identity.kind === 'user') yield* identity(scene, target.identity.name);
}

function* providers(scene: Scene): Pieces {
  const subscription = subscriptionId(scene.target.subscription);
  for (const namespace of providersOf(scene.target)) {
    if (isSameText(scene.facts.providers.get(namespace.toLowerCase()), 'Registered')) continue;
    if (lacksRight(scene, subscription, `${namespace}/register/action`)) {
      yield block(`'${namespace}' is not registered, and you may not register it: ask an owner of the subscription`);
    }
    yield {
      id: `register:${namespace}`,
      title: `Register '${namespace}' in the subscription`,
      effect: 'change',
      because: 'A subscription must be registered for a service once before its first use; this costs nothing',
      do: 'register',
      namespace,
    };
  }
}

function* group(scene: Scene, id: string, path: string): Pieces {
  const name = nameOf(path);
  const there = found(scene, path);
  if (there !== undefined) {
    if (isSameText(textAt(there, 'properties.provisioningState'), 'Deleting')) {
      yield block(`The resource group '${name}' is being deleted: wait until it is gone, or choose another`);
    }
    yield { id, title: `Resource group '${name}' stays as it is`, effect: 'leave', resource: path, do: 'nothing' };
    return;
  }
  yield* named('resourceGroup', name);
  yield* allowed(scene, path, 'Microsoft.Resources/subscriptions/resourceGroups/write', `the resource group '${name}'`);
  yield {
    id,
    title: `Create the resource group '${name}'`,
    effect: 'create',
    resource: path,
    changes: [{ what: 'location', to: scene.target.location }],
    do: 'put',
    path,
    apiVersion: apiVersions.resources,
    body: { location: scene.target.location, ...tagged(scene) },
  };
}

function* registry(scene: Scene): Pieces {
  const { name, sku } = scene.target.registry;
  const path = scene.ids.registry;
  const there = found(scene, path);
  const base = { id: 'registry', resource: path };
  if (there !== undefined) {
    yield { ...base, title: `Registry '${name}' stays as it is`, effect: 'leave', do: 'nothing' };
    return;
  }
  yield* named('registry', name);
  const taken = scene.facts.nameTaken.get('registry');
  if (taken !== undefined) yield block(`The registry cannot be called '${name}': choose another name (${taken})`);
  yield* allowed(scene, path, 'Microsoft.ContainerRegistry/registries/write', `the registry '${name}'`);
  yield {
    ...base,
    title: `Create the registry '${name}'`,
    effect: 'create',
    changes: [
      { what: 'size', to: sku },
      { what: 'admin user', to: 'off' },
    ],
    cost: registryCost(sku),
    do: 'put',
    path,
    apiVersion: apiVersions.registries,
    body: {
      location: scene.target.location,
      sku: { name: sku },
      properties: { adminUserEnabled: false },
      ...tagged(scene),
    },
  };
}

function* identity(scene: Scene, name: string): Pieces {
  const path = scene.ids.identity ?? '';
  const base = { id: 'identity', resource: path };
  if (found(scene, path) !== undefined) {
    yield { ...base, title: `Identity '${name}' stays as it is`, effect: 'leave', do: 'nothing' };
    return;
  }
  yield* named('identity', name);
  yield* allowed(scene, path, 'Microsoft.ManagedIdentity/userAssignedIdentities/write', `the identity '${name}'`);
  yield {
    ...base,
    title: `Create the identity '${name}'`,
    effect: 'create',
    because: 'The app pulls its image with it, so that no password is needed',
    do: 'put',
    path,
    apiVersion: apiVersions.identities,
    body: { location: scene.target.location, ...tagged(scene) },
  };
}

/** Of something that is to be made. */
export function* named(kind: Named, name: string): Pieces {
  const problem = nameProblem(kind, name);
  if (problem !== undefined) yield block(problem);
}

export function* allowed(scene: Scene, scope: string, action: string, what: string): Pieces {
  if (lacksRight(scene, scope, action)) {
    yield block(`You may not create ${what}: ask an owner of '${scene.target.resourceGroup}' for 'Contributor'`);
  }
}

/** Of the app itself, whether it is there or not. */
export function* mayWriteApp(scene: Scene): Pieces {
  if (!lacksRight(scene, scene.ids.app, appWrite(scene.target))) return;
  yield block(
    `You may not deploy to '${scene.target.app.name}': ask an owner of '${scene.target.resourceGroup}' for 'Contributor'`,
  );
}
