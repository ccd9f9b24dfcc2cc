import { apiVersions } from '../../azure/api-versions.ts';
import { at, isObject, type JsonObject, textAt } from '../../azure/json.ts';
import type { ContainerAppChoices, ScaleRule } from '../choices.ts';
import type { Value } from '../value.ts';
import {
  appImage,
  ingressOf,
  type NamedValue,
  probesOf,
  registryEntry,
  revisionSuffix,
  scaleRule,
  secretsOf,
  type Size,
  sizeOf,
  variablesOf,
} from './app-body.ts';
import { containerEdits } from './app-container.ts';
import { followsLatest, modeDifferences } from './app-traffic.ts';
import { type Difference, difference } from './difference.ts';
import { hashOf } from './hash.ts';
import { imageText, localName, loginServer } from './image.ts';
import { found, isSameText, listAt, type Pieces, says, type Scene, shown } from './scene.ts';
import { addIdentity, identityChange } from './site-change.ts';
import { newApp, revisionsOf } from './unsaid.ts';

const template = 'properties.template';
const configuration = 'properties.configuration';

/** Before roles can be given to it. */
export function* changeAppIdentity(scene: Scene): Pieces {
  const { name } = scene.target.app;
  const now = at(found(scene, scene.ids.app), 'identity');
  const identity = addIdentity(scene, now);
  if (identity === undefined) return;
  yield {
    id: 'app:identity',
    title: `Give the container app '${name}' an identity of its own`,
    effect: 'change',
    resource: scene.ids.app,
    changes: [identityChange(scene)],
    do: 'update',
    path: scene.ids.app,
    apiVersion: apiVersions.containerApps,
    method: 'PATCH',
    edits: [{ at: 'identity', to: identity }],
    send: ['location', 'identity'],
  };
}

/** In one PATCH; what Azure replaces as a whole is sent as a whole, with everything of it that is not ours. */
export function* changeApp(scene: Scene, app: ContainerAppChoices, there: JsonObject): Pieces {
  const inTemplate = templateDifferences(scene, app, there);
  const isNewRevision = inTemplate.length > 0;
  const secrets = secretDifferences(scene, there);
  const rest = [
    ...identityDifferences(scene, there),
    ...ingressDifferences(scene, app, there),
    ...registryDifferences(scene, there),
    ...modeDifferences(app, there, isNewRevision),
  ];
  const base = { id: 'app', resource: scene.ids.app };
  if (inTemplate.length + rest.length + secrets.length === 0) {
    yield { ...base, title: `Container app '${app.name}' stays as it is`, effect: 'leave', do: 'nothing' };
  } else {
    const suffix = isNewRevision ? suffixDifference(scene, app, there, inTemplate) : [];
    const all = [...inTemplate, ...suffix, ...rest, ...secrets];
    const isOnlySecrets =
      inTemplate.length + rest.length === 0 && secrets.every(({ edit }) => edit.at.endsWith('.value'));
    const isNewImage = inTemplate.some(({ change }) => change.what === 'image');
    yield {
      ...base,
      title: isOnlySecrets
        ? `Set the secrets of the container app '${app.name}' if they have changed`
        : isNewImage
          ? `Run '${localName(scene)}' in the container app '${app.name}'`
          : `Change the container app '${app.name}'`,
      effect: isOnlySecrets ? 'run' : 'change',
      changes: all.map(({ change }) => change),
      ...because(app, there, isNewRevision, isOnlySecrets),
      do: 'update',
      path: scene.ids.app,
      apiVersion: apiVersions.containerApps,
      method: 'PATCH',
      edits: all.map(({ edit }) => edit),
      send: branches(all),
      ...(secrets.length === 0
        ? {}
        : { keep: { path: `${scene.ids.app}/listSecrets`, into: `${configuration}.secrets` } }),
    };
  }
  if (!isNewRevision) yield* restart(scene, there);
}

function because(
  app: ContainerAppChoices,
  there: JsonObject,
  isNewRevision: boolean,
  isOnlySecrets: boolean,
): { readonly because?: string } {
  if (isOnlySecrets) return { because: 'What is running sees new values after its next start' };
  if (!isNewRevision) return {};
  if (revisionsOf(app, there) === 'single') {
    return { because: 'This makes a new revision, which takes the place of the old one' };
  }
  return {
    because:
      app.revisions === undefined && followsLatest(there)
        ? 'This makes a new revision, which gets the traffic that the latest gets'
        : 'This makes a new revision, which gets no traffic until it is promoted',
  };
}

