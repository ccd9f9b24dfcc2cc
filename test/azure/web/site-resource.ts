import { isObject, textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { checkMounts, checkSubnet } from './attachments.ts';
import { configure, read } from './config.ts';
import { identityFor } from './identity.ts';
import { field, isProduction, namesIn, productionOf, propertiesOf, regionOf, text } from './ids.ts';
import { slotsOf } from './plans.ts';
import { elsewhere, notFound, refuse } from './refusals.ts';
import { tierOf, type Tier } from './skus.ts';

/** Makes or changes a site or slot as its body says, or refuses; what runs is the caller's. */
export function setSite(core: Core, id: string, body: JsonObject, how: 'PUT' | 'PATCH', caller: string): JsonObject {
  const before = core.store.get(id);
  if (before === undefined) checkNew(core, id);
  const { site: name, slot } = namesIn(id);
  const given = withoutReadOnly(propertiesOf(body));
  const { siteConfig, ...rest } = given;
  const plan = planFor(core, id, given['serverFarmId'], before);
  const location = body['location'] ?? before?.['location'] ?? '';
  checkPlace(before ?? core.store.get(productionOf(id)), plan, location);
  const tier = tierOf(textAt(plan, 'sku.name') ?? '');
  if (before === undefined && slot !== undefined) checkSlots(core, id, tier);
  const config = isObject(siteConfig) ? siteConfig : {};
  checkConfig(config, plan, tier);
  checkSubnet(core, id, given, tier, caller);

  const keep = before === undefined ? {} : propertiesOf(before);
  const identity = identityFor(core, slot === undefined ? name : `${name}/slots/${slot}`, body['identity'], before);
  const tags = how === 'PATCH' ? (body['tags'] ?? before?.['tags']) : body['tags'];
  const stored = core.store.put(id, {
    ...(slot !== undefined && { name: `${name}/${slot}` }),
    kind: kindOf(body['kind'] ?? before?.['kind']),
    location,
    ...(tags !== undefined && { tags }),
    ...(identity !== undefined && { identity }),
    properties: {
      ...initial,
      ...(how === 'PATCH' ? keep : setByAzure(keep)),
      ...rest,
      serverFarmId: plan['id'] ?? '',
      reserved: propertiesOf(plan)['reserved'] ?? false,
      resourceGroup: id.split('/')[4] ?? '',
      lastModifiedTimeUtc: new Date().toISOString(),
    },
  });
  configure(core, id, config, true);
  return stored;
}

/** Without settings and secrets, and of the configuration only the little that Azure shows here. */
export function siteAnswer(core: Core, site: JsonObject): JsonObject {
  const web = read(core, field(site, 'id'), 'config/web');
  const shown = shownConfig.flatMap((key) => (web[key] === undefined ? [] : [[key, web[key]]]));
  const siteConfig = Object.fromEntries(shown) as JsonObject;
  return { ...site, properties: { ...propertiesOf(site), siteConfig } };
}

/** Of a body for config/web or `siteConfig`, for the plan it runs on. */
export function checkConfig(config: JsonObject, plan: JsonObject, tier: Tier | undefined): void {
  const version = config['linuxFxVersion'];
  if (typeof version === 'string' && version !== '') {
    if (propertiesOf(plan)['reserved'] !== true || !isImage(version)) {
      throw refuse(400, 'BadRequest', 'The parameter LinuxFxVersion has an invalid value.', '01007');
    }
  }
  if (config['alwaysOn'] === true && tier?.alwaysOn !== true) {
    throw refuse(
      409,
      'Conflict',
      'There was a conflict. AlwaysOn cannot be set for this site as the plan does not allow it. For more information on pricing and features, please see: https://aka.ms/appservicepricingdetails',
    );
  }
  if (isObject(config['azureStorageAccounts'])) checkMounts(config['azureStorageAccounts']);
  const health = config['healthCheckPath'];
  if (typeof health === 'string' && health !== '' && !health.startsWith('/')) {
    throw refuse(400, 'BadRequest', 'The parameter HealthCheckPath has an invalid value.', '01007');
  }
}

export function planOf(core: Core, site: JsonObject): JsonObject {
  return core.store.need(textAt(site, 'properties.serverFarmId') ?? '');
}

/** Why no site of this name can be made; names are one for all of Azure. */
export function whyNotNamed(
  core: Core,
  name: string,
): { readonly reason: 'Invalid' | 'AlreadyExists'; readonly message: string } | undefined {
  if (!/^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$/i.test(name) || name.length < 2) {
    const message = `The host name '${name}' is invalid: use 2 to 60 letters, digits and hyphens.`;
    return { reason: 'Invalid', message };
  }
  const isTaken = core.store
    .list('', 'Microsoft.Web/sites')
    .some((site) => namesIn(field(site, 'id')).site.toLowerCase() === name.toLowerCase());
  if (!isTaken) return undefined;
  return { reason: 'AlreadyExists', message: `Hostname '${name}' already exists. Please select a different name.` };
}

function checkNew(core: Core, id: string): void {
  const { site, slot } = namesIn(id);
  if (slot !== undefined) {
    core.store.need(productionOf(id));
    if (!/^[a-z0-9]([a-z0-9-]{0,57}[a-z0-9])?$/i.test(slot) || isProduction(slot)) {
      throw refuse(400, 'BadRequest', `The slot name '${slot}' is invalid.`, '51021');
    }
    return;
  }
  // A group that is not there is told before a name that is taken.
  core.store.need(id.split('/').slice(0, 5).join('/'));
  const problem = whyNotNamed(core, site);
  if (problem?.reason === 'Invalid') throw refuse(400, 'BadRequest', problem.message, '51021');
  if (problem !== undefined) throw refuse(409, 'Conflict', `Website with given name ${site} already exists.`, '54001');
}

/** The plan that the body names, else the one it is on, else its site's. */
function planFor(core: Core, id: string, asked: Json | undefined, before: JsonObject | undefined): JsonObject {
  const current = before ?? (namesIn(id).slot === undefined ? undefined : core.store.get(productionOf(id)));
  const plan = typeof asked === 'string' && asked !== '' ? asked : textAt(current, 'properties.serverFarmId');
  if (plan === undefined) {
    throw refuse(400, 'BadRequest', 'The parameter serverFarmId has an invalid value: a plan is needed.', '01007');
  }
  const found = core.store.get(plan);
  if (found === undefined) throw notFound('ServerFarm', plan.slice(plan.lastIndexOf('/') + 1));
  return found;
}

function checkPlace(before: JsonObject | undefined, plan: JsonObject, location: Json): void {
  if (before !== undefined && regionOf(before['location']) !== regionOf(location)) {
    throw elsewhere(field(before, 'name'), field(before, 'location'), text(location));
  }
  if (regionOf(plan['location']) !== regionOf(location)) throw notFound('ServerFarm', field(plan, 'name'));
}

function checkSlots(core: Core, id: string, tier: Tier | undefined): void {
  if (slotsOf(core, productionOf(id)).length < (tier?.slots ?? 0)) return;
  throw refuse(
    409,
    'Conflict',
    `Cannot complete the operation because the site will exceed the number of slots allowed for the '${tier?.name ?? ''}' SKU.`,
    '11015',
  );
}

function isImage(version: string): boolean {
  if (/^DOCKER\|/i.test(version))
    return /^DOCKER\|[\w.:-]+(\/[\w.-]+)*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/i.test(version);
  // Stacks, groups of containers and sidecars are known, but nothing runs for them here.
  return /^(COMPOSE\|\S+|sitecontainers|[A-Z]+\|[\w.-]+)$/i.test(version);
}

function kindOf(kind: Json | undefined): string {
  return typeof kind === 'string' ? kind : 'app,linux,container';
}

/** What the body cannot set, whatever it says: clients send back what they have read. */
function withoutReadOnly(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([key, value]) => value !== null && !readOnly.has(key)));
}

