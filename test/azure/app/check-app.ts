import { textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import { Refusal } from '../core.ts';
import { principalOf } from '../managed-identity.ts';
import { isSame, listAt, numberAt, objectAt } from './json-edit.ts';

/** What there is besides the app's own body. */
export interface Surroundings {
  readonly name: string;
  readonly environment: JsonObject | undefined;
  readonly revisions: readonly string[];
}

/** Refuses what Container Apps refuses at once. Codes and words are those that users report; those without a report say only what is wrong. */
export function checkApp(app: JsonObject, { name, environment, revisions }: Surroundings): void {
  checkName(name);
  const configuration = objectAt(objectAt(app, 'properties'), 'configuration');
  const template = objectAt(objectAt(app, 'properties'), 'template');
  checkEnvironment(app, name, environment);
  const secrets = checkSecrets(app, configuration);
  checkRegistries(app, configuration, secrets);
  checkTemplate(name, template, secrets);
  checkResources(template);
  checkIngress(name, configuration, revisions);
}

const cases: Readonly<Record<string, string>> = {
  single: 'Single',
  multiple: 'Multiple',
  auto: 'Auto',
  http: 'Http',
  http2: 'Http2',
  tcp: 'Tcp',
};

/** As the service writes it: `Single`, `Auto`. */
export function inItsCase(value: Json | undefined, otherwise: string): string {
  return cases[(typeof value === 'string' ? value : otherwise).toLowerCase()] ?? otherwise;
}

function checkName(name: string): void {
  if (/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name) && !name.includes('--') && name.length >= 2 && name.length <= 32)
    return;
  throw bad(
    'ContainerAppInvalidName',
    `Invalid ContainerApp name '${name}'. A name must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character and cannot have '--'. The length must not be more than 32 characters.`,
  );
}

function checkEnvironment(app: JsonObject, name: string, environment: JsonObject | undefined): void {
  const id = textAt(app, 'properties.environmentId');
  if (id === undefined) {
    throw bad('ContainerAppEnvironmentIdMissing', `The environment of container app '${name}' is missing.`);
  }
  if (environment === undefined) throw bad('ManagedEnvironmentNotFound', `The environment '${id}' does not exist.`);
  if (textAt(environment, 'properties.provisioningState') !== 'Succeeded') {
    throw bad(
      'ManagedEnvironmentNotReadyForAppCreation',
      `The environment '${textAt(environment, 'name') ?? ''}' is not ready for apps: its provisioning state is not Succeeded.`,
    );
  }
  if (!isSame(plain(textAt(environment, 'location')), plain(textAt(app, 'location')))) {
    throw bad(
      'ContainerAppEnvironmentLocationMismatch',
      `The location of container app '${name}' must be that of its environment, '${textAt(environment, 'location') ?? ''}'.`,
    );
  }
  const profile = textAt(app, 'properties.workloadProfileName');
  const profiles = listAt(objectAt(environment, 'properties'), 'workloadProfiles').map((one) => textAt(one, 'name'));
  if (profile !== undefined && !profiles.includes(profile) && profile !== 'Consumption') {
    throw bad('WorkloadProfileNotFound', `The workload profile '${profile}' is not part of the environment.`);
  }
}

