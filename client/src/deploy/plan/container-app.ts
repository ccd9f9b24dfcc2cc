import { apiVersions } from '../../azure/api-versions.ts';
import { at, type JsonObject, textAt } from '../../azure/json.ts';
import { nameOf } from '../../azure/resource-id.ts';
import type { ContainerAppChoices, ScaleRule } from '../choices.ts';
import { containerAppCost } from '../prices.ts';
import type { Change } from '../step.ts';
import type { ValueObject } from '../value.ts';
import {
  appImage,
  ingressOf,
  logsConfiguration,
  memoryText,
  placeholderImage,
  probesOf,
  registryEntry,
  revisionSuffix,
  scaleRule,
  secretName,
  secretsOf,
  sizeOf,
  variablesOf,
} from './app-body.ts';
import { changeApp, changeAppIdentity, isConsumption } from './app-change.ts';
import { allowed, mayWriteApp, named } from './foundation.ts';
import { imageText, localName } from './image.ts';
import { quotaNames } from './lookups.ts';
import { block, found, isSameText, listAt, type Pieces, type Scene, shown, tagged, warn } from './scene.ts';
import { type NewApp, newApp, opens, saidOf } from './unsaid.ts';

export function* prepareContainerApp(scene: Scene, app: ContainerAppChoices): Pieces {
  yield* mayWriteApp(scene);
  yield* environment(scene, app);
  yield* problems(scene, app);
  if (scene.target.identity.kind !== 'system') return;
  if (found(scene, scene.ids.app) !== undefined) yield* changeAppIdentity(scene);
  else yield* createShell(scene, newApp(app));
}

export function* finishContainerApp(scene: Scene, app: ContainerAppChoices): Pieces {
  const there = found(scene, scene.ids.app);
  if (there === undefined) yield* createApp(scene, newApp(app));
  else yield* changeApp(scene, saidOf(app, there), there);
}

function* createApp(scene: Scene, app: NewApp): Pieces {
  const isShell = scene.target.identity.kind === 'system';
  yield {
    id: isShell ? 'app:image' : 'app',
    title: isShell
      ? `Run '${localName(scene)}' in the container app '${app.name}'`
      : `Create the container app '${app.name}'`,
    effect: isShell ? 'change' : 'create',
    resource: scene.ids.app,
    changes: createChanges(scene, app),
    cost: cost(app),
    do: 'put',
    path: scene.ids.app,
    apiVersion: apiVersions.containerApps,
    body: wholeApp(scene, app),
  };
}

/**
 * Its own identity is there only when the app is; Microsoft's image in the place of ours needs no rights. Without an ingress: it would be asked
 * on our port, on which it does not listen, and so never become ready.
 */
function* createShell(scene: Scene, app: NewApp): Pieces {
  const { cpu, memory } = sizeOf(app);
  const container = {
    name: app.container,
    image: placeholderImage,
    resources: { cpu, memory: memoryText(memory) },
  };
  const configuration = { activeRevisionsMode: 'Single' };
  yield {
    id: 'app',
    title: `Create the container app '${app.name}' with a placeholder`,
    effect: 'create',
    resource: scene.ids.app,
    changes: [{ what: 'image', to: container.image }],
    because: 'Its own identity must be there to be allowed to pull the image',
    do: 'put',
    path: scene.ids.app,
    apiVersion: apiVersions.containerApps,
    body: appBody(scene, configuration, { containers: [container], scale: { minReplicas: 0, maxReplicas: 1 } }),
  };
}

