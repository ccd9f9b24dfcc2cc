import { randomBytes } from 'node:crypto';
import { isObject, textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import { Refusal, type Call, type Reply } from '../core.ts';
import type { OwnCore, OwnPart } from '../own-core.ts';
import { answered, asked } from './contracts.ts';
import {
  apiVersions,
  environmentIdOf,
  idOf,
  inGroup,
  inSubscription,
  operationOf,
  regionOf,
  systemDataOf,
} from './ids.ts';
import { isSame, listAt, objectAt } from './json-edit.ts';

const type = 'Microsoft.App/managedEnvironments';
const path = `${inGroup}/managedEnvironments/{environment}`;
const read = 'Microsoft.App/managedEnvironments/read';

/** Environments of container apps. */
export const managedEnvironments: OwnPart = (core) => [
  {
    method: 'PUT',
    path,
    apiVersions,
    action: 'Microsoft.App/managedEnvironments/write',
    body: asked('ManagedEnvironment'),
    answers: { 200: answered('ManagedEnvironment'), 201: answered('ManagedEnvironment') },
    handle: (call) => put(core, call),
  },
  {
    method: 'GET',
    path,
    apiVersions,
    action: read,
    answers: { 200: answered('ManagedEnvironment') },
    handle: (call) => ({ status: 200, body: core.store.need(environmentIdOf(call)) }),
  },
  {
    method: 'DELETE',
    path,
    apiVersions,
    action: 'Microsoft.App/managedEnvironments/delete',
    handle: (call) => remove(core, call),
  },
  ...[`${inGroup}/managedEnvironments`, `${inSubscription}/managedEnvironments`].map((list) => ({
    method: 'GET' as const,
    path: list,
    apiVersions,
    action: read,
    answers: { 200: answered('ManagedEnvironmentsCollection') },
    handle: ({ at }: Call) => {
      const group = at['group'] === undefined ? '' : `/resourceGroups/${at['group']}`;
      return {
        status: 200,
        body: { value: core.store.list(`/subscriptions/${at['subscription'] ?? ''}${group}`, type) },
      };
    },
  })),
  {
    method: 'POST',
    path: `${path}/checkNameAvailability`,
    apiVersions,
    action: 'Microsoft.App/managedEnvironments/checknameavailability/action',
    body: asked('CheckNameAvailabilityRequest'),
    answers: { 200: answered('CheckNameAvailabilityResponse') },
    handle: (call) => checkName(core, call),
  },
];

function put(core: OwnCore, call: Call): Reply {
  const id = environmentIdOf(call);
  const before = core.store.get(id);
  const state = textAt(before, 'properties.provisioningState');
  if (before !== undefined && state !== 'Succeeded' && state !== 'Failed') {
    throw new Refusal(
      409,
      'ManagedEnvironmentOperationInProgress',
      `The environment '${call.at['environment'] ?? ''}' cannot be changed: an operation on it is in progress.`,
    );
  }
  checkSpelling(call.at['environment'] ?? '');
  const properties = objectAt(call.body, 'properties');
  checkLogs(core, properties);
  checkProfiles(properties);
  const known = objectAt(before, 'properties');
  const region = regionOf(call.body);
  const word = randomBytes(4).toString('hex');
  const made = core.store.put(id, {
    location: textAt(call.body, 'location') ?? '',
    ...(isObject(call.body['tags']) && { tags: call.body['tags'] }),
    systemData: systemDataOf(call, before),
    properties: {
      ...properties,
      provisioningState: before === undefined ? 'Waiting' : 'InfrastructureSetupInProgress',
      defaultDomain: textAt(known, 'defaultDomain') ?? `${pick(word)}-${word}.${region}.azurecontainerapps.io`,
      staticIp: textAt(known, 'staticIp') ?? `20.${word.charCodeAt(0)}.${word.charCodeAt(1)}.${word.charCodeAt(2)}`,
      zoneRedundant: properties['zoneRedundant'] === true,
      appLogsConfiguration: withoutKey(objectAt(properties, 'appLogsConfiguration')),
      workloadProfiles: listAt(properties, 'workloadProfiles'),
      infrastructureResourceGroup: `ME_${call.at['environment'] ?? ''}_${call.at['group'] ?? ''}_${region}`,
      eventStreamEndpoint: `${core.url}${id}/eventstream`,
    },
  });
  const headers = core.operations.start('asyncOperation', operationOf(made), async () => {
    for (const next of [
      'InitializationInProgress',
      'InfrastructureSetupInProgress',
      'InfrastructureSetupComplete',
      'Succeeded',
    ]) {
      await new Promise((resolve) => setImmediate(resolve));
      setState(core, id, next);
    }
    return undefined;
  });
  return { status: before === undefined ? 201 : 200, body: made, headers };
}

function remove(core: OwnCore, call: Call): Reply {
  const id = environmentIdOf(call);
  const found = core.store.get(id);
  if (found === undefined) return { status: 204 };
  const apps = core.store
    .list('', 'Microsoft.App/containerApps')
    .filter((app) => isSame(textAt(app, 'properties.environmentId'), id));
  if (apps.length > 0) {
    throw new Refusal(
      409,
      'ManagedEnvironmentHasContainerApps',
      `The environment '${call.at['environment'] ?? ''}' cannot be deleted because it has ${apps.length} container app(s). Delete them first.`,
    );
  }
  setState(core, id, 'ScheduledForDelete');
  const headers = core.operations.start('location', operationOf(found), () => {
    core.store.delete(id);
    return Promise.resolve(undefined);
  });
  return { status: 202, headers };
}

function checkName(core: OwnCore, call: Call): Reply {
  core.store.need(environmentIdOf(call));
  const name = textAt(call.body, 'name') ?? '';
  const kind = textAt(call.body, 'type') ?? '';
  if (!isSame(kind, 'Microsoft.App/containerApps')) return { status: 200, body: { nameAvailable: true } };
  const taken = core.store
    .list('', 'Microsoft.App/containerApps')
    .some(
      (app) =>
        isSame(textAt(app, 'name'), name) && isSame(textAt(app, 'properties.environmentId'), environmentIdOf(call)),
    );
  if (!taken) return { status: 200, body: { nameAvailable: true, reason: 'None', message: '' } };
  const message = `The name '${name}' is already in use in this environment.`;
  return { status: 200, body: { nameAvailable: false, reason: 'AlreadyExists', message } };
}

function checkSpelling(name: string): void {
  if (/^[a-z]([a-z0-9-]*[a-z0-9])?$/i.test(name) && !name.includes('--') && name.length >= 2 && name.length <= 60)
    return;
  throw new Refusal(
    400,
    'ManagedEnvironmentInvalidName',
    `Invalid environment name '${name}'. A name must consist of alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character and cannot have '--'. The length must be between 2 and 60 characters.`,
  );
}

/** The workspace must be there, and the key must be one of its. */
function checkLogs(core: OwnCore, properties: JsonObject): void {
  const logs = objectAt(properties, 'appLogsConfiguration');
  const destination = textAt(logs, 'destination') ?? '';
  if (destination !== 'log-analytics') {
    if (['', 'none', 'azure-monitor'].includes(destination)) return;
    throw invalid(`AppLogsConfiguration.Destination '${destination}' is invalid.`);
  }
  const customerId = textAt(logs, 'logAnalyticsConfiguration.customerId');
  const workspace = core.store
    .list('', 'Microsoft.OperationalInsights/workspaces')
    .find((one) => isSame(textAt(one, 'properties.customerId'), customerId));
  if (workspace === undefined) throw invalid('LogAnalyticsConfiguration.CustomerId is invalid.');
  const keys = core.workspaceKeys.get(customerId ?? '');
  const key = textAt(logs, 'logAnalyticsConfiguration.sharedKey') ?? '';
  if (key === '' || (key !== keys?.primarySharedKey && key !== keys?.secondarySharedKey)) {
    throw invalid('LogAnalyticsConfiguration.SharedKey is invalid.');
  }
}

function checkProfiles(properties: JsonObject): void {
  const names = listAt(properties, 'workloadProfiles').map((profile) => textAt(profile, 'name') ?? '');
  if (new Set(names).size < names.length) throw invalid('WorkloadProfiles have the same name.');
}

function invalid(message: string): Refusal {
  return new Refusal(400, 'InvalidRequestParameterWithDetails', message);
}

function withoutKey(logs: JsonObject): JsonObject {
  const { sharedKey: _sharedKey, ...rest } = objectAt(logs, 'logAnalyticsConfiguration');
  return { ...logs, ...(Object.keys(rest).length > 0 && { logAnalyticsConfiguration: rest }) };
}

function setState(core: OwnCore, id: string, provisioningState: string): void {
  const found = core.store.get(id);
  if (found !== undefined) {
    core.store.put(idOf(found), { ...found, properties: { ...objectAt(found, 'properties'), provisioningState } });
  }
}

function pick(seed: string): string {
  const words = ['whitebeach', 'happyhill', 'calmriver', 'greenfield', 'politeocean', 'mangosand'];
  return words[parseInt(seed, 16) % words.length] ?? 'whitebeach';
}