function* restart(scene: Scene, there: JsonObject): Pieces {
  const revision = textAt(there, 'properties.latestRevisionName');
  if (revision === undefined) return;
  yield {
    id: 'app:restart',
    title: `Restart the revision '${revision}' if the image is pushed again`,
    effect: 'run',
    resource: scene.ids.app,
    because: 'The tag stays the same, so Azure would not pull the image again by itself',
    do: 'post',
    path: `${scene.ids.app}/revisions/${revision}/restart`,
    apiVersion: apiVersions.containerApps,
    onlyAfter: 'image',
  };
}

function templateDifferences(scene: Scene, app: ContainerAppChoices, there: JsonObject): readonly Difference[] {
  const container = containerEdits({
    at: `${template}.containers[name=${app.container}]`,
    now: listAt(there, `${template}.containers`).find((one) => one['name'] === app.container),
    image: appImage(scene),
    imageText: imageText(scene),
    size: wantedSize(app, there),
    variables: variablesOf(scene),
    probes: probesOf(scene.health),
  });
  return [...container, ...scaleDifferences(app, there)];
}

/** Each profile but Consumption takes any pair of them. */
function wantedSize(app: ContainerAppChoices, there: JsonObject): Partial<Size> {
  const { cpu, memory } = app;
  if (cpu === undefined && memory === undefined) return {};
  if (isConsumption(there)) return sizeOf(newApp(app));
  return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
}

export function isConsumption(there: JsonObject | undefined): boolean {
  return isSameText(textAt(there, 'properties.workloadProfileName') ?? 'Consumption', 'Consumption');
}

function scaleDifferences(app: ContainerAppChoices, there: JsonObject): readonly Difference[] {
  const now = at(there, `${template}.scale`);
  const rules = listAt(now, 'rules');
  const ours = (app.rules ?? []).map((rule) => asThere(rule, rules));
  const theirs = rules.filter((rule) => !ours.some(({ name }) => name === rule['name']));
  const isSame = ours.every((rule) => says(ruleNamed(rules, rule.name), rule));
  return [
    ...replicas('minReplicas', 'replicas at least', 0),
    ...replicas('maxReplicas', 'replicas at most', 10),
    ...(isSame
      ? []
      : [
          {
            edit: {
              at: `${template}.scale.rules`,
              to: [...theirs, ...ours],
            },
            change: { what: 'scale rules', from: namesOf(rules), to: namesOf([...theirs, ...ours]) },
          },
        ]),
  ];

  function replicas(key: 'minReplicas' | 'maxReplicas', what: string, usual: number): readonly Difference[] {
    const to = app[key];
    return to === undefined ? [] : difference(`${template}.scale.${key}`, what, at(now, key), to, usual);
  }
}

/** Its name is made up here: one for requests that has another is the one that is meant, as requests are counted once. */
function asThere(rule: ScaleRule, rules: readonly JsonObject[]): NamedValue {
  const ours = scaleRule(rule);
  if (rule.kind !== 'http' || ruleNamed(rules, ours.name) !== undefined) return ours;
  const name = textAt(
    rules.find((one) => isObject(one['http'])),
    'name',
  );
  return name === undefined ? ours : { ...ours, name };
}

/** Every change of the template makes a revision, and needs a name that no revision had. */
export function suffixDifference(
  scene: Scene,
  app: ContainerAppChoices,
  there: JsonObject,
  changes: readonly Difference[],
  tag = scene.tag,
): readonly Difference[] {
  const taken = listAt(found(scene, `${scene.ids.app}/revisions`), 'value').map((one) => textAt(one, 'name'));
  const from = textAt(there, `${template}.revisionSuffix`) ?? '';
  const isTaken = (suffix: string): boolean => suffix === from || taken.includes(`${app.name}--${suffix}`);
  const plain = revisionSuffix(tag);
  const what = JSON.stringify([from, taken, changes.map(({ edit }) => edit)]);
  const to = isTaken(plain) ? revisionSuffix(tag, hashOf(what).slice(0, 5)) : plain;
  return [
    {
      edit: { at: `${template}.revisionSuffix`, to },
      change: { what: 'revision', ...(from === '' ? {} : { from: `${app.name}--${from}` }), to: `${app.name}--${to}` },
    },
  ];
}