function wholeApp(scene: Scene, app: NewApp): ValueObject {
  const { cpu, memory } = sizeOf(app);
  const probes = probesOf(scene.health);
  const variables = variablesOf(scene);
  const secrets = secretsOf(scene);
  const configuration = {
    activeRevisionsMode: app.revisions === 'multiple' ? 'Multiple' : 'Single',
    ingress: { ...ingressOf(scene, app.external), traffic: [{ latestRevision: true, weight: 100 }] },
    registries: [registryEntry(scene)],
    ...(secrets.length === 0 ? {} : { secrets }),
  };
  const container = {
    name: app.container,
    image: appImage(scene),
    resources: { cpu, memory: memoryText(memory) },
    ...(variables.length === 0 ? {} : { env: variables }),
    ...(probes.length === 0 ? {} : { probes }),
  };
  const scale = {
    minReplicas: app.minReplicas,
    maxReplicas: app.maxReplicas,
    ...(app.rules.length === 0 ? {} : { rules: app.rules.map(scaleRule) }),
  };
  return appBody(scene, configuration, { revisionSuffix: revisionSuffix(scene.tag), containers: [container], scale });
}

function appBody(scene: Scene, configuration: ValueObject, template: ValueObject): ValueObject {
  const { identity } = scene.ids;
  const there = found(scene, scene.ids.environment);
  // Environments of the first kind know no profiles.
  const hasProfiles = there === undefined || listAt(there, 'properties.workloadProfiles').length > 0;
  return {
    location: textAt(there, 'location') ?? scene.target.location,
    identity:
      identity === undefined
        ? { type: 'SystemAssigned' }
        : { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } },
    properties: {
      environmentId: scene.ids.environment ?? '',
      ...(hasProfiles ? { workloadProfileName: 'Consumption' } : {}),
      configuration,
      template,
    },
    ...tagged(scene),
  };
}

function ruleText(rule: ScaleRule): string {
  switch (rule.kind) {
    case 'http':
      return `${rule.requests} requests at once per replica`;
    case 'cpu':
      return `${rule.percent} % CPU per replica`;
    case 'queue':
      return `${rule.length} messages of '${rule.queue}' per replica`;
  }
}

function createChanges(scene: Scene, app: NewApp): readonly Change[] {
  const { cpu, memory } = sizeOf(app);
  return [
    { what: 'image', to: imageText(scene) },
    { what: 'reachable', to: `${app.external ? 'from the internet' : 'from its environment'}, port ${scene.port}` },
    { what: 'size', to: `${cpu} vCPU, ${memory} GiB` },
    { what: 'replicas', to: `${app.minReplicas} to ${app.maxReplicas}` },
    ...app.rules.map((rule) => ({ what: `scale rule ${rule.name}`, to: ruleText(rule) })),
    { what: 'revisions', to: app.revisions },
    ...(scene.health === undefined
      ? []
      : [{ what: 'probes', to: `${scene.health.path} on port ${scene.health.port}` }]),
    ...secretsOf(scene).map(({ name, ...secret }) => ({
      what: `secret ${name}`,
      to: shown('keyVaultUrl' in secret ? secret['keyVaultUrl'] : secret['value']),
    })),
    ...variablesOf(scene).map(({ name, ...value }) => ({
      what: `variable ${name}`,
      to: 'secretRef' in value ? `secret ${shown(value['secretRef'])}` : shown(value['value']),
    })),
  ];
}

function cost(app: NewApp): ReturnType<typeof containerAppCost> {
  const { cpu, memory } = sizeOf(app);
  return containerAppCost(cpu, memory, app.minReplicas);
}

function* environment(scene: Scene, app: ContainerAppChoices): Pieces {
  const path = scene.ids.environment ?? '';
  const base = { id: 'environment', resource: path };
  if (found(scene, path) !== undefined) {
    yield { ...base, title: `Environment '${app.environment}' stays as it is`, effect: 'leave', do: 'nothing' };
    return;
  }
  yield* named('environment', app.environment);
  yield* allowed(scene, path, 'Microsoft.App/managedEnvironments/write', `the environment '${app.environment}'`);
  const quota = scene.facts.quotas.find(({ what }) => what === quotaNames.environments(scene.target.location));
  if (quota !== undefined && quota.used >= quota.limit) {
    yield block(
      `All ${quota.limit} environments that the subscription may have in ${scene.target.location} are used: ` +
        'choose one of them, or another location',
    );
  }
  yield {
    ...base,
    title: `Create the environment '${app.environment}'`,
    effect: 'create',
    changes: [{ what: 'logs', to: `workspace '${nameOf(scene.ids.workspace ?? '')}'` }],
    because: 'Container apps run in one; this takes some minutes and costs nothing by itself',
    do: 'put',
    path,
    apiVersion: apiVersions.containerApps,
    body: {
      location: scene.target.location,
      properties: {
        appLogsConfiguration: logsConfiguration(scene),
        workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }],
      },
      ...tagged(scene),
    },
  };
}

