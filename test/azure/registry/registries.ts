import * as mappers from '@azure/arm-containerregistry/dist-esm/src/models/mappers.js';
import { isObject, textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import { contractOf } from '../contract.ts';
import { Refusal, type Call, type Contract, type Core, type Part, type Reply, type Route } from '../core.ts';
import { createRegistryHosts, type RegistryHosts } from './registry-host.ts';
import { runRoutes } from './runs.ts';

const provider = 'Microsoft.ContainerRegistry';
const type = `${provider}/registries`;
const written = ['2023-07-01'];
/** The later one tells more of a registry; see `shown`. */
const read = ['2023-07-01', '2025-11-01'];
const registryPath = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${type}/{registry}`;

export const registries: Part = (core) => {
  const hosts = createRegistryHosts(core);
  return [...registryRoutes(core, hosts), ...runRoutes(core, hosts)];
};

function registryRoutes(core: Core, hosts: RegistryHosts): readonly Route[] {
  const contract = contractOf(mappers, 'Registry', { answer: true, also: newer });
  const list = contractOf(mappers, 'RegistryListResult', { answer: true, also: newer });
  const credentials = contractOf(mappers, 'RegistryListCredentialsResult', { answer: true });
  const one = (call: Call): JsonObject => core.store.need(call.id);
  const all = async (call: Call, below: string): Promise<Reply> => {
    const found = core.store.list(below, type);
    for (const registry of found) await hosts.of(textAt(registry, 'id') ?? '');
    return { status: 200, body: { value: core.store.list(below, type).map((each) => shown(each, call)) } };
  };
  return [
    {
      method: 'POST',
      path: `/subscriptions/{subscription}/providers/${provider}/checkNameAvailability`,
      apiVersions: read,
      action: `${provider}/checkNameAvailability/read`,
      body: contractOf(mappers, 'RegistryNameCheckRequest'),
      answers: { 200: contractOf(mappers, 'RegistryNameStatus', { answer: true }) },
      handle: ({ body }) => ({ status: 200, body: nameStatus(core, textAt(body, 'name') ?? '') }),
    },
    {
      method: 'PUT',
      path: registryPath,
      apiVersions: written,
      action: `${type}/write`,
      body: withSku(contractOf(mappers, 'Registry')),
      answers: { 200: contract, 201: contract },
      handle: (call) => create(core, hosts, call),
    },
    {
      method: 'PATCH',
      path: registryPath,
      apiVersions: written,
      action: `${type}/write`,
      body: contractOf(mappers, 'RegistryUpdateParameters'),
      answers: { 200: contract },
      handle: async (call) => {
        const before = one(call);
        const { sku, tags, properties } = call.body;
        const changed = {
          ...before,
          ...(isObject(sku) ? { sku: skuOf(sku) } : {}),
          ...(tags === undefined ? {} : { tags }),
          properties: { ...propertiesOf(before), ...(isObject(properties) ? properties : {}) },
        };
        core.store.put(call.id, changed);
        await hosts.of(call.id);
        return { status: 200, body: shown(one(call), call) };
      },
    },
    {
      method: 'GET',
      path: registryPath,
      apiVersions: read,
      action: `${type}/read`,
      answers: { 200: contract },
      handle: async (call) => {
        one(call);
        await hosts.of(call.id);
        return { status: 200, body: shown(one(call), call) };
      },
    },
    {
      method: 'DELETE',
      path: registryPath,
      apiVersions: written,
      action: `${type}/delete`,
      handle: (call) => {
        if (core.store.get(call.id) === undefined) return { status: 204 };
        core.store.delete(call.id);
        return { status: 200 };
      },
    },
    {
      method: 'GET',
      path: `/subscriptions/{subscription}/resourceGroups/{group}/providers/${type}`,
      apiVersions: read,
      action: `${type}/read`,
      answers: { 200: list },
      handle: (call) => {
        const group = `/subscriptions/${call.at['subscription'] ?? ''}/resourceGroups/${call.at['group'] ?? ''}`;
        core.store.need(group);
        return all(call, group);
      },
    },
    {
      method: 'GET',
      path: `/subscriptions/{subscription}/providers/${type}`,
      apiVersions: read,
      action: `${type}/read`,
      answers: { 200: list },
      handle: (call) => all(call, `/subscriptions/${call.at['subscription'] ?? ''}`),
    },
    {
      method: 'POST',
      path: `${registryPath}/listCredentials`,
      apiVersions: written,
      action: `${type}/listCredentials/action`,
      answers: { 200: credentials },
      handle: async (call) => {
        const id = registryIdOf(call);
        const registry = core.store.need(id);
        if (propertiesOf(registry)['adminUserEnabled'] !== true) {
          throw new Refusal(
            400,
            'UnAuthorizedForCredentialOperations',
            `Cannot perform credential operations for ${id} as admin user is disabled. Kindly enable admin user as per docs: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-authentication#admin-account`,
          );
        }
        const passwords = (await hosts.of(id)).passwords;
        const body = {
          username: textAt(registry, 'name') ?? '',
          passwords: passwords.map((value, index) => ({ name: index === 0 ? 'password' : 'password2', value })),
        };
        return { status: 200, body };
      },
    },
    {
      method: 'GET',
      path: `${registryPath}/listUsages`,
      apiVersions: read,
      action: `${type}/listUsages/read`,
      answers: { 200: contractOf(mappers, 'RegistryUsageListResult', { answer: true }) },
      handle: async (call) => {
        const id = registryIdOf(call);
        const registry = core.store.need(id);
        const [gibibytes, webhooks] = limits[textAt(registry, 'sku.name')?.toLowerCase() ?? ''] ?? [10, 2];
        const size = (await hosts.of(id)).repositories.size();
        const value = [
          { name: 'Size', limit: gibibytes * 2 ** 30, currentValue: size, unit: 'Bytes' },
          { name: 'Webhooks', limit: webhooks, currentValue: 0, unit: 'Count' },
        ];
        return { status: 200, body: { value } };
      },
    },
  ];
}