/** Values, or references with an identity that the app has; never a name alone, which is what a GET gives. */
function checkSecrets(app: JsonObject, configuration: JsonObject): ReadonlySet<string> {
  const secrets = listAt(configuration, 'secrets');
  const names = secrets.map((secret) => textAt(secret, 'name') ?? '');
  const malformed = names.filter((name) => !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name));
  if (malformed.length > 0) {
    throw bad(
      'ContainerAppSecretNameInvalid',
      `Invalid Request: Container app secret name '${malformed[0] ?? ''}' must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character.`,
    );
  }
  if (new Set(names).size < names.length) {
    throw bad('ContainerAppSecretDuplicate', `Invalid Request: Container app secrets must have names of their own.`);
  }
  const invalid = secrets.filter((secret) => {
    const isReference = textAt(secret, 'keyVaultUrl') !== undefined && textAt(secret, 'identity') !== undefined;
    return textAt(secret, 'value') === undefined && !isReference;
  });
  if (invalid.length > 0) {
    const listed = invalid.map((secret) => `'${textAt(secret, 'name') ?? ''}'`).join(',');
    throw bad(
      'ContainerAppSecretInvalid',
      `Invalid Request: Container app secret(s) with name(s) ${listed} are invalid: value or keyVaultUrl and identity should be provided.`,
    );
  }
  for (const secret of secrets) {
    const identity = textAt(secret, 'identity');
    const url = textAt(secret, 'keyVaultUrl');
    if (url === undefined || identity === undefined) continue;
    if (!/^https:\/\/[^/]+\/secrets\/[^/]+(\/[^/]*)?$/.test(url)) {
      throw bad(
        'ContainerAppSecretKeyVaultUrlInvalid',
        `Invalid Request: keyVaultUrl '${url}' of a secret is not the address of a secret.`,
      );
    }
    if (principalOf(app, identity) === undefined) {
      throw bad(
        'ContainerAppSecretIdentityInvalid',
        `Invalid Request: The identity '${identity}' of a secret is not assigned to the container app.`,
      );
    }
  }
  return new Set(names);
}

function checkRegistries(app: JsonObject, configuration: JsonObject, secrets: ReadonlySet<string>): void {
  const seen = new Set<string>();
  for (const registry of listAt(configuration, 'registries')) {
    const server = textAt(registry, 'server') ?? '';
    if (server === '' || seen.has(server)) {
      throw bad(
        'ContainerAppRegistryServerInvalid',
        `Invalid Request: Registry server '${server}' is missing or given twice.`,
      );
    }
    seen.add(server);
    const identity = textAt(registry, 'identity') ?? '';
    if (identity !== '') {
      if (principalOf(app, identity) !== undefined) continue;
      throw bad(
        'ContainerAppRegistryIdentityInvalid',
        `Invalid Request: The identity '${identity}' of registry '${server}' is not assigned to the container app.`,
      );
    }
    const reference = textAt(registry, 'passwordSecretRef') ?? '';
    if (textAt(registry, 'username') === undefined || !secrets.has(reference)) {
      throw bad(
        'ContainerAppRegistryPasswordSecretRefNotFound',
        `Invalid Request: Registry '${server}' needs an identity, or a username and a passwordSecretRef that is one of the secrets.`,
      );
    }
  }
}

function checkTemplate(app: string, template: JsonObject, secrets: ReadonlySet<string>): void {
  const suffix = textAt(template, 'revisionSuffix') ?? '';
  if (suffix !== '') checkRevisionName(app, suffix);
  const containers = listAt(template, 'containers');
  if (containers.length === 0) {
    throw bad('ContainerAppContainersMissing', `Container app '${app}' needs at least one container in its template.`);
  }
  const all = [...containers, ...listAt(template, 'initContainers')];
  const names = all.map((container) => textAt(container, 'name') ?? '');
  for (const [index, container] of all.entries()) {
    const name = names[index] ?? '';
    if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) || names.indexOf(name) !== index) {
      throw inContainer(`Field 'template.containers.name' is invalid with details: 'Invalid value: "${name}"'`);
    }
    const image = textAt(container, 'image') ?? '';
    if (!/^[^\s:/]+(:\d+)?(\/[^\s:/]+)*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/.test(image)) {
      throw inContainer(
        `Field 'template.containers.${name}.image' is invalid with details: 'Invalid value: "${image}": could not parse reference'`,
      );
    }
    for (const variable of listAt(container, 'env')) {
      const reference = textAt(variable, 'secretRef') ?? '';
      if (reference !== '' && !secrets.has(reference)) throw noSecret(reference, name);
    }
    checkProbes(name, container);
  }
  for (const rule of listAt(objectAt(template, 'scale'), 'rules')) checkRule(rule, secrets);
  const scale = objectAt(template, 'scale');
  const [least, most] = [numberAt(scale, 'minReplicas') ?? 0, numberAt(scale, 'maxReplicas') ?? 10];
  if (least < 0 || most < 1 || most > 1000 || least > most) {
    throw bad('ContainerAppInvalidScale', `Scale is invalid: minReplicas ${least} and maxReplicas ${most}.`);
  }
}