function* problems(scene: Scene, app: ContainerAppChoices): Pieces {
  const there = found(scene, scene.ids.app);
  yield* sizeProblems(app, there);
  yield* scaleProblems(scene, app, there);
  if (there !== undefined && opens(app, there)) {
    yield warn(
      `'${app.name}' is not reachable from the internet now, and will be: remove 'external' to leave that as it is`,
    );
  }
  yield* secretProblems(scene);
  if (there === undefined) {
    yield* named('containerApp', app.name);
    yield* named('container', app.container);
    const taken = scene.facts.nameTaken.get('containerApp');
    if (taken !== undefined) {
      yield block(`The container app cannot be called '${app.name}': choose another name (${taken})`);
    }
    return;
  }
  const home = textAt(there, 'properties.environmentId') ?? textAt(there, 'properties.managedEnvironmentId');
  if (home !== undefined && !isSameText(home, scene.ids.environment)) {
    yield block(`'${app.name}' is in the environment '${nameOf(home)}', not in '${app.environment}': choose that one`);
  }
  const containers = listAt(there, 'properties.template.containers').map((one) => textAt(one, 'name') ?? '');
  if (!containers.includes(app.container)) {
    yield block(
      `'${app.name}' has no container '${app.container}': choose 'container: ${containers[0] ?? app.name}'` +
        (containers.length > 1 ? ` (or ${containers.slice(1).join(', ')})` : ''),
    );
  }
}

function* sizeProblems(app: ContainerAppChoices, there: JsonObject | undefined): Pieces {
  if ((app.cpu === undefined && app.memory === undefined) || !isConsumption(there)) return;
  const wanted = newApp(app);
  const { cpu, memory } = sizeOf(wanted);
  if (cpu === wanted.cpu && memory === wanted.memory) return;
  yield warn(
    `Container Apps have 2 GiB for each vCPU: '${app.name}' gets ${cpu} vCPU and ${memory} GiB, ` +
      `not ${wanted.cpu} and ${wanted.memory}`,
  );
}

function* scaleProblems(scene: Scene, app: ContainerAppChoices, there: JsonObject | undefined): Pieces {
  const now = at(there, 'properties.template.scale');
  const said = saidOf(app, there);
  const least = said.minReplicas ?? Number(at(now, 'minReplicas') ?? 0);
  const most = said.maxReplicas ?? Number(at(now, 'maxReplicas') ?? 10);
  const rules = said.rules ?? [];
  if (most < Math.max(least, 1)) {
    yield block(`'${app.name}' cannot have ${least} to ${most} replicas: raise 'maxReplicas'`);
  }
  const others = listAt(now, 'rules').length > 0;
  if (least === 0 && rules.length > 0 && !others && rules.every((rule) => rule.kind === 'cpu')) {
    yield warn(`CPU cannot wake '${app.name}' from zero: keep one replica, or add a rule for requests or a queue`);
  }
  for (const rule of rules) {
    if (rule.kind !== 'queue' || Object.hasOwn(scene.target.secrets, rule.connection)) continue;
    yield block(`The scale rule '${rule.name}' needs the secret '${rule.connection}': add it to 'secrets'`);
  }
}

function* secretProblems(scene: Scene): Pieces {
  const seen = new Map<string, string>();
  for (const variable of Object.keys(scene.target.secrets)) {
    const name = secretName(variable);
    const other = seen.get(name);
    if (other !== undefined) yield block(`'${other}' and '${variable}' would be the same secret: rename one`);
    yield* named('secret', name);
    seen.set(name, variable);
  }
}