/** The service wants one, though the package's table does not say so. */
function withSku(contract: Contract): Contract {
  return (body) => [...contract(body), ...((textAt(body, 'sku.name') ?? '') === '' ? ["'sku.name' is missing"] : [])];
}

/** Storage that is included, and webhooks, by SKU. */
const limits: Readonly<Record<string, readonly [number, number]>> = {
  basic: [10, 2],
  standard: [100, 10],
  premium: [500, 500],
};

function registryIdOf({ at: part }: Call): string {
  return `/subscriptions/${part['subscription'] ?? ''}/resourceGroups/${part['group'] ?? ''}/providers/${type}/${part['registry'] ?? ''}`;
}

async function create(core: Core, hosts: RegistryHosts, call: Call): Promise<Reply> {
  const { body, id } = call;
  const before = core.store.get(id);
  const name = call.at['registry'] ?? '';
  const location = placeOf(textAt(body, 'location') ?? '');
  if (before === undefined) checkName(core, name);
  else if (location !== textAt(before, 'location')) {
    throw new Refusal(
      409,
      'InvalidResourceLocation',
      `The resource '${name}' already exists in location '${textAt(before, 'location') ?? ''}' in resource group '${call.at['group'] ?? ''}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
    );
  }
  const slow = before === undefined && core.times.operation > 0;
  const whole: JsonObject = {
    location,
    tags: body['tags'] ?? {},
    sku: skuOf(body['sku']),
    ...(body['identity'] === undefined ? {} : { identity: body['identity'] }),
    properties: {
      ...defaults,
      creationDate: new Date().toISOString(),
      ...(before === undefined ? {} : kept(before)),
      ...(isObject(body['properties']) ? body['properties'] : {}),
      provisioningState: slow ? 'Creating' : 'Succeeded',
    },
  };
  core.store.put(id, whole);
  await hosts.of(id);
  if (!slow) return { status: 200, body: shown(core.store.need(id), call) };
  const about = { provider, location, resource: id };
  const headers = core.operations.start('asyncOperation', about, () => {
    const made = core.store.need(id);
    core.store.put(id, { ...made, properties: { ...propertiesOf(made), provisioningState: 'Succeeded' } });
    return Promise.resolve(undefined);
  });
  return { status: 201, body: shown(core.store.need(id), call), headers };
}

function checkName(core: Core, name: string): void {
  const { nameAvailable, reason, message } = nameStatus(core, name);
  if (nameAvailable) return;
  if (reason === 'Invalid') throw new Refusal(400, 'InvalidResourceName', message);
  throw new Refusal(
    409,
    'AlreadyInUse',
    `The registry DNS name ${name.toLowerCase()}.azurecr.io is already in use. You can check if the name is already claimed using following API: https://docs.microsoft.com/en-us/rest/api/containerregistry/registries/checknameavailability`,
  );
}

function nameStatus(core: Core, name: string) {
  if (!/^[a-z0-9]{5,50}$/i.test(name)) {
    const message = 'Resource names may contain alpha numeric characters only and must be between 5 and 50 characters.';
    return { nameAvailable: false, reason: 'Invalid', message };
  }
  const taken = core.store.list('', type).some((each) => textAt(each, 'name')?.toLowerCase() === name.toLowerCase());
  if (!taken) return { nameAvailable: true };
  return { nameAvailable: false, reason: 'AlreadyExists', message: `The registry ${name} is already in use.` };
}

const defaults: JsonObject = {
  adminUserEnabled: false,
  policies: {
    quarantinePolicy: { status: 'disabled' },
    trustPolicy: { type: 'Notary', status: 'disabled' },
    retentionPolicy: { days: 7, status: 'disabled' },
    exportPolicy: { status: 'enabled' },
    azureADAuthenticationAsArmPolicy: { status: 'enabled' },
  },
  encryption: { status: 'disabled' },
  dataEndpointEnabled: false,
  dataEndpointHostNames: [],
  privateEndpointConnections: [],
  publicNetworkAccess: 'Enabled',
  networkRuleBypassOptions: 'AzureServices',
  zoneRedundancy: 'Disabled',
  anonymousPullEnabled: false,
  roleAssignmentMode: 'LegacyRegistryPermissions',
};

/** What a PUT without it leaves as it was. */
function kept(before: JsonObject): JsonObject {
  const { creationDate, loginServer, roleAssignmentMode, anonymousPullEnabled, policies } = propertiesOf(before);
  const all = { creationDate, loginServer, roleAssignmentMode, anonymousPullEnabled, policies };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Came with later versions than 2023-07-01, which keeps silent about them whatever they are. */
const newer = [
  'properties.anonymousPullEnabled',
  'properties.roleAssignmentMode',
  'properties.policies.azureADAuthenticationAsArmPolicy',
];

function shown(registry: JsonObject, call: Call): JsonObject {
  if (call.query.get('api-version') !== '2023-07-01') return registry;
  const { anonymousPullEnabled: _pull, roleAssignmentMode: _mode, ...properties } = propertiesOf(registry);
  if (!isObject(properties['policies'])) return { ...registry, properties };
  const { azureADAuthenticationAsArmPolicy: _policy, ...policies } = properties['policies'];
  return { ...registry, properties: { ...properties, policies } };
}

function propertiesOf(registry: JsonObject): JsonObject {
  return isObject(registry['properties']) ? registry['properties'] : {};
}

function skuOf(sku: JsonObject[string] | undefined): JsonObject {
  const name = textAt(sku, 'name') ?? '';
  const known = ['Basic', 'Standard', 'Premium'].find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;
  return { name: known, tier: known };
}

/** `West Europe` and `westeurope` are the same. */
function placeOf(location: string): string {
  return location.toLowerCase().replaceAll(' ', '');
}
