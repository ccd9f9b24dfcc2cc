import type { ScaleRule } from '../choices.ts';
import type { Value, ValueObject } from '../value.ts';
import type { Health } from './health.ts';
import { localName, loginServer } from './image.ts';
import { connectionSetting, connectionString, workspacePlaces } from './monitoring.ts';
import { type Scene, textOf } from './scene.ts';

/** The parts of a container app that we say; a new app is made of them, one that is there gets those that differ. */

/** Microsoft's, which anybody may pull. */
export const placeholderImage = 'mcr.microsoft.com/k8se/quickstart:latest';

export interface NamedValue extends ValueObject {
  readonly name: string;
}

export function appImage(scene: Scene): Value {
  return textOf(loginServer(scene), `/${localName(scene)}`);
}

export function registryEntry(scene: Scene): ValueObject {
  return { server: loginServer(scene), identity: puller(scene) };
}

/** How container apps name who pulls and reads secrets. */
function puller(scene: Scene): string {
  return scene.ids.identity ?? 'system';
}

/** Names of secrets are stricter than those of variables. */
export function secretName(variable: string): string {
  return variable
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

export function ingressOf(scene: Scene, external: boolean): ValueObject {
  return { external, targetPort: scene.port, transport: 'auto', allowInsecure: false };
}

export function secretsOf(scene: Scene): readonly NamedValue[] {
  const connection = connectionString(scene);
  return [
    ...Object.entries(scene.target.secrets).map(([variable, source]): NamedValue =>
      source.from === 'keyVault'
        ? { name: secretName(variable), keyVaultUrl: source.url, identity: puller(scene) }
        : { name: secretName(variable), value: { $secret: variable } },
    ),
    ...(connection === undefined ? [] : [{ name: secretName(connectionSetting), value: connection }]),
  ];
}

export function variablesOf(scene: Scene): readonly NamedValue[] {
  const { env, secrets } = scene.target;
  const secret = [...Object.keys(secrets), ...(connectionString(scene) === undefined ? [] : [connectionSetting])];
  return [
    ...Object.entries(env).map(([name, value]) => ({ name, value })),
    ...secret.map((name) => ({ name, secretRef: secretName(name) })),
  ];
}

/**
 * Docker's HEALTHCHECK as probes: it keeps the app alive, lets requests in, and gives it time to start. Within Azure's limits:
 * times up to 240 s, failures up to 10.
 */
export function probesOf(health: Health | undefined): readonly ValueObject[] {
  if (health === undefined) return [];
  const httpGet = { path: health.path, port: health.port, scheme: 'HTTP' };
  const timeoutSeconds = within(health.timeout, 1, 240);
  const startPeriod = Math.max(health.startPeriod, 60);
  const startEvery = within(Math.ceil(startPeriod / 10), 1, 240);
  return [
    {
      type: 'Liveness',
      httpGet,
      periodSeconds: within(health.interval, 1, 240),
      timeoutSeconds,
      failureThreshold: within(health.retries, 1, 10),
    },
    { type: 'Readiness', httpGet, periodSeconds: within(health.interval, 1, 10), timeoutSeconds, failureThreshold: 3 },
    { type: 'Startup', httpGet, periodSeconds: startEvery, timeoutSeconds, failureThreshold: 10 },
  ];
}

export function scaleRule(rule: ScaleRule): NamedValue {
  switch (rule.kind) {
    case 'http':
      return { name: rule.name, http: { metadata: { concurrentRequests: String(rule.requests) } } };
    case 'cpu':
      return {
        name: rule.name,
        custom: { type: 'cpu', metadata: { type: 'Utilization', value: String(rule.percent) } },
      };
    case 'queue':
      return {
        name: rule.name,
        azureQueue: {
          queueName: rule.queue,
          queueLength: rule.length,
          auth: [{ secretRef: secretName(rule.connection), triggerParameter: 'connection' }],
        },
      };
  }
}

export interface Size {
  readonly cpu: number;
  readonly memory: number;
}

/** Consumption gives 2 GiB per vCPU and a quarter at a time, and at most 4 vCPU. */
export function sizeOf(app: Pick<Size, 'cpu'>): Size {
  const cpu = within(Math.ceil(app.cpu * 4) / 4, 0.25, 4);
  return { cpu, memory: cpu * 2 };
}

export function memoryText(memory: number): string {
  return `${memory}Gi`;
}

/** A revision's name ends with it. Lower-case letters, digits and hyphens, a letter first. */
export function revisionSuffix(tag: string, addition = ''): string {
  const plain = `${tag}${addition === '' ? '' : `-${addition}`}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const start = /^[a-z]/.test(plain) ? plain : `v${plain}`;
  return start.slice(0, 28).replace(/-+$/, '');
}

/** What Log Analytics tells a new environment. */
export function logsConfiguration(scene: Scene): ValueObject {
  const { id, key } = workspacePlaces(scene);
  return { destination: 'log-analytics', logAnalyticsConfiguration: { customerId: id, sharedKey: key } };
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
