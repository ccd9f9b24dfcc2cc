import { randomInt } from 'node:crypto';
import { isObject, textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import { idOf, nameOf, regionOf } from '../app/ids.ts';
import { listAt, objectAt } from '../app/json-edit.ts';
import { withoutNulls } from '../contract.ts';
import { Refusal, type Call, type Core, type Part, type Reply, type Route } from '../core.ts';
import { assignIdentity, principalOf } from '../managed-identity.ts';
import { pullImage, PullRefused, readReference, type Pulled } from '../registry/pull.ts';
import { checkGroup, hasEnded, within } from './check-group.ts';
import { answered, asked } from './contracts.ts';
import { apiVersions, groupIdOf, groupPath, inGroup, inSubscription, provider, type } from './ids.ts';
import { secureKey, startGroup, type Run } from './runner.ts';

/** What runs of a group, and what its resource does not hold. */
interface Running {
  run: Run | undefined;
  stopped: boolean;
  readonly secure: ReadonlyMap<string, string>;
  readonly passwords: ReadonlyMap<string, string>;
}

interface World {
  readonly core: Core;
  readonly groups: Map<string, Running>;
}

const answers = { 200: answered('ContainerGroup'), 201: answered('ContainerGroup') };

/** Container groups, as they are made and as they run. */
export const containerGroups: Part = (core) => {
  const world: World = { core, groups: new Map() };
  core.store.onDelete((id) => {
    const found = world.groups.get(id.toLowerCase());
    world.groups.delete(id.toLowerCase());
    void found?.run?.stop();
  });
  return [
    { ...about('PUT', groupPath, 'write'), body: asked('ContainerGroup'), answers, handle: (call) => put(world, call) },
    {
      ...about('GET', groupPath, 'read'),
      answers,
      handle: (call) => ({ status: 200, body: view(world, need(world, call), true) }),
    },
    { ...about('PATCH', groupPath, 'write'), body: asked('Resource'), answers, handle: (call) => patch(world, call) },
    { ...about('DELETE', groupPath, 'delete'), answers, handle: (call) => remove(world, call) },
    ...[`${inGroup}/containerGroups`, `${inSubscription}/containerGroups`].map((path) => ({
      ...about('GET', path, 'read'),
      answers: { 200: answered('ContainerGroupListResult') },
      handle: ({ at }: Call) => {
        const group = at['group'] === undefined ? '' : `/resourceGroups/${at['group']}`;
        const found = core.store.list(`/subscriptions/${at['subscription'] ?? ''}${group}`, type);
        return { status: 200, body: { value: found.map((one) => view(world, one, false)) } };
      },
    })),
    { ...about('POST', `${groupPath}/start`, 'start/action'), handle: (call) => start(world, call) },
    { ...about('POST', `${groupPath}/stop`, 'stop/action'), handle: (call) => stop(world, call) },
    { ...about('POST', `${groupPath}/restart`, 'restart/action'), handle: (call) => restart(world, call) },
    {
      method: 'GET',
      path: `${groupPath}/containers/{container}/logs`,
      apiVersions,
      action: 'Microsoft.ContainerInstance/containerGroups/containers/logs/read',
      answers: { 200: answered('Logs') },
      handle: (call) => logs(world, call),
    },
  ];
};

function about(
  method: Route['method'],
  path: string,
  action: string,
): Pick<Route, 'method' | 'path' | 'apiVersions' | 'action'> {
  return { method, path, apiVersions, action: `${type}/${action}` };
}

function need({ core }: World, call: Call): JsonObject {
  return core.store.need(groupIdOf(call));
}

async function put(world: World, call: Call): Promise<Reply> {
  const { core } = world;
  const id = groupIdOf(call);
  const before = core.store.get(id);
  if (before !== undefined) checkSettled(before);
  core.store.need(id.split('/').slice(0, 5).join('/'));
  const given = withoutNulls(call.body);
  const body = isObject(given) ? given : {};
  const location =
    textAt(body, 'location') ?? textAt(core.store.get(id.split('/').slice(0, 5).join('/')), 'location') ?? '';
  const identity = assignIdentity(core, id, body['identity'], before);
  const group = { ...body, id, name: call.at['containerGroup'] ?? '', location, identity };
  // What has ended is not updated but made new.
  const updated = before !== undefined && !hasEnded(view(world, before, true)) ? before : undefined;
  checkGroup(core, group, group.name, updated);
  const properties = objectAt(body, 'properties');
  const passwords = secretsOf(listAt(properties, 'imageRegistryCredentials'), 'server', 'password');
  // Azure looks whether it may have the images before it takes the group.
  const images = await pullAll(core, group, passwords);
  // Somebody else's may have been taken meanwhile.
  const now = core.store.get(id);
  if (now !== undefined) checkSettled(now);
  const kept = core.store.put(id, {
    location,
    ...(isObject(body['tags']) && { tags: body['tags'] }),
    ...(Array.isArray(body['zones']) && { zones: body['zones'] }),
    ...(identity['type'] !== 'None' && { identity }),
    properties: {
      sku: 'Standard',
      ...withoutSecrets(properties),
      provisioningState: 'Pending',
      ...(isObject(properties['ipAddress']) && { ipAddress: addressOf(properties['ipAddress'], updated) }),
      instanceView: { events: [], state: 'Pending' },
    },
  });
  const secure = new Map(
    [...listAt(properties, 'containers'), ...listAt(properties, 'initContainers')].flatMap((container) =>
      [...secretsOf(listAt(within(container), 'environmentVariables'), 'name', 'secureValue')].map(
        ([name, value]) => [secureKey(nameOf(container), name), value] as const,
      ),
    ),
  );
  // What runs goes on until the operation replaces it.
  const old = world.groups.get(id.toLowerCase())?.run;
  world.groups.set(id.toLowerCase(), { run: old, stopped: false, secure, passwords });
  const headers = operate(world, kept, () => run(world, id, images));
  return { status: before === undefined ? 201 : 200, body: view(world, kept, true), headers };
}

function patch(world: World, call: Call): Reply {
  const group = need(world, call);
  const tags = call.body['tags'];
  const changed = world.core.store.put(idOf(group), { ...group, ...(isObject(tags) && { tags }) });
  return { status: 200, body: view(world, changed, true) };
}

function remove(world: World, call: Call): Reply {
  const found = world.core.store.get(groupIdOf(call));
  if (found === undefined) return { status: 204 };
  const headers = world.core.operations.start('asyncOperation', operationOf(found), async () => {
    await world.groups.get(idOf(found).toLowerCase())?.run?.stop();
    const principal = textAt(found, 'identity.principalId');
    if (principal !== undefined) world.core.directory.removePrincipal(principal);
    world.core.store.delete(idOf(found));
    return undefined;
  });
  return { status: 202, headers };
}

async function start(world: World, call: Call): Promise<Reply> {
  const group = need(world, call);
  checkSettled(group);
  return { status: 202, headers: await again(world, group) };
}

async function restart(world: World, call: Call): Promise<Reply> {
  const group = need(world, call);
  checkSettled(group);
  await again(world, group);
  return { status: 204 };
}

async function stop(world: World, call: Call): Promise<Reply> {
  const group = need(world, call);
  checkSettled(group);
  const running = world.groups.get(idOf(group).toLowerCase());
  if (running !== undefined) {
    running.stopped = true;
    await running.run?.stop();
    running.run = undefined;
  }
  return { status: 204 };
}

/** Pulls anew, as a tag may mean another image by now, and runs. */
async function again(world: World, group: JsonObject): Promise<Readonly<Record<string, string>>> {
  const running = world.groups.get(idOf(group).toLowerCase());
  const images = await pullAll(world.core, group, running?.passwords ?? new Map());
  if (running !== undefined) running.stopped = false;
  change(world, idOf(group), { provisioningState: 'Pending' });
  return operate(world, group, () => run(world, idOf(group), images));
}

function operate(world: World, group: JsonObject, work: () => Promise<void>): Readonly<Record<string, string>> {
  return world.core.operations.start('asyncOperation', operationOf(group), async (): Promise<Json | undefined> => {
    await work();
    change(world, idOf(group), { provisioningState: 'Succeeded' });
    return undefined;
  });
}

async function run(world: World, id: string, images: ReadonlyMap<string, Pulled>): Promise<void> {
  const running = world.groups.get(id.toLowerCase());
  const group = world.core.store.get(id);
  if (running === undefined || group === undefined) return;
  await running.run?.stop();
  running.run = undefined;
  const ip = textAt(group, 'properties.ipAddress.ip');
  const started = await startGroup({ core: world.core, group, ip, images, secure: running.secure });
  // Deleted while it started.
  if (world.groups.get(id.toLowerCase()) !== running) await started.stop();
  else running.run = started;
}

async function logs(world: World, call: Call): Promise<Reply> {
  const group = need(world, call);
  const name = call.at['container'] ?? '';
  const container = listAt(objectAt(group, 'properties'), 'containers').find((one) => nameOf(one) === name);
  if (container === undefined) {
    throw new Refusal(
      404,
      'ContainerNotFound',
      `The container '${name}' is not found in container group '${nameOf(group)}'.`,
    );
  }
  const found = world.groups.get(idOf(group).toLowerCase())?.run?.containers.find((one) => one.name === name);
  if (found === undefined) {
    throw new Refusal(
      409,
      'ContainerGroupDeploymentNotReady',
      `The container group '${nameOf(group)}' does not run, so that it has no logs.`,
    );
  }
  const tail = Number(call.query.get('tail') ?? NaN);
  const timestamps = call.query.get('timestamps') === 'true';
  return { status: 200, body: { content: await found.logs({ ...(tail > 0 && { tail }), timestamps }) } };
}

async function pullAll(
  core: Core,
  group: JsonObject,
  passwords: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Pulled>> {
  const properties = objectAt(group, 'properties');
  const credentials = listAt(properties, 'imageRegistryCredentials');
  const images = new Map<string, Pulled>();
  for (const container of [...listAt(properties, 'initContainers'), ...listAt(properties, 'containers')]) {
    const image = textAt(container, 'properties.image') ?? '';
    const credential = credentials.find((one) => textAt(one, 'server') === readReference(image).host);
    const identity = textAt(credential, 'identity');
    const username = textAt(credential, 'username');
    const password = passwords.get(textAt(credential, 'server') ?? '');
    try {
      const pulled = await pullImage(core, {
        image,
        ...(identity !== undefined && { principalId: principalOf(group, identity) }),
        ...(username !== undefined && password !== undefined && { credentials: { username, password } }),
      });
      images.set(image, pulled);
    } catch (error) {
      if (!(error instanceof PullRefused)) throw error;
      throw new Refusal(
        400,
        'InaccessibleImage',
        `The image '${image}' in container group '${nameOf(group)}' is not accessible. Please check the image and registry credential.`,
      );
    }
  }
  return images;
}

/** Its ports listen there, on a loopback address of its own, which is also its name: nothing here knows other names. */
function addressOf(address: JsonObject, before: JsonObject | undefined): JsonObject {
  const known = textAt(before, 'properties.ipAddress.ip');
  const ip = known ?? `127.${randomInt(16, 250)}.${randomInt(1, 255)}.${randomInt(2, 255)}`;
  const { ip: _ip, fqdn: _fqdn, ...rest } = address;
  const hasLabel = textAt(address, 'dnsNameLabel') !== undefined;
  return { ...rest, ip, ...(hasLabel && { fqdn: ip, autoGeneratedDomainNameLabelScope: 'Unsecure', ...rest }) };
}

function view(world: World, group: JsonObject, withStates: boolean): JsonObject {
  const properties = objectAt(group, 'properties');
  const running = world.groups.get(idOf(group).toLowerCase());
  const isPending = textAt(properties, 'provisioningState') === 'Pending';
  const { instanceView: _instanceView, ...rest } = properties;
  if (!withStates) return { ...group, properties: rest };
  const hasFailed = textAt(properties, 'provisioningState') === 'Failed';
  const now = running?.stopped === true ? 'Stopped' : (running?.run?.state() ?? (hasFailed ? 'Failed' : 'Stopped'));
  const state = isPending ? 'Pending' : now;
  const containers = listAt(properties, 'containers').map((container) => {
    const instanceView = running?.run?.containers.find((one) => one.name === nameOf(container))?.view();
    return instanceView === undefined
      ? container
      : { ...container, properties: { ...within(container), instanceView } };
  });
  return { ...group, properties: { ...rest, containers, instanceView: { events: [], state } } };
}

function withoutSecrets(properties: JsonObject): JsonObject {
  const bare = (container: JsonObject): JsonObject => {
    const variables = listAt(within(container), 'environmentVariables').map(({ secureValue: _value, ...rest }) => rest);
    return { ...container, properties: { ...within(container), environmentVariables: variables } };
  };
  const logAnalytics = objectAt(objectAt(properties, 'diagnostics'), 'logAnalytics');
  return {
    ...properties,
    restartPolicy: textAt(properties, 'restartPolicy') ?? 'Always',
    containers: listAt(properties, 'containers').map(bare),
    initContainers: listAt(properties, 'initContainers').map(bare),
    imageRegistryCredentials: listAt(properties, 'imageRegistryCredentials').map(
      ({ password: _password, ...rest }) => rest,
    ),
    ...(listAt(properties, 'volumes').length > 0 && { volumes: listAt(properties, 'volumes').map(bareVolume) }),
    ...(Object.keys(logAnalytics).length > 0 && {
      diagnostics: { logAnalytics: { ...logAnalytics, workspaceKey: '' } },
    }),
  };
}

function bareVolume(volume: JsonObject): JsonObject {
  const { storageAccountKey: _key, ...azureFile } = objectAt(volume, 'azureFile');
  return {
    ...volume,
    ...(volume['azureFile'] !== undefined && { azureFile }),
    ...(volume['secret'] !== undefined && { secret: {} }),
  };
}

function secretsOf(list: readonly JsonObject[], key: string, value: string): ReadonlyMap<string, string> {
  return new Map(
    list.flatMap((one) => {
      const secret = textAt(one, value);
      return secret === undefined ? [] : [[textAt(one, key) ?? '', secret] as const];
    }),
  );
}

function checkSettled(group: JsonObject): void {
  if (textAt(group, 'properties.provisioningState') !== 'Pending') return;
  throw new Refusal(
    409,
    'ContainerGroupTransitioning',
    `The container group '${nameOf(group)}' is still transitioning, please retry later.`,
  );
}

function change({ core }: World, id: string, properties: JsonObject): void {
  const found = core.store.get(id);
  if (found !== undefined)
    core.store.put(id, { ...found, properties: { ...objectAt(found, 'properties'), ...properties } });
}

function operationOf(group: JsonObject): { provider: string; location: string; resource: string } {
  return { provider, location: regionOf(group), resource: idOf(group) };
}
