import { at, isObject, type JsonObject, textAt } from '../../azure/json.ts';
import type { Value, ValueObject } from '../value.ts';
import { appImage } from './app-body.ts';
import { connectionSetting, connectionString, workspacePlaces } from './monitoring.ts';
import { loginServer } from './image.ts';
import { isSameText, type Scene, tagged } from './scene.ts';
import { isPublic, type NewGroup } from './unsaid.ts';

/** A container group as it is made new, maybe in the place of one that was there before. */
export function wholeGroup(scene: Scene, app: NewGroup, before?: JsonObject): ValueObject {
  const variables = groupVariables(scene);
  const probe = livenessProbe(scene);
  return {
    location: textAt(before, 'location') ?? scene.target.location,
    identity: groupIdentity(scene, before),
    properties: {
      osType: 'Linux',
      restartPolicy: app.restart,
      containers: [
        {
          name: app.name,
          properties: {
            image: appImage(scene),
            ports: [{ protocol: 'TCP', port: scene.port }],
            ...(variables.length === 0 ? {} : { environmentVariables: variables }),
            resources: { requests: { cpu: app.cpu, memoryInGB: app.memory } },
            ...(probe === undefined ? {} : { livenessProbe: probe }),
          },
        },
      ],
      imageRegistryCredentials: [groupCredential(scene)],
      ...(isPublic(app, before) ? { ipAddress: publicAddress(scene, app) } : {}),
      ...(app.workspace === undefined ? {} : { diagnostics: { logAnalytics: logAnalytics(scene) } }),
    },
    ...(before === undefined ? tagged(scene) : { tags: { ...tagsOf(before), ...scene.target.tags } }),
  };
}

function publicAddress(scene: Scene, { dnsLabel }: NewGroup): ValueObject {
  const ports = [{ protocol: 'TCP', port: scene.port }];
  return { type: 'Public', ports, ...(dnsLabel === undefined ? {} : { dnsNameLabel: dnsLabel }) };
}

/** Without the kind of logs, as in Microsoft's examples: naming the one that is meant is refused. */
function logAnalytics(scene: Scene): ValueObject {
  const { id, key } = workspacePlaces(scene);
  return { workspaceId: id, workspaceKey: key };
}

function groupIdentity(scene: Scene, before: JsonObject | undefined): ValueObject {
  const { identity } = scene.ids;
  const there = at(before, 'identity.userAssignedIdentities');
  const others = isObject(there) ? Object.keys(there).filter((id) => !isSameText(id, identity)) : [];
  const all = identity === undefined ? others : [...others, identity];
  return { type: 'UserAssigned', userAssignedIdentities: Object.fromEntries(all.map((id) => [id, {}])) };
}

function tagsOf(before: JsonObject): ValueObject {
  const tags = before['tags'];
  return isObject(tags) ? tags : {};
}

export function groupCredential(scene: Scene): ValueObject {
  return { server: loginServer(scene), identity: scene.ids.identity ?? '' };
}

/** Azure shows `value` to everybody who may look at the group, and `secureValue` to nobody ever after. */
export function groupVariables(scene: Scene): readonly (ValueObject & { readonly name: string })[] {
  const connection = connectionString(scene);
  const secure: readonly (readonly [string, Value])[] = [
    ...Object.keys(scene.target.secrets).map((name): readonly [string, Value] => [name, { $secret: name }]),
    ...(connection === undefined ? [] : [[connectionSetting, connection] as const]),
  ];
  return [
    ...Object.entries(scene.target.env).map(([name, value]) => ({ name, value })),
    ...secure.map(([name, secureValue]) => ({ name, secureValue })),
  ];
}

/** Docker's HEALTHCHECK; here the platform restarts what does not answer. */
export function livenessProbe(scene: Scene): ValueObject | undefined {
  const { health } = scene;
  if (health === undefined) return undefined;
  return {
    httpGet: { path: health.path, port: health.port, scheme: 'http' },
    initialDelaySeconds: Math.max(health.startPeriod, 30),
    periodSeconds: health.interval,
    timeoutSeconds: health.timeout,
    failureThreshold: health.retries,
  };
}