function checkProbes(name: string, container: JsonObject): void {
  const seen = new Set<string>();
  for (const probe of listAt(container, 'probes')) {
    const type = textAt(probe, 'type') ?? '';
    const [http, tcp] = [objectAt(probe, 'httpGet'), objectAt(probe, 'tcpSocket')];
    const port = numberAt(http, 'port') ?? numberAt(tcp, 'port') ?? 0;
    const wrong = (what: string): Refusal =>
      inContainer(`Field 'template.containers.${name}.probes' is invalid with details: '${what}'`);
    if (!['liveness', 'readiness', 'startup'].includes(type.toLowerCase())) throw wrong(`Invalid value: "${type}"`);
    if (seen.has(type.toLowerCase())) throw wrong(`Duplicate probe of type ${type}`);
    if (port < 1 || port > 65535) throw wrong(`Invalid port: ${port}`);
    const limits = [
      ['initialDelaySeconds', 0, 60],
      ['periodSeconds', 1, 240],
      ['timeoutSeconds', 1, 240],
      ['failureThreshold', 1, type.toLowerCase() === 'startup' ? 240 : 48],
    ] as const;
    for (const [key, least, most] of limits) {
      const value = numberAt(probe, key);
      if (value !== undefined && (value < least || value > most))
        throw wrong(`${key} must be between ${least} and ${most}`);
    }
    seen.add(type.toLowerCase());
  }
}

function checkRule(rule: JsonObject, secrets: ReadonlySet<string>): void {
  const name = textAt(rule, 'name') ?? '';
  const kinds = ['http', 'tcp', 'azureQueue', 'custom'].filter((kind) => Object.keys(objectAt(rule, kind)).length > 0);
  if (name === '' || kinds.length !== 1) {
    throw bad(
      'ContainerAppScaleRuleInvalid',
      `Scale rule '${name}' needs a name and exactly one of http, tcp, azureQueue or custom.`,
    );
  }
  const kind = objectAt(rule, kinds[0] ?? '');
  if (kinds[0] === 'custom' && /^(cpu|memory)$/.test(textAt(kind, 'type') ?? '')) {
    const metadata = objectAt(kind, 'metadata');
    if (textAt(metadata, 'type') !== 'Utilization' || !/^\d+$/.test(textAt(metadata, 'value') ?? '')) {
      throw bad(
        'ContainerAppScaleRuleInvalid',
        `Scale rule '${name}' needs the metadata 'type' (Utilization) and 'value', as texts.`,
      );
    }
  }
  for (const auth of listAt(kind, 'auth')) {
    const reference = textAt(auth, 'secretRef') ?? '';
    if (!secrets.has(reference)) throw noSecret(reference, name);
  }
}

/** The Consumption profile: a quarter of a core up to four, with 2 GiB for each. */
function checkResources(template: JsonObject): void {
  let [cpu, memory] = [0, 0];
  for (const container of listAt(template, 'containers')) {
    const resources = objectAt(container, 'resources');
    cpu += numberAt(resources, 'cpu') ?? 0.5;
    memory += gibibytes(textAt(resources, 'memory') ?? '1Gi');
  }
  if (cpu >= 0.25 && cpu <= 4 && Number.isInteger(cpu * 4) && Math.abs(memory - 2 * cpu) < 0.001) return;
  const allowed = Array.from(
    { length: 16 },
    (_, index) => `[cpu: ${(index + 1) / 4}, memory: ${((index + 1) / 2).toFixed(1)}Gi]`,
  );
  throw bad(
    'ContainerAppInvalidResourceTotal',
    `The total requested CPU and memory resources for this application (CPU: ${cpu}, memory: ${memory}) is invalid. Total CPU and memory for all containers defined in a Container App must add up to one of the following CPU - Memory combinations: ${allowed.join('; ')}`,
  );
}

