import { apiVersions } from '../../azure/api-versions.ts';
import { at, isObject, type JsonObject, textAt } from '../../azure/json.ts';
import type { ContainerInstanceChoices } from '../choices.ts';
import type { Change } from '../step.ts';
import type { Value } from '../value.ts';
import { appImage } from './app-body.ts';
import { type Difference, difference } from './difference.ts';
import { groupCredential, groupVariables, livenessProbe } from './group-body.ts';
import { imageText, localName, loginServer } from './image.ts';
import { workspacePlaces } from './monitoring.ts';
import { block, found, isSameText, listAt, type Pieces, says, type Scene, shown } from './scene.ts';
import { addIdentity, identityChange } from './site-change.ts';
import { isPublic, newGroup } from './unsaid.ts';

/**
 * What Azure changes only in a new group, as in its "Update containers": size, restart policy, kind of network; and what has ended. Where the logs
 * go is not in its list, but is refused in the same words.
 */
export function mustBeNew(scene: Scene, app: ContainerInstanceChoices, there: JsonObject): readonly Change[] {
  const requests = at(ours(app, there), 'properties.resources.requests');
  const said = newGroup(app, there);
  const state = textAt(there, 'properties.instanceView.state') ?? '';
  const check = (what: string, from: Value | undefined, to: Value, isSame: boolean): readonly Change[] =>
    isSame ? [] : [{ what, ...(from === undefined ? {} : { from: shown(from) }), to: shown(to) }];
  const cpu = at(requests, 'cpu') ?? 0;
  const memory = at(requests, 'memoryInGB') ?? 0;
  const restart = textAt(there, 'properties.restartPolicy') ?? 'Always';
  const system = textAt(there, 'properties.osType') ?? 'Linux';
  const address = textAt(there, 'properties.ipAddress.type') ?? 'none';
  return [
    ...check('vCPU', cpu, said.cpu, cpu === said.cpu),
    ...check('memory in GB', memory, said.memory, memory === said.memory),
    ...check('restart', restart, said.restart, isSameText(restart, said.restart)),
    ...check('system', system, 'Linux', isSameText(system, 'Linux')),
    ...check('address', address, 'Public', !isPublic(app, there) || isSameText(address, 'Public')),
    ...logsChange(scene, app, there),
    ...check('state', state, 'Running', !/^(Succeeded|Failed|Terminated)$/i.test(state)),
  ];
}

function logsChange(scene: Scene, app: ContainerInstanceChoices, there: JsonObject): readonly Change[] {
  const now = workspaceOf(there);
  if (app.workspace === undefined || isInWorkspace(scene, there)) return [];
  return [{ what: 'logs', from: now === undefined ? 'kept nowhere' : now, to: `workspace '${app.workspace}'` }];
}

/** The id by which workspaces are known to those who write to them. */
function workspaceOf(there: JsonObject): string | undefined {
  return textAt(there, 'properties.diagnostics.logAnalytics.workspaceId');
}

/** Whether it writes its logs to the workspace of the choices. */
function isInWorkspace(scene: Scene, there: JsonObject): boolean {
  const wanted = textAt(found(scene, scene.ids.workspace), 'properties.customerId');
  return wanted !== undefined && isSameText(workspaceOf(there), wanted);
}

/** A PUT of the whole group, as nothing else exists: with everything it has that is not ours. */
export function* changeGroup(scene: Scene, app: ContainerInstanceChoices, there: JsonObject): Pieces {
  const all = differences(scene, app, there);
  const base = { resource: scene.ids.app, path: scene.ids.app, apiVersion: apiVersions.containerInstances };
  const secure = secureEdits(scene, app, there);
  if (all.length === 0) {
    yield {
      id: 'containers',
      title: `Container group '${app.name}' stays as it is`,
      effect: 'leave',
      resource: scene.ids.app,
      ...(secure.some(({ change }) => change.what.startsWith('variable'))
        ? { because: 'Azure does not say whether its secrets have changed' }
        : {}),
      do: 'nothing',
    };
  } else {
    yield* hiddenProblems(scene, app, there);
    const isNewImage = all.some(({ change }) => change.what === 'image');
    yield {
      ...base,
      id: 'containers',
      title: isNewImage
        ? `Run '${localName(scene)}' in the container group '${app.name}'`
        : `Change the container group '${app.name}'`,
      effect: 'change',
      changes: [...all, ...secure].map(({ change }) => change),
      because: 'All its containers restart',
      do: 'update',
      method: 'PUT',
      edits: [...all, ...secure].map(({ edit }) => edit),
      send: [],
    };
  }
  if (all.some(({ change }) => change.what === 'image')) return;
  yield {
    ...base,
    id: 'containers:restart',
    title: `Restart the container group '${app.name}' if the image is pushed again`,
    effect: 'run',
    because: 'The tag stays the same, so Azure would not pull the image again by itself',
    do: 'post',
    path: `${scene.ids.app}/restart`,
    onlyAfter: 'image',
  };
}

