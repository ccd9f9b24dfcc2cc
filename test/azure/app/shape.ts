import { isObject, textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import { withoutNulls } from '../contract.ts';
import { inItsCase } from './check-app.ts';
import { listAt, numberAt, objectAt } from './json-edit.ts';

/** A body as the service keeps it: its enumerations in its own case, its defaults filled in (recordings of azure-cli). */
export function normalize(body: JsonObject): JsonObject {
  const given = withoutNulls(body);
  const app = isObject(given) ? given : {};
  const properties = objectAt(app, 'properties');
  const configuration = objectAt(properties, 'configuration');
  const environmentId = textAt(properties, 'environmentId') ?? textAt(properties, 'managedEnvironmentId');
  return {
    ...app,
    properties: {
      ...(environmentId !== undefined && { managedEnvironmentId: environmentId, environmentId }),
      workloadProfileName: textAt(properties, 'workloadProfileName') ?? 'Consumption',
      configuration: {
        ...configuration,
        activeRevisionsMode: inItsCase(configuration['activeRevisionsMode'], 'Single'),
        maxInactiveRevisions: numberAt(configuration, 'maxInactiveRevisions') ?? 100,
        ...(isObject(configuration['ingress']) && { ingress: ingressOf(configuration['ingress']) }),
      },
      template: templateOf(objectAt(properties, 'template')),
    },
  };
}

function ingressOf(given: JsonObject): JsonObject {
  const traffic = listAt(given, 'traffic');
  return {
    ...given,
    external: given['external'] === true,
    targetPort: numberAt(given, 'targetPort') ?? 0,
    exposedPort: numberAt(given, 'exposedPort') ?? 0,
    transport: inItsCase(given['transport'], 'Auto'),
    allowInsecure: given['allowInsecure'] === true,
    traffic: traffic.length > 0 ? traffic : [{ weight: 100, latestRevision: true }],
  };
}

function templateOf(given: JsonObject): JsonObject {
  const filled = (container: JsonObject): JsonObject => {
    const resources = objectAt(container, 'resources');
    const cpu = numberAt(resources, 'cpu') ?? 0.5;
    const memory = textAt(resources, 'memory') ?? '1Gi';
    return { ...container, resources: { ...resources, cpu, memory, ephemeralStorage: cpu <= 0.25 ? '1Gi' : '2Gi' } };
  };
  const initContainers = listAt(given, 'initContainers').map(filled);
  const scale = objectAt(given, 'scale');
  return {
    ...given,
    revisionSuffix: textAt(given, 'revisionSuffix') ?? '',
    containers: listAt(given, 'containers').map(filled),
    ...(initContainers.length > 0 && { initContainers }),
    scale: { ...scale, maxReplicas: numberAt(scale, 'maxReplicas') ?? 10 },
  };
}

/** Whether a template asks for another revision than the one that was made of `before`. */
export function asksForRevision(template: JsonObject, before: JsonObject): boolean {
  const { revisionSuffix: suffix, ...rest } = template;
  const { revisionSuffix: suffixBefore, ...restBefore } = before;
  return (
    JSON.stringify(sorted(rest)) !== JSON.stringify(sorted(restBefore)) || (suffix !== '' && suffix !== suffixBefore)
  );
}

/** The values of secrets, and the app without them: they are never given back. */
export function takeSecrets(app: JsonObject): {
  readonly app: JsonObject;
  readonly values: ReadonlyMap<string, string>;
} {
  const configuration = objectAt(objectAt(app, 'properties'), 'configuration');
  const secrets = listAt(configuration, 'secrets');
  const values = new Map(
    secrets.flatMap((secret) => {
      const value = textAt(secret, 'value');
      return value === undefined ? [] : [[textAt(secret, 'name') ?? '', value] as const];
    }),
  );
  const bare = secrets.map(({ value: _value, ...secret }) => secret);
  return {
    app: withConfiguration(app, { ...configuration, ...(configuration['secrets'] !== undefined && { secrets: bare }) }),
    values,
  };
}

/** And the other way round, before a PATCH is merged into it. */
export function putSecrets(app: JsonObject, values: ReadonlyMap<string, string>): JsonObject {
  const configuration = objectAt(objectAt(app, 'properties'), 'configuration');
  if (configuration['secrets'] === undefined) return app;
  const secrets = listAt(configuration, 'secrets').map((secret) => {
    const value = values.get(textAt(secret, 'name') ?? '');
    return value === undefined ? secret : { ...secret, value };
  });
  return withConfiguration(app, { ...configuration, secrets });
}

function withConfiguration(app: JsonObject, configuration: JsonObject): JsonObject {
  return { ...app, properties: { ...objectAt(app, 'properties'), configuration } };
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}
