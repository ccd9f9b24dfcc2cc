import { apiVersions } from '../../azure/api-versions.ts';
import { at, type JsonObject, textAt } from '../../azure/json.ts';
import type { Target } from '../choices.ts';
import type { Facts } from '../facts.ts';
import type { Plan } from '../plan.ts';
import type { Change, PostWork } from '../step.ts';
import { answer, urlOf } from './answer.ts';
import { labelAddress, labelProblem, revisionOf, withLabel } from './app-labels.ts';
import { trafficText } from './app-traffic.ts';
import { block, found, isSameText, listAt, type Pieces, type Scene, warn } from './scene.ts';
import { sceneOf, smallPlan } from './small-plan.ts';

export interface Share {
  readonly revision: string;
  /** In percent. */
  readonly weight: number;
}

export type TrafficWish =
  | { readonly do: 'split'; readonly shares: readonly Share[] }
  /** All to this one. */
  | { readonly do: 'promote'; readonly revision: string }
  | { readonly do: 'rollBack'; readonly revision: string }
  | { readonly do: 'activate'; readonly revision: string }
  | { readonly do: 'deactivate'; readonly revision: string }
  /** An address of its own for a revision; without a revision the label goes. */
  | { readonly do: 'label'; readonly label: string; readonly revision?: string };

/** Facts are those of a deployment to the container app. */
export function planTraffic(target: Target, facts: Facts, wish: TrafficWish): Plan {
  const scene = sceneOf(target, facts);
  return smallPlan(scene, titleOf(wish), [...pieces(scene, wish)]);
}

function titleOf(wish: TrafficWish): string {
  switch (wish.do) {
    case 'split':
      return `Split traffic: ${wish.shares.map(({ revision, weight }) => `${weight} % to '${revision}'`).join(', ')}`;
    case 'promote':
      return `Give '${wish.revision}' all traffic`;
    case 'rollBack':
      return `Roll back to '${wish.revision}'`;
    case 'activate':
      return `Activate '${wish.revision}'`;
    case 'deactivate':
      return `Deactivate '${wish.revision}'`;
    case 'label':
      return wish.revision === undefined
        ? `Remove the label '${wish.label}'`
        : `Put the label '${wish.label}' on '${wish.revision}'`;
  }
}

function* pieces(scene: Scene, wish: TrafficWish): Pieces {
  const { name } = scene.target.app;
  const there = found(scene, scene.ids.app);
  if (there === undefined || scene.target.app.kind !== 'containerApp') {
    yield block(`There is no container app '${name}': deploy it first`);
    return;
  }
  if ((at(there, 'properties.configuration.ingress') ?? undefined) === undefined && !isSwitch(wish)) {
    yield block(`'${name}' takes no requests: set 'external' and deploy it`);
    return;
  }
  const wanted = wish.do === 'split' ? wish.shares.map(({ revision }) => revision) : [wish.revision ?? []].flat();
  for (const revision of wanted) {
    if (revisionNamed(scene, revision) !== undefined) continue;
    yield block(`'${name}' has no revision '${revision}': choose one of ${revisionNames(scene).join(', ')}`);
    return;
  }
  switch (wish.do) {
    case 'activate':
      yield* activate(scene, wish.revision);
      return;
    case 'deactivate':
      yield* deactivate(scene, there, wish.revision);
      return;
    case 'label':
      yield* needsSeveral(scene, there);
      yield* label(scene, there, wish.label, wish.revision);
      return;
    case 'split':
    case 'promote':
    case 'rollBack': {
      const shares = wish.do === 'split' ? wish.shares : [{ revision: wish.revision, weight: 100 }];
      yield* needsSeveral(scene, there);
      yield* weightProblems(shares);
      for (const { revision, weight } of shares) if (weight > 0) yield* activate(scene, revision, false);
      yield* setTraffic(scene, there, withLabels(there, shares));
      yield* answer(scene, urlOf(scene, true));
    }
  }
}