/** A PUT would lose it, so that there must be none. */
export function* hiddenProblems(scene: Scene, app: ContainerInstanceChoices, there: JsonObject): Pieces {
  const hidden = hiddenIn(scene, app, there);
  if (hidden.length > 0) {
    yield block(
      `Azure does not hand out these parts of '${app.name}', so an update would lose them: ${hidden.join(', ')}. Add them to 'secrets', or remove them`,
    );
  }
  if (isLogKeyHidden(app, there)) {
    yield block(`Azure does not hand out the key for the logs of '${app.name}': add its 'workspace' to the target`);
  }
}

/** What a PUT of the group would lose, as Azure keeps it to itself and the choices do not have it. */
function hiddenIn(scene: Scene, app: ContainerInstanceChoices, there: JsonObject): readonly string[] {
  const server = loginServer(scene);
  const known = new Set(groupVariables(scene).map(({ name }) => name));
  const containers = [...listAt(there, 'properties.containers'), ...listAt(there, 'properties.initContainers')];
  const variables = containers.flatMap((container) =>
    listAt(container, 'properties.environmentVariables')
      .filter((one) => typeof one['value'] !== 'string')
      .map((one) => textAt(one, 'name') ?? '')
      .filter((name) => container['name'] !== app.name || !known.has(name))
      .map((name) => `variable ${name}`),
  );
  const passwords = listAt(there, 'properties.imageRegistryCredentials')
    .filter((one) => textAt(one, 'username') !== undefined && !isSameText(textAt(one, 'server'), shown(server)))
    .map((one) => `password for ${textAt(one, 'server') ?? 'a registry'}`);
  const volumes = listAt(there, 'properties.volumes')
    .filter((one) => ['azureFile', 'secret'].some((kind) => one[kind] !== undefined && one[kind] !== null))
    .map((one) => `volume ${textAt(one, 'name') ?? ''}`);
  return [...variables, ...passwords, ...volumes];
}

/** Whose key only its workspace tells. */
function isLogKeyHidden(app: ContainerInstanceChoices, there: JsonObject): boolean {
  return workspaceOf(there) !== undefined && app.workspace === undefined;
}

/** What making the group anew would lose besides: we make one container and know only what is in the choices. */
export function lostWith(scene: Scene, app: ContainerInstanceChoices, there: JsonObject): readonly string[] {
  const known = new Set(groupVariables(scene).map(({ name }) => name));
  const others = [...listAt(there, 'properties.containers'), ...listAt(there, 'properties.initContainers')]
    .filter((one) => one['name'] !== app.name)
    .map((one) => `container ${textAt(one, 'name') ?? ''}`);
  const container = ours(app, there);
  const variables = listAt(container, 'properties.environmentVariables')
    .map((one) => textAt(one, 'name') ?? '')
    .filter((name) => !known.has(name))
    .map((name) => `variable ${name}`);
  const command = listIsEmpty(container, 'properties.command') ? [] : ['its command'];
  const volumes = listAt(there, 'properties.volumes').map((one) => `volume ${textAt(one, 'name') ?? ''}`);
  const network = listAt(there, 'properties.subnetIds').length === 0 ? [] : ['its private network'];
  const identity = /SystemAssigned/i.test(textAt(there, 'identity.type') ?? '') ? ['its own identity'] : [];
  const logs = isLogKeyHidden(app, there) ? ['the workspace of its logs'] : [];
  return [
    ...new Set([
      ...hiddenIn(scene, app, there),
      ...others,
      ...variables,
      ...command,
      ...volumes,
      ...network,
      ...identity,
      ...logs,
    ]),
  ];
}

function differences(scene: Scene, app: ContainerInstanceChoices, there: JsonObject): readonly Difference[] {
  const container = ours(app, there);
  const path = `properties.containers[name=${app.name}].properties`;
  const image = textAt(container, 'properties.image');
  const probe = livenessProbe(scene);
  const before = at(container, 'properties.livenessProbe');
  const identity = addIdentity(scene, at(there, 'identity'));
  return [
    ...(says(image, appImage(scene), 'image')
      ? []
      : [
          {
            edit: { at: `${path}.image`, ...(image === undefined ? {} : { from: image }), to: appImage(scene) },
            change: { what: 'image', ...(image === undefined ? {} : { from: image }), to: imageText(scene) },
          },
        ]),
    ...portDifferences(scene, there, `${path}.ports`, container),
    ...(app.dnsLabel === undefined
      ? []
      : difference(
          'properties.ipAddress.dnsNameLabel',
          'DNS label',
          at(there, 'properties.ipAddress.dnsNameLabel'),
          app.dnsLabel,
        )),
    ...variableDifferences(scene, container, path),
    // A command was chosen by somebody who knew better than HEALTHCHECK.
    ...(probe === undefined || isObject(at(before, 'exec')) || says(before, probe)
      ? []
      : [
          {
            edit: { at: `${path}.livenessProbe`, to: probe },
            change: { what: 'liveness probe', to: scene.health?.path ?? '' },
          },
        ]),
    ...(identity === undefined ? [] : [{ edit: { at: 'identity', to: identity }, change: identityChange(scene) }]),
    ...credentialDifferences(scene, there),
  ];
}

