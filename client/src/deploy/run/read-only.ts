import { isObject, type Json, type JsonObject } from '../../azure/json.ts';
import { valueAt, withoutNulls } from './edits.ts';

/** What a PUT may send back of what a GET gave: everything that is not Azure's own. */
export function withoutReadOnly(resource: JsonObject): JsonObject {
  let kept: Json = withoutNulls(resource) ?? {};
  for (const path of [...readOnly, ...readOnlyProperties.map((property) => `properties.${property}`)]) {
    kept = without(kept, path.split('.'));
  }
  // A public address is given, not chosen.
  if (valueAt(kept, 'properties.ipAddress.type') !== 'Private') kept = without(kept, ['properties', 'ipAddress', 'ip']);
  return isObject(kept) ? kept : {};
}

/** Marked `readOnly` in the contracts of the resources that we change; `*` stands for every key or element. */
const readOnly = [
  'id',
  'name',
  'type',
  'etag',
  'systemData',
  'identity.principalId',
  'identity.tenantId',
  'identity.userAssignedIdentities.*.principalId',
  'identity.userAssignedIdentities.*.clientId',
];

const readOnlyProperties = [
  'provisioningState',
  'state',
  'status',
  // Container groups
  'instanceView',
  'ipAddress.fqdn',
  'containers.*.properties.instanceView',
  'initContainers.*.properties.instanceView',
  // Container apps and their environments
  'latestRevisionName',
  'latestReadyRevisionName',
  'latestRevisionFqdn',
  'runningStatus',
  'customDomainVerificationId',
  'eventStreamEndpoint',
  'outboundIpAddresses',
  'configuration.ingress.fqdn',
  'template.containers.*.resources.ephemeralStorage',
  'template.initContainers.*.resources.ephemeralStorage',
  'defaultDomain',
  'staticIp',
  'deploymentErrors',
  'kedaConfiguration.version',
  'daprConfiguration.version',
  // Sites
  'defaultHostName',
  'usageState',
  'hostNames',
  'enabledHostNames',
  'repositorySiteName',
  'availabilityState',
  'lastModifiedTimeUtc',
  'possibleOutboundIpAddresses',
  'suspendedTill',
  'maxNumberOfWorkers',
  'resourceGroup',
  'slotSwapStatus',
  'trafficManagerHostNames',
  'targetSwapSlot',
  'isDefaultContainer',
  'inProgressOperationId',
  // Registries
  'loginServer',
  'creationDate',
  'dataEndpointHostNames',
  'privateEndpointConnections',
];

function without(value: Json, [key, ...rest]: readonly string[]): Json {
  if (key === undefined) return value;
  if (isList(value)) return key === '*' ? value.map((item) => without(item, rest)) : value;
  if (!isObject(value)) return value;
  if (key === '*') {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, without(item, rest)]));
  }
  const { [key]: inner, ...others } = value;
  if (inner === undefined || rest.length === 0) return others;
  return { ...value, [key]: without(inner, rest) };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