function isSwitch(wish: TrafficWish): boolean {
  return wish.do === 'activate' || wish.do === 'deactivate';
}

function* needsSeveral(scene: Scene, there: JsonObject): Pieces {
  if (isSameText(textAt(there, 'properties.configuration.activeRevisionsMode'), 'Multiple')) return;
  yield block(`'${scene.target.app.name}' runs one revision at a time: choose 'revisions: multiple' and deploy again`);
}

function* weightProblems(shares: readonly Share[]): Pieces {
  const sum = shares.reduce((all, { weight }) => all + weight, 0);
  if (sum !== 100) yield block(`The shares add up to ${sum} %: make it 100`);
  if (shares.some(({ weight }) => !Number.isInteger(weight) || weight < 0)) {
    yield block('A share is a whole number from 0 to 100');
  }
  if (new Set(shares.map(({ revision }) => revision)).size < shares.length) {
    yield block('A revision is named twice: say each once');
  }
}

/** An inactive one runs nowhere: it must start before anybody is sent to it. */
function* activate(scene: Scene, revision: string, isAll = true): Pieces {
  const there = revisionNamed(scene, revision);
  const base = { id: `activate:${revision}`, resource: scene.ids.app };
  if (at(there, 'properties.active') === true) {
    if (isAll) yield { ...base, title: `'${revision}' is active`, effect: 'leave', do: 'nothing' };
    return;
  }
  if (isSameText(textAt(there, 'properties.healthState'), 'Unhealthy')) {
    yield warn(`'${revision}' was unhealthy when it last ran`);
  }
  yield { ...base, ...switching(scene, revision, true), title: `Start the revision '${revision}'`, effect: 'run' };
}

function* deactivate(scene: Scene, there: JsonObject, revision: string): Pieces {
  const share = traffic(there).find((one) => one['revisionName'] === revision);
  const latest = textAt(there, 'properties.latestRevisionName');
  const followsLatest = traffic(there).some((one) => one['latestRevision'] === true);
  if (Number(share?.['weight'] ?? 0) > 0 || (followsLatest && latest === revision)) {
    yield block(`'${revision}' gets traffic: promote another revision first`);
  }
  for (const one of traffic(there)) {
    if (one['label'] === undefined || !isSameText(revisionOf(there, one), revision)) continue;
    yield warn(`The address of the label '${textAt(one, 'label') ?? ''}' stops answering: it is on '${revision}'`);
  }
  const base = { id: `deactivate:${revision}`, resource: scene.ids.app };
  if (at(revisionNamed(scene, revision), 'properties.active') === false) {
    yield { ...base, title: `'${revision}' is inactive`, effect: 'leave', do: 'nothing' };
    return;
  }
  yield { ...base, ...switching(scene, revision, false), title: `Stop the revision '${revision}'`, effect: 'run' };
}

function switching(scene: Scene, revision: string, isActive: boolean): PostWork {
  const path = `${scene.ids.app}/revisions/${revision}`;
  return {
    do: 'post',
    path: `${path}/${isActive ? 'activate' : 'deactivate'}`,
    apiVersion: apiVersions.containerApps,
    doneWhen: [{ path, apiVersion: apiVersions.containerApps, at: 'properties.active', is: isActive }],
  };
}