/** The group's port is what is reachable, the container's where it listens; both have the same number here. */
function portDifferences(
  scene: Scene,
  there: JsonObject,
  path: string,
  container: JsonObject | undefined,
): readonly Difference[] {
  const has = (list: readonly JsonObject[]): boolean => list.some((one) => one['port'] === scene.port);
  const inner = listAt(container, 'properties.ports');
  const outer = listAt(there, 'properties.ipAddress.ports');
  const wanted = { protocol: 'TCP', port: scene.port };
  const change = { what: 'port', from: outer.map((one) => shown(one['port'])).join(', '), to: String(scene.port) };
  const rest = outer.filter((one) => !inner.some((port) => port['port'] === one['port']));
  return [
    ...(has(inner) ? [] : [{ edit: { at: path, to: [wanted] }, change: { ...change, what: "the container's port" } }]),
    // One that nobody can reach stays so.
    ...(has(outer) || !isObject(at(there, 'properties.ipAddress'))
      ? []
      : [{ edit: { at: 'properties.ipAddress.ports', to: [...rest, wanted] }, change }]),
  ];
}

function variableDifferences(scene: Scene, container: JsonObject | undefined, path: string): readonly Difference[] {
  const now = listAt(container, 'properties.environmentVariables');
  return groupVariables(scene).flatMap((variable) => {
    const before = now.find((one) => one['name'] === variable.name);
    const isSecure = 'secureValue' in variable;
    const isSame =
      before !== undefined && (isSecure ? typeof before['value'] !== 'string' : before['value'] === variable['value']);
    if (isSame) return [];
    const to = shown(isSecure ? variable['secureValue'] : variable['value']);
    return [
      {
        edit: { at: `${path}.environmentVariables[name=${variable.name}]`, to: variable },
        change: { what: `variable ${variable.name}`, to },
      },
    ];
  });
}

/** A PUT must say again what Azure does not give back, changed or not. */
export function secureEdits(scene: Scene, app: ContainerInstanceChoices, there: JsonObject): readonly Difference[] {
  const now = listAt(ours(app, there), 'properties.environmentVariables');
  const path = `properties.containers[name=${app.name}].properties.environmentVariables`;
  const variables = groupVariables(scene).flatMap((variable) => {
    const before = now.find((one) => one['name'] === variable.name);
    const value = variable['secureValue'];
    if (before === undefined || typeof before['value'] === 'string' || value === undefined) return [];
    return [
      {
        edit: { at: `${path}[name=${variable.name}].secureValue`, to: value },
        change: { what: `variable ${variable.name}`, to: shown(value) },
      },
    ];
  });
  if (app.workspace === undefined || !isInWorkspace(scene, there)) return variables;
  const { key } = workspacePlaces(scene);
  const edit = { at: 'properties.diagnostics.logAnalytics.workspaceKey', to: key };
  return [...variables, { edit, change: { what: 'key for its logs', to: shown(key) } }];
}

function credentialDifferences(scene: Scene, there: JsonObject): readonly Difference[] {
  const path = 'properties.imageRegistryCredentials';
  const now = listAt(there, path);
  const server = loginServer(scene);
  const before = now.find((one) => isSameText(textAt(one, 'server'), shown(server)));
  if (before !== undefined && isSameText(textAt(before, 'identity'), scene.ids.identity)) return [];
  const others: readonly Value[] = now.filter((one) => one !== before);
  const change = { what: `pull from ${shown(server)} with`, to: scene.ids.identity ?? '' };
  return [{ edit: { at: path, to: [...others, groupCredential(scene)] }, change }];
}

export function ours(app: ContainerInstanceChoices, there: JsonObject): JsonObject | undefined {
  return listAt(there, 'properties.containers').find((one) => one['name'] === app.name);
}

function listIsEmpty(value: JsonObject | undefined, path: string): boolean {
  const list = at(value, path);
  return !Array.isArray(list) || list.length === 0;
}