export function gibibytes(text: string): number {
  const [, size = '', unit] = /^([\d.]+)(Gi|Mi)$/.exec(text) ?? [];
  return unit === 'Gi' ? Number(size) : unit === 'Mi' ? Number(size) / 1024 : NaN;
}

function checkIngress(app: string, configuration: JsonObject, revisions: readonly string[]): void {
  const ingress = objectAt(configuration, 'ingress');
  const port = numberAt(ingress, 'targetPort');
  if (port !== undefined && (port < 0 || port > 65535)) {
    throw bad('ContainerAppInvalidTargetPort', `Invalid targetPort: ${port}. It must be between 1 and 65535.`);
  }
  const traffic = listAt(ingress, 'traffic');
  if (traffic.length === 0) return;
  const wrong = (what: string): Refusal =>
    bad('ContainerAppInvalidTraffic', `Invalid traffic of container app '${app}': ${what}`);
  for (const entry of traffic) {
    const revision = textAt(entry, 'revisionName') ?? '';
    if ((revision === '') !== (entry['latestRevision'] === true)) {
      throw wrong(`each entry needs either a revisionName or latestRevision.`);
    }
    if (revision !== '')
      checkRevisionName(app, revision.startsWith(`${app}--`) ? revision.slice(app.length + 2) : '', revision);
    if (revision !== '' && !revisions.includes(revision)) throw wrong(`revision '${revision}' does not exist.`);
  }
  const targets = traffic.map((entry) => `${textAt(entry, 'revisionName') ?? ''} ${textAt(entry, 'label') ?? ''}`);
  if (new Set(targets).size < targets.length) throw wrong('a revision is there twice.');
  const labels = traffic.map((entry) => textAt(entry, 'label')).filter((label) => label !== undefined && label !== '');
  if (new Set(labels).size < labels.length) throw wrong('a label is there twice.');
  const malformed = labels.find((label) => !/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(label ?? ''));
  if (malformed !== undefined) throw wrong(`the label '${malformed}' is invalid.`);
  const sum = traffic.reduce((total, entry) => total + (numberAt(entry, 'weight') ?? 0), 0);
  if (sum !== 100 || traffic.some((entry) => (numberAt(entry, 'weight') ?? 0) < 0)) {
    throw wrong(`the weights must add up to 100, not ${sum}.`);
  }
  const isSplit = traffic.length > 1 || textAt(traffic[0], 'revisionName') !== undefined || labels.length > 0;
  if (inItsCase(configuration['activeRevisionsMode'], 'Single') === 'Single' && isSplit) {
    throw wrong('in Single revision mode all of it goes to the latest revision.');
  }
}

function checkRevisionName(app: string, suffix: string, shown = suffix): void {
  const isGood = /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(suffix) && !suffix.includes('--');
  if (isGood && app.length + 2 + suffix.length <= 54) return;
  throw bad(
    'ContainerAppInvalidRevisionName',
    `Revision name has an invalid value '${shown}'. A revision name must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character. The length of the revision name must not be more than a combined 54 characters with the container app name.`,
  );
}

function noSecret(reference: string, container: string): Refusal {
  return bad(
    'ContainerAppSecretRefNotFound',
    `SecretRef '${reference}' defined for container '${container}' not found.`,
  );
}

function inContainer(details: string): Refusal {
  return bad(
    'InvalidParameterValueInContainerTemplate',
    `The following field(s) are either invalid or missing. ${details}.`,
  );
}

function bad(code: string, message: string): Refusal {
  return new Refusal(400, code, message);
}

function plain(location: string | undefined): string {
  return (location ?? '').replaceAll(' ', '');
}
