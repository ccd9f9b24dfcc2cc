import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import { listAt, numberAt, objectAt } from '../app/json-edit.ts';
import { regionOf } from '../app/ids.ts';
import { Refusal, type Core } from '../core.ts';
import { principalOf } from '../managed-identity.ts';
import { type } from './ids.ts';

/** What a region gives one subscription by default, as documented. */
export const quota = { StandardCores: 100, ContainerGroups: 100 } as const;

/** Refuses what Container Instances refuses at once. Codes and words are those that users report; the others say only what is wrong. */
export function checkGroup(core: Core, group: JsonObject, name: string, before: JsonObject | undefined): void {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name) || name.includes('--')) {
    throw bad(
      'InvalidContainerGroupName',
      `The container group name '${name}' is invalid. It can contain only lowercase letters, numbers and hyphens, and must be at most 63 characters long.`,
    );
  }
  const properties = objectAt(group, 'properties');
  checkContainers(name, properties);
  checkCredentials(name, group, properties);
  checkAddress(core, name, group, properties, before);
  checkLogs(core, name, properties);
  if (before !== undefined) checkChange(name, properties, objectAt(before, 'properties'));
  checkQuota(core, group, properties, before);
}

/** Of a container or of a group's entry in a list: what is inside its `properties`. */
export function within(container: JsonObject): JsonObject {
  return objectAt(container, 'properties');
}

export function coresOf(properties: JsonObject): number {
  return listAt(properties, 'containers').reduce((sum, container) => sum + requestsOf(container).cpu, 0);
}

export function requestsOf(container: JsonObject): { readonly cpu: number; readonly memory: number } {
  const requests = objectAt(objectAt(within(container), 'resources'), 'requests');
  return { cpu: numberAt(requests, 'cpu') ?? 0, memory: numberAt(requests, 'memoryInGB') ?? 0 };
}

export function portsOf(value: JsonObject): readonly number[] {
  return listAt(value, 'ports').map((port) => numberAt(port, 'port') ?? 0);
}

/** Those that have ended are made new, as the documentation of updates says. */
export function hasEnded(group: JsonObject): boolean {
  return /^(Succeeded|Failed|Stopped|Terminated)$/.test(textAt(group, 'properties.instanceView.state') ?? '');
}

function checkContainers(group: string, properties: JsonObject): void {
  const containers = listAt(properties, 'containers');
  if (containers.length === 0) throw bad('MissingContainers', `The container group '${group}' has no containers.`);
  const all = [...containers, ...listAt(properties, 'initContainers')];
  const names = all.map((container) => textAt(container, 'name') ?? '');
  for (const [index, container] of all.entries()) {
    const name = names[index] ?? '';
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name) || names.indexOf(name) !== index) {
      throw bad(
        'InvalidContainerName',
        `The container name '${name}' in container group '${group}' is invalid, or there twice.`,
      );
    }
    for (const variable of listAt(within(container), 'environmentVariables')) {
      const values = [variable['value'], variable['secureValue']].filter((value) => typeof value === 'string');
      if (values.length !== 1) {
        throw bad(
          'InvalidEnvironmentVariable',
          `The environment variable '${textAt(variable, 'name') ?? ''}' of container '${name}' in container group '${group}' needs either a value or a secureValue.`,
        );
      }
    }
  }
  if (!/^(Linux|Windows)$/.test(textAt(properties, 'osType') ?? '')) {
    throw bad(
      'InvalidOsType',
      `The OS type '${textAt(properties, 'osType') ?? ''}' of container group '${group}' is invalid.`,
    );
  }
  for (const container of containers) {
    const { cpu, memory } = requestsOf(container);
    if (cpu >= 0.1 && cpu <= 4 && memory >= 0.1 && memory <= 16) continue;
    throw bad(
      'ServiceUnavailable',
      `The requested resource is not available in the location '${group}' at this moment. Please retry with a different resource request or in another location. Resource requested: '${cpu}' CPU '${memory}' GB memory 'Linux' OS`,
    );
  }
  const ports = containers.flatMap((container) => portsOf(within(container)));
  if (new Set(ports).size < ports.length) {
    throw bad('DuplicatePorts', `The container group '${group}' has a port more than once in its containers.`);
  }
}

