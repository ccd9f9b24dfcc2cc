import type { ContainerInstanceChoices } from '../choices.ts';
import type { Value, ValueObject } from '../value.ts';
import { appImage } from './app-body.ts';
import { connectionSetting, connectionString, workspacePlaces } from './monitoring.ts';
import { loginServer } from './image.ts';
import { type Scene, tagged } from './scene.ts';

/** A container group as it is made new. */
export function wholeGroup(scene: Scene, app: ContainerInstanceChoices, location: string): ValueObject {
  const variables = groupVariables(scene);
  const probe = livenessProbe(scene);
  return {
    location,
    identity: groupIdentity(scene),
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
      ipAddress: {
        type: 'Public',
        ports: [{ protocol: 'TCP', port: scene.port }],
        dnsNameLabel: app.dnsLabel,
      },
      ...(app.workspace === undefined ? {} : { diagnostics: { logAnalytics: logAnalytics(scene) } }),
    },
    ...tagged(scene),
  };
}

/** Without the kind of logs, as in Microsoft's examples: naming the one that is meant is refused. */
function logAnalytics(scene: Scene): ValueObject {
  const { id, key } = workspacePlaces(scene);
  return { workspaceId: id, workspaceKey: key };
}

function groupIdentity(scene: Scene): ValueObject {
  const { identity } = scene.ids;
  return { type: 'UserAssigned', userAssignedIdentities: identity === undefined ? {} : { [identity]: {} } };
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
