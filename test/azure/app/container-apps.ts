import { at, isObject, textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import { Refusal, type Call, type Part, type Reply, type Route } from '../core.ts';
import { assignIdentity } from '../managed-identity.ts';
import { checkApp } from './check-app.ts';
import { answered, answeredList, asked } from './contracts.ts';
import {
  apiVersions,
  appIdOf,
  appPath,
  idOf,
  inGroup,
  inSubscription,
  nameOf,
  operationOf,
  systemDataOf,
} from './ids.ts';
import { isSame, listAt, mergePatch, objectAt } from './json-edit.ts';
import { revisionRoutes } from './revisions.ts';
import { revisionsOf } from './revisions-of.ts';
import { normalize, putSecrets, takeSecrets } from './shape.ts';
import { createWorld, isBusy, type World } from './world.ts';

const type = 'Microsoft.App/containerApps';
const answers = { 200: answered('ContainerApp'), 201: answered('ContainerApp') };

/** Container apps, as they are configured and as they run. */
export const containerApps: Part = (core) => {
  const world = createWorld(core);
  return [
    {
      ...about('PUT', appPath, 'write'),
      body: asked('ContainerApp'),
      answers,
      handle: (call) => put(world, call),
    },
    {
      ...about('PATCH', appPath, 'write'),
      body: asked('ContainerApp'),
      answers,
      handle: (call) => patch(world, call),
    },
    {
      ...about('GET', appPath, 'read'),
      answers,
      handle: (call) => ({ status: 200, body: view(world, need(world, call)) }),
    },
    { ...about('DELETE', appPath, 'delete'), handle: (call) => remove(world, call) },
    ...[`${inGroup}/containerApps`, `${inSubscription}/containerApps`].map((path) => ({
      ...about('GET', path, 'read'),
      answers: { 200: answeredList('ContainerApp') },
      handle: ({ at: named }: Call) => {
        const group = named['group'] === undefined ? '' : `/resourceGroups/${named['group']}`;
        const found = core.store.list(`/subscriptions/${named['subscription'] ?? ''}${group}`, type);
        return { status: 200, body: { value: found.map((app) => view(world, app)) } };
      },
    })),
    {
      ...about('POST', `${appPath}/listSecrets`, 'listSecrets/action'),
      answers: { 200: answered('SecretsCollection') },
      handle: (call) => listSecrets(world, call),
    },
    {
      ...about('POST', `${appPath}/getAuthtoken`, 'getAuthToken/action'),
      answers: { 200: answered('ContainerAppAuthToken') },
      handle: (call) => getToken(world, call),
    },
    { ...about('POST', `${appPath}/start`, 'start/action'), handle: (call) => setStopped(world, call, false) },
    { ...about('POST', `${appPath}/stop`, 'stop/action'), handle: (call) => setStopped(world, call, true) },
    ...revisionRoutes(world),
  ];
};

function about(
  method: Route['method'],
  path: string,
  action: string,
): Pick<Route, 'method' | 'path' | 'apiVersions' | 'action'> {
  return { method, path, apiVersions, action: `Microsoft.App/containerApps/${action}` };
}

function need(world: World, call: Call): JsonObject {
  return world.core.store.need(appIdOf(call));
}

function put(world: World, call: Call): Reply {
  const before = world.core.store.get(appIdOf(call));
  checkIdle(call, before);
  const app = write(world, call, normalize(call.body), before);
  const headers = world.core.operations.start('asyncOperation', operationOf(app), () => apply(world, idOf(app)));
  return { status: 201, body: view(world, app), headers };
}

function patch(world: World, call: Call): Reply {
  const before = need(world, call);
  checkIdle(call, before);
  const whole = putSecrets(before, world.runtimeOf(idOf(before)).secrets());
  const merged = mergePatch(mergePatch(whole, trafficReset(whole, call.body)), call.body);
  const app = write(world, call, normalize(isObject(merged) ? merged : {}), before);
  const headers = world.core.operations.start('location', operationOf(app), () => apply(world, idOf(app)));
  return { status: 202, headers };
}

/** Checks what is asked for, and keeps it; what of it really runs is for the operation. */
function write(world: World, call: Call, wanted: JsonObject, before: JsonObject | undefined): JsonObject {
  const { core } = world;
  const name = call.at['app'] ?? '';
  const id = before === undefined ? appIdOf(call) : idOf(before);
  if (before !== undefined && !isSame(plain(textAt(wanted, 'location')), plain(textAt(before, 'location')))) {
    throw new Refusal(
      409,
      'InvalidResourceLocation',
      `The resource '${name}' already exists in location '${textAt(before, 'location') ?? ''}'. A resource with the same name cannot be created in location '${textAt(wanted, 'location') ?? ''}'. Please select a new resource name.`,
    );
  }
  const known = objectAt(before, 'properties');
  const moved = textAt(known, 'environmentId');
  if (moved !== undefined && !isSame(moved, textAt(wanted, 'properties.environmentId'))) {
    throw new Refusal(
      400,
      'ContainerAppEnvironmentUpdateNotAllowed',
      `The environment of container app '${name}' cannot be changed.`,
    );
  }
  // Without a group there is nothing to look at.
  core.store.need(id.split('/').slice(0, 5).join('/'));
  const identity = assignIdentity(core, id, wanted['identity'], before);
  const checked = { ...wanted, identity };
  const environment = core.store.get(textAt(wanted, 'properties.environmentId') ?? '');
  checkApp(checked, { name, environment, revisions: revisionsOf(core, id).map(nameOf) });
  const { app, values } = takeSecrets(checked);
  const made = core.store.put(id, {
    type,
    location: textAt(app, 'location') ?? '',
    ...(isObject(app['tags']) && { tags: app['tags'] }),
    systemData: systemDataOf(call, before),
    identity,
    properties: {
      ...objectAt(app, 'properties'),
      ...kept(known),
      provisioningState: 'InProgress',
      outboundIpAddresses: [textAt(environment, 'properties.staticIp') ?? ''],
      configuration: withAddress(objectAt(objectAt(app, 'properties'), 'configuration'), known),
    },
  });
  world.runtimeOf(id).setSecrets(values);
  return made;
}

async function apply(world: World, id: string): Promise<Json | undefined> {
  const { store } = world.core;
  await world.runtimeOf(id).apply();
  const eventStreamEndpoint = `${await world.streams()}${id.replace('/providers/Microsoft.App', '')}/eventstream`;
  const app = store.need(id);
  const properties = { ...objectAt(app, 'properties'), provisioningState: 'Succeeded', eventStreamEndpoint };
  return view(world, store.put(id, { ...app, properties }));
}

function remove(world: World, call: Call): Reply {
  const found = world.core.store.get(appIdOf(call));
  if (found === undefined) return { status: 204 };
  const id = idOf(found);
  const deleting = { ...objectAt(found, 'properties'), provisioningState: 'Deleting' };
  world.core.store.put(id, { ...found, properties: deleting });
  const headers = world.core.operations.start('location', operationOf(found), async () => {
    await world.runtimeOf(id).end();
    const principal = textAt(found, 'identity.principalId');
    if (principal !== undefined) world.core.directory.removePrincipal(principal);
    world.core.store.delete(id);
    return undefined;
  });
  return { status: 202, headers };
}

function listSecrets(world: World, call: Call): Reply {
  const app = need(world, call);
  const values = world.runtimeOf(idOf(app)).secrets();
  const listed = listAt(objectAt(objectAt(app, 'properties'), 'configuration'), 'secrets').map((secret) => {
    const value = values.get(textAt(secret, 'name') ?? '');
    return value === undefined ? secret : { ...secret, value };
  });
  return { status: 200, body: { value: listed } };
}

function getToken(world: World, call: Call): Reply {
  const app = need(world, call);
  const expires = new Date(Date.now() + 3600_000).toISOString();
  const properties = { token: world.tokenFor(idOf(app)), expires };
  const body = {
    id: idOf(app),
    name: nameOf(app),
    type: `${type}/accesstoken`,
    location: textAt(app, 'location') ?? '',
    properties,
  };
  return { status: 200, body };
}

function setStopped(world: World, call: Call, stopped: boolean): Reply {
  const app = need(world, call);
  checkIdle(call, app);
  const headers = world.core.operations.start('location', operationOf(app), async () => {
    await world.runtimeOf(idOf(app)).setStopped(stopped);
    return view(world, world.core.store.need(idOf(app)));
  });
  return { status: 202, headers };
}

function checkIdle(call: Call, before: JsonObject | undefined): void {
  if (!isBusy(before)) return;
  throw new Refusal(
    409,
    'ContainerAppOperationInProgress',
    `Cannot modify a container app '${call.at['app'] ?? ''}' because there is an operation in progress. Please try again later.`,
  );
}

function view(world: World, app: JsonObject): JsonObject {
  const runtime = world.runtimeOf(idOf(app));
  const runningStatus = runtime.isStopped() ? 'Stopped' : isBusy(app) ? 'Progressing' : 'Running';
  return { ...app, properties: { ...objectAt(app, 'properties'), runningStatus } };
}

/** Back in Single mode, all traffic goes to the latest revision again, unless the body says otherwise, which is refused. */
function trafficReset(app: JsonObject, body: JsonObject): JsonObject {
  const mode = textAt(body, 'properties.configuration.activeRevisionsMode') ?? '';
  const hasIngress = at(app, 'properties.configuration.ingress') !== undefined;
  if (!hasIngress || !isSame(mode, 'Single')) return {};
  return { properties: { configuration: { ingress: { traffic: null } } } };
}

/** What only the service sets. */
function kept(known: JsonObject): JsonObject {
  const names = ['latestRevisionName', 'latestReadyRevisionName', 'latestRevisionFqdn', 'eventStreamEndpoint'];
  return Object.fromEntries(Object.entries(known).filter(([name]) => names.includes(name)));
}

function withAddress(configuration: JsonObject, known: JsonObject): JsonObject {
  const { fqdn: _theirs, ...ingress } = objectAt(configuration, 'ingress');
  const fqdn = textAt(known, 'configuration.ingress.fqdn');
  return configuration['ingress'] === undefined
    ? configuration
    : { ...configuration, ingress: { ...ingress, ...(fqdn !== undefined && { fqdn }) } };
}

function plain(location: string | undefined): string {
  return (location ?? '').replaceAll(' ', '');
}