/** The identity of the system is too late for a pull: it comes to be with the group. */
function checkCredentials(name: string, group: JsonObject, properties: JsonObject): void {
  for (const credential of listAt(properties, 'imageRegistryCredentials')) {
    const server = textAt(credential, 'server') ?? '';
    const identity = textAt(credential, 'identity');
    const isAssigned = identity?.startsWith('/') === true && principalOf(group, identity) !== undefined;
    const hasPassword = textAt(credential, 'username') !== undefined && textAt(credential, 'password') !== undefined;
    if (isAssigned || hasPassword) continue;
    throw bad(
      'InvalidImageRegistryCredential',
      identity === undefined
        ? `The 'username' and 'password' of image registry '${server}' in container group '${name}' must be given.`
        : `The identity '${identity}' of image registry '${server}' is not one of the user-assigned identities of container group '${name}'.`,
    );
  }
}

function checkAddress(
  core: Core,
  name: string,
  group: JsonObject,
  properties: JsonObject,
  before: JsonObject | undefined,
): void {
  const address = objectAt(properties, 'ipAddress');
  if (Object.keys(address).length === 0) return;
  const open = new Set(listAt(properties, 'containers').flatMap((container) => portsOf(within(container))));
  if (portsOf(address).some((port) => !open.has(port))) {
    throw bad(
      'InvalidIPAddressPorts',
      `The IP address in container group '${name}' has ports that are not exposed in the container group. Only the port exposed by container instances can be specified.`,
    );
  }
  const label = textAt(address, 'dnsNameLabel');
  if (label === undefined) return;
  if (!/^[a-z][a-z0-9-]{3,61}[a-z0-9]$/.test(label)) {
    throw bad(
      'InvalidDnsNameLabel',
      `The DNS name label '${label}' in container group '${name}' is invalid. It can contain only lowercase letters, numbers and hyphens. The first character must be a letter. The last character must be a letter or number. The value must be between 5 and 63 characters long.`,
    );
  }
  const isTaken = core.store
    .list('', type)
    .some(
      (other) =>
        other['id'] !== before?.['id'] &&
        regionOf(other) === regionOf(group) &&
        textAt(other, 'properties.ipAddress.dnsNameLabel') === label,
    );
  if (isTaken) {
    throw bad(
      'DnsNameLabelNotAvailable',
      `The DNS name label '${label}' in container group '${name}' not available. Try using a different label.`,
    );
  }
}

/** Both are needed; a GET gives back the one only. */
function checkLogs(core: Core, name: string, properties: JsonObject): void {
  const logs = objectAt(objectAt(properties, 'diagnostics'), 'logAnalytics');
  if (Object.keys(logs).length === 0) return;
  if (core.logs.isKey(textAt(logs, 'workspaceId') ?? '', textAt(logs, 'workspaceKey') ?? '')) return;
  throw bad(
    'InvalidLogAnalyticsWorkspace',
    `The log analytics workspace id or key of container group '${name}' is invalid.`,
  );
}

/** "Properties that require container delete" in the documentation of updates; where the logs go is refused in the same words. */
function checkChange(name: string, now: JsonObject, before: JsonObject): void {
  const sizes = (properties: JsonObject): string =>
    JSON.stringify(
      listAt(properties, 'containers')
        .map((container) => [textAt(container, 'name'), requestsOf(container)])
        .sort(),
    );
  const says = (properties: JsonObject): string =>
    JSON.stringify([
      textAt(properties, 'osType'),
      textAt(properties, 'restartPolicy') ?? 'Always',
      textAt(properties, 'ipAddress.type') ?? 'none',
      textAt(properties, 'diagnostics.logAnalytics.workspaceId') ?? '',
      listAt(properties, 'subnetIds').map((one) => textAt(one, 'id')),
      sizes(properties),
    ]);
  if (says(now) === says(before)) return;
  throw bad(
    'InvalidContainerGroupUpdate',
    `The updates on container group '${name}' are invalid. If you are going to update the os type, restart policy, network profile, CPU, memory or GPU resources for a container group, you must delete it first and then create a new one.`,
  );
}

function checkQuota(core: Core, group: JsonObject, properties: JsonObject, before: JsonObject | undefined): void {
  const others = core.store
    .list('', type)
    .filter((other) => other['id'] !== before?.['id'] && regionOf(other) === regionOf(group));
  const used = others.reduce((sum, other) => sum + coresOf(objectAt(other, 'properties')), 0);
  const requested = coresOf(properties);
  const check = (what: keyof typeof quota, usage: number, more: number): void => {
    if (usage + more <= quota[what]) return;
    throw new Refusal(
      409,
      'ContainerGroupQuotaReached',
      `Resource type 'Microsoft.ContainerInstance/containerGroups' container group quota '${what}' exceeded in region '${regionOf(group)}'. Limit: '${quota[what]}', Usage: '${usage}' Requested: '${more}'.`,
    );
  };
  check('StandardCores', used, requested);
  check('ContainerGroups', others.length, 1);
}

function bad(code: string, message: string): Refusal {
  return new Refusal(400, code, message);
}
