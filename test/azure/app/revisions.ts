import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import { Refusal, type Call, type Reply, type Route } from '../core.ts';
import { answered } from './contracts.ts';
import { apiVersions, appIdOf, appPath, idOf, nameOf, revisionIdOf, revisionPath } from './ids.ts';
import { objectAt } from './json-edit.ts';
import type { Replica, Running } from './replica.ts';
import { revisionsOf, trafficOf } from './revisions-of.ts';
import type { World } from './world.ts';

/** What there is below an app: revisions and their replicas. */
export function revisionRoutes(world: World): readonly Route[] {
  const { core } = world;
  const read = (path: string, model: string, body: (call: Call) => Promise<JsonObject>): Route => ({
    method: 'GET',
    path,
    apiVersions,
    action: path.includes('/replicas')
      ? 'Microsoft.App/containerApps/revisions/replicas/read'
      : 'Microsoft.App/containerApps/revisions/read',
    answers: { 200: answered(model) },
    handle: async (call) => ({ status: 200, body: await body(call) }),
  });
  const act = (name: string, handle: (call: Call, revision: string) => Promise<void>): Route => ({
    method: 'POST',
    path: `${revisionPath}/${name}`,
    apiVersions,
    action: `Microsoft.App/containerApps/revisions/${name}/action`,
    handle: async (call): Promise<Reply> => {
      await handle(call, nameOf(needRevision(world, call)));
      return { status: 200 };
    },
  });
  const runtime = (call: Call): ReturnType<World['runtimeOf']> => world.runtimeOf(appIdOf(call));
  return [
    read(`${appPath}/revisions`, 'RevisionCollection', (call) => {
      const app = core.store.need(appIdOf(call));
      return Promise.resolve({ value: revisionsOf(core, idOf(app)).map((one) => viewRevision(world, app, one)) });
    }),
    read(revisionPath, 'Revision', (call) =>
      Promise.resolve(viewRevision(world, core.store.need(appIdOf(call)), needRevision(world, call))),
    ),
    read(`${revisionPath}/replicas`, 'ReplicaCollection', async (call) => {
      const revision = needRevision(world, call);
      const replica = runtime(call).replicaOf(nameOf(revision));
      return { value: replica === undefined ? [] : [await viewReplica(world, call, revision, replica)] };
    }),
    read(`${revisionPath}/replicas/{replica}`, 'Replica', async (call) => {
      const revision = needRevision(world, call);
      const replica = runtime(call).replicaOf(nameOf(revision));
      if (replica?.name === call.at['replica'] && replica !== undefined)
        return viewReplica(world, call, revision, replica);
      throw new Refusal(404, 'ReplicaNotFound', `Replica '${call.at['replica'] ?? ''}' was not found.`);
    }),
    // Answered at once; what comes of it shows in the revision.
    act('activate', (call, revision) => {
      void runtime(call)
        .activate(revision)
        .catch(() => undefined);
      return Promise.resolve();
    }),
    act('deactivate', (call, revision) => runtime(call).deactivate(revision)),
    act('restart', (call, revision) => {
      if (objectAt(needRevision(world, call), 'properties')['active'] !== true) {
        throw new Refusal(
          400,
          'RevisionNotActive',
          `Revision '${revision}' is not active, so that it cannot be restarted.`,
        );
      }
      void runtime(call)
        .restart(revision)
        .catch(() => undefined);
      return Promise.resolve();
    }),
  ];
}

function needRevision(world: World, call: Call): JsonObject {
  world.core.store.need(appIdOf(call));
  const found = world.core.store.get(revisionIdOf(call));
  if (found !== undefined) return found;
  throw new Refusal(404, 'RevisionNotFound', `Revision '${call.at['revision'] ?? ''}' was not found.`);
}

function viewRevision(world: World, app: JsonObject, revision: JsonObject): JsonObject {
  const properties = objectAt(revision, 'properties');
  const replica = world.runtimeOf(idOf(app)).replicaOf(nameOf(revision));
  const trafficWeight = trafficOf(world.core, app)
    .filter((share) => share.revision === nameOf(revision))
    .reduce((sum, { weight }) => sum + weight, 0);
  return {
    ...revision,
    properties: {
      ...properties,
      trafficWeight,
      replicas: replica === undefined ? 0 : 1,
      ...conditionOf(properties, replica),
    },
  };
}

function conditionOf(properties: JsonObject, replica: Replica | undefined): JsonObject {
  const state = textAt(properties, 'provisioningState');
  if (properties['active'] !== true) return { healthState: 'None', runningState: 'Stopped' };
  if (state === 'Failed' && replica?.isReady() !== true) return { healthState: 'Unhealthy', runningState: 'Failed' };
  if (replica === undefined)
    return { healthState: 'Healthy', runningState: state === 'Provisioning' ? 'Processing' : 'ScaledToZero' };
  if (replica.isReady()) return { healthState: 'Healthy', runningState: 'Running' };
  const isTroubled = replica.containers.some(({ trouble }) => trouble !== undefined);
  return isTroubled
    ? { healthState: 'Unhealthy', runningState: 'Degraded' }
    : { healthState: 'None', runningState: 'Processing' };
}

async function viewReplica(world: World, call: Call, revision: JsonObject, replica: Replica): Promise<JsonObject> {
  const { subscription = '', group = '', app = '' } = call.at;
  const base = `${await world.streams()}/subscriptions/${subscription}/resourceGroups/${group}/containerApps/${app}`;
  const here = `${base}/revisions/${nameOf(revision)}/replicas/${replica.name}/containers`;
  const viewContainer = (container: Running): JsonObject => ({
    name: container.name,
    containerId: `containerd://${container.id}`,
    ready: container.ready,
    started: container.started,
    restartCount: container.restarts,
    runningState: container.ready || container.started ? 'Running' : container.restarts > 0 ? 'Waiting' : 'Unknown',
    runningStateDetails: container.trouble ?? '',
    logStreamEndpoint: `${here}/${container.name}/logstream`,
    execEndpoint: `${here}/${container.name}/exec`,
  });
  return {
    id: `${idOf(revision)}/replicas/${replica.name}`,
    name: replica.name,
    type: 'Microsoft.App/containerApps/revisions/replicas',
    properties: {
      createdTime: replica.createdTime,
      runningState: replica.isReady() ? 'Running' : 'NotRunning',
      containers: replica.containers.map(viewContainer),
      initContainers: [],
    },
  };
}