function* label(scene: Scene, there: JsonObject, label: string, revision: string | undefined): Pieces {
  const problem = labelProblem(label);
  if (problem !== undefined) yield block(problem);
  const now = traffic(there);
  const holder = now.find((one) => one['label'] === label);
  const from = holder === undefined ? undefined : revisionOf(there, holder);
  const address = labelAddress(there, label);
  const change = (to: string): Partial<Told> => ({
    changes: [{ what: `label ${label}`, ...(from === undefined ? {} : { from }), to }],
  });
  if (revision === undefined) {
    const title = `Take the label '${label}' off '${from ?? ''}'`;
    const because = address === undefined ? {} : { because: `${address} stops answering` };
    yield* setTraffic(scene, there, withLabel(there, now, label, undefined), { title, ...change('none'), ...because });
    return;
  }
  const before = now.find((one) => isSameText(revisionOf(there, one), revision));
  const other = textAt(before, 'label');
  if (other !== undefined && other !== label) {
    yield warn(`'${revision}' loses the label '${other}': a revision can have only one`);
  }
  yield* activate(scene, revision, false);
  yield* setTraffic(scene, there, withLabel(there, now, label, revision), {
    title:
      from === undefined ? `Put the label '${label}' on '${revision}'` : `Move the label '${label}' to '${revision}'`,
    ...change(revision),
    because: `It answers at ${address ?? "the label's own address"}, whatever share of the requests it gets`,
  });
  if (address !== undefined) yield* answer(scene, address);
}

/** How a change of the traffic is told, where it is not the shares that change. */
interface Told {
  readonly title: string;
  readonly changes: readonly Change[];
  readonly because: string;
}

function* setTraffic(scene: Scene, there: JsonObject, to: readonly JsonObject[], told: Partial<Told> = {}): Pieces {
  const now = traffic(there);
  const base = { id: 'traffic', resource: scene.ids.app };
  if (JSON.stringify(now.map(known)) === JSON.stringify(to.map(known))) {
    yield { ...base, title: `Traffic stays as it is: ${labelled(now)}`, effect: 'leave', do: 'nothing' };
    return;
  }
  const path = 'properties.configuration.ingress.traffic';
  yield {
    ...base,
    title: `Send ${labelled(to)}`,
    effect: 'change',
    changes: [{ what: 'traffic', from: labelled(now), to: labelled(to) }],
    ...told,
    do: 'update',
    path: scene.ids.app,
    apiVersion: apiVersions.containerApps,
    method: 'PATCH',
    edits: [{ at: path, from: now, to: to }],
    send: ['location', path],
  };
}

/** Labels stay on their revisions when traffic moves; with no traffic if they get none. */
function withLabels(there: JsonObject, shares: readonly Share[]): readonly JsonObject[] {
  const labels = new Map(traffic(there).map((one) => [revisionOf(there, one), textAt(one, 'label')]));
  const given = shares.map(({ revision, weight }): JsonObject => {
    const label = labels.get(revision);
    labels.delete(revision);
    return { revisionName: revision, weight, ...(label === undefined ? {} : { label }) };
  });
  const others = [...labels].flatMap(([revisionName, label]) =>
    label === undefined || revisionName === undefined ? [] : [{ revisionName, weight: 0, label }],
  );
  return [...given, ...others];
}

/** Azure adds what is not set. */
function known(one: JsonObject): JsonObject {
  const { revisionName, latestRevision, weight, label } = one;
  return {
    ...(latestRevision === true || typeof revisionName !== 'string' ? { latestRevision: true } : { revisionName }),
    weight: weight ?? 0,
    ...(typeof label === 'string' ? { label } : {}),
  };
}

function labelled(entries: readonly JsonObject[]): string {
  const labels = entries.flatMap((one) =>
    typeof one['label'] === 'string' ? [`'${one['label']}' is ${textAt(one, 'revisionName') ?? 'the latest'}`] : [],
  );
  const shares = trafficText(entries.filter((one) => Number(one['weight'] ?? 0) > 0));
  return [shares, ...labels].join('; ');
}

function traffic(there: JsonObject): readonly JsonObject[] {
  return listAt(there, 'properties.configuration.ingress.traffic');
}

function revisionNamed(scene: Scene, name: string): JsonObject | undefined {
  return revisions(scene).find((one) => textAt(one, 'name') === name);
}

function revisionNames(scene: Scene): readonly string[] {
  return revisions(scene).map((one) => `'${textAt(one, 'name') ?? ''}'`);
}

function revisions(scene: Scene): readonly JsonObject[] {
  return listAt(found(scene, `${scene.ids.app}/revisions`), 'value');
}