function identityDifferences(scene: Scene, there: JsonObject): readonly Difference[] {
  // An identity of its own was given before.
  if (scene.ids.identity === undefined) return [];
  const now = at(there, 'identity');
  const identity = addIdentity(scene, now);
  if (identity === undefined) return [];
  return [{ edit: { at: 'identity', to: identity }, change: identityChange(scene) }];
}

function ingressDifferences(scene: Scene, app: ContainerAppChoices, there: JsonObject): readonly Difference[] {
  const path = `${configuration}.ingress`;
  const now = at(there, path);
  const { external } = app;
  if (now === undefined || now === null) {
    if (external === undefined) return [];
    const to = `port ${scene.port}, from ${external ? 'the internet' : 'its environment'}`;
    return [{ edit: { at: path, to: ingressOf(scene, external) }, change: { what: 'reachable', from: 'no', to } }];
  }
  return [
    ...(external === undefined
      ? []
      : difference(`${path}.external`, 'reachable from the internet', at(now, 'external'), external, false)),
    ...difference(`${path}.targetPort`, 'port', at(now, 'targetPort'), scene.port),
  ];
}

function registryDifferences(scene: Scene, there: JsonObject): readonly Difference[] {
  const path = `${configuration}.registries`;
  const now = listAt(there, path);
  const entry = registryEntry(scene);
  const server = loginServer(scene);
  const before = now.find((one) => typeof server === 'string' && isSameText(textAt(one, 'server'), server));
  if (before !== undefined && isSameText(textAt(before, 'identity'), shown(entry['identity']))) return [];
  const others: readonly Value[] = now.filter((one) => one !== before);
  const from = before === undefined ? undefined : (textAt(before, 'identity') ?? 'a password');
  const to = scene.ids.identity === undefined ? "the app's own identity" : shown(entry['identity']);
  return [
    {
      edit: { at: path, to: [...others, entry] },
      change: { what: `pull from ${shown(server)} with`, ...(from === undefined ? {} : { from }), to },
    },
  ];
}

function secretDifferences(scene: Scene, there: JsonObject): readonly Difference[] {
  const now = listAt(there, `${configuration}.secrets`);
  return secretsOf(scene).flatMap((secret): readonly Difference[] => {
    const before = now.find((one) => one['name'] === secret.name);
    const path = `${configuration}.secrets[name=${secret.name}]`;
    const what = `secret ${secret.name}`;
    const to = shown('keyVaultUrl' in secret ? secret['keyVaultUrl'] : secret['value']);
    if (before === undefined) return [{ edit: { at: path, to: secret }, change: { what, to } }];
    if ('keyVaultUrl' in secret) {
      const isSame =
        before['keyVaultUrl'] === secret['keyVaultUrl'] &&
        isSameText(textAt(before, 'identity'), shown(secret['identity']));
      return isSame ? [] : [{ edit: { at: path, to: secret }, change: { what, to } }];
    }
    if (textAt(before, 'keyVaultUrl') !== undefined) return [{ edit: { at: path, to: secret }, change: { what, to } }];
    // Values never come back with the app: whether this one is another shows when the step runs.
    return [{ edit: { at: `${path}.value`, to: secret['value'] }, change: { what, to } }];
  });
}

/** What is sent: objects merge, so that only what changes in them goes; the template and every list go whole. */
function branches(all: readonly Difference[]): readonly string[] {
  const branch = (path: string): string => {
    if (path.startsWith(template)) return template;
    const bracket = path.indexOf('[');
    return bracket < 0 ? path : path.slice(0, bracket);
  };
  // A PATCH without the location is not what the contract says, though Azure takes it.
  return ['location', ...new Set(all.map(({ edit }) => branch(edit.at)))];
}

function ruleNamed(rules: readonly JsonObject[], name: string): JsonObject | undefined {
  return rules.find((rule) => rule['name'] === name);
}

function namesOf(rules: readonly (JsonObject | NamedValue)[]): string {
  return rules.length === 0 ? 'none' : rules.map((rule) => shown(rule['name'] as Value)).join(', ');
}