function setByAzure(properties: JsonObject): JsonObject {
  const kept = Object.entries(properties).filter(([key]) => readOnly.has(key) || key === 'keyVaultReferenceIdentity');
  return Object.fromEntries(kept);
}

const readOnly: ReadonlySet<string> = new Set([
  'state',
  'hostNames',
  'repositorySiteName',
  'usageState',
  'enabledHostNames',
  'availabilityState',
  'hostNameSslStates',
  'lastModifiedTimeUtc',
  'targetSwapSlot',
  'outboundIpAddresses',
  'possibleOutboundIpAddresses',
  'maxNumberOfWorkers',
  'resourceGroup',
  'isDefaultContainer',
  'defaultHostName',
  'slotSwapStatus',
  'inProgressOperationId',
  'reserved',
]);

const initial: JsonObject = {
  state: 'Running',
  usageState: 'Normal',
  availabilityState: 'Normal',
  enabled: true,
  isXenon: false,
  hyperV: false,
  scmSiteAlsoStopped: false,
  clientAffinityEnabled: true,
  clientCertEnabled: false,
  clientCertMode: 'Required',
  hostNamesDisabled: false,
  httpsOnly: false,
  redundancyMode: 'None',
  publicNetworkAccess: 'Enabled',
  storageAccountRequired: false,
  keyVaultReferenceIdentity: 'SystemAssigned',
  outboundIpAddresses: '127.0.0.1',
  possibleOutboundIpAddresses: '127.0.0.1',
};

const shownConfig = [
  'numberOfWorkers',
  'linuxFxVersion',
  'acrUseManagedIdentityCreds',
  'acrUserManagedIdentityID',
  'alwaysOn',
  'http20Enabled',
  'functionAppScaleLimit',
  'minimumElasticInstanceCount',
];
