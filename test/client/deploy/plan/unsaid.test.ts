import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { at, type JsonObject } from '../../../../client/src/azure/json.ts';
import type {
  AppChoices,
  ContainerAppChoices,
  ContainerInstanceChoices,
  Target,
} from '../../../../client/src/deploy/choices.ts';
import type { Facts } from '../../../../client/src/deploy/facts.ts';
import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import type { Plan } from '../../../../client/src/deploy/plan.ts';
import type { Change } from '../../../../client/src/deploy/step.ts';
import { withValue } from '../../../../client/src/deploy/run/edits.ts';
import { simulate } from './simulate.ts';
import {
  appId,
  bareContainerApp,
  bareContainerGroup,
  bareWebApp,
  containerGroup,
  factsOf,
  groupId,
  siteId,
  targetOf,
  withResource,
  withSource,
} from './support.ts';

/** Deployed by somebody else's hand, as far as these paths go, with an image that is to be replaced. */
function there(target: Target, id: string, values: Readonly<Record<string, JsonObject[string] | undefined>>): Facts {
  const { facts } = simulate(makePlan(target, factsOf(target)), factsOf(target));
  const changed = withResource(facts, id, (resource) =>
    Object.entries(values).reduce<JsonObject>((all, [path, to]) => withValue(all, path, to) as JsonObject, resource),
  );
  return withSource(changed, { commit: { short: '5e6f708', full: '5e6f708', isDirty: false } });
}

function changesOf(plan: Plan, id: string): readonly Change[] {
  return plan.steps.find((step) => step.id === id)?.changes ?? [];
}

const image: Change = { what: 'image', from: 'shopreg.azurecr.io/shop:1a2b3c4', to: 'shopreg.azurecr.io/shop:5e6f708' };
const revision: Change = { what: 'revision', from: 'shop--v1a2b3c4', to: 'shop--v5e6f708' };

suite('container apps', () => {
  const bare = targetOf(bareContainerApp);
  const ingress = 'properties.configuration.ingress';
  const scale = 'properties.template.scale';
  const plan = (
    values: Readonly<Record<string, JsonObject[string] | undefined>>,
    more: Partial<ContainerAppChoices> = {},
  ): Plan => makePlan(targetOf({ ...bareContainerApp, ...more }), there(bare, appId, values));

  test('a new one has defaults', () => {
    const [body] = simulate(makePlan(bare, factsOf(bare)), factsOf(bare)).sent.filter(({ step }) => step === 'app');
    assert.equal(at(body?.body, `${ingress}.external`), true);
    assert.deepEqual(at(body?.body, scale), {
      minReplicas: 0,
      maxReplicas: 5,
      rules: [{ name: 'http', http: { metadata: { concurrentRequests: '50' } } }],
    });
    assert.deepEqual(at(body?.body, 'properties.template.containers.0.resources'), { cpu: 0.5, memory: '1Gi' });
    assert.equal(at(body?.body, 'properties.configuration.activeRevisionsMode'), 'Single');
  });

  test('one that is there keeps who may ask it, its size, its scaling and its revisions', () => {
    const { steps, warnings } = plan({
      [`${ingress}.external`]: false,
      [`${ingress}.traffic`]: [{ revisionName: 'shop--v1a2b3c4', weight: 100 }],
      'properties.configuration.activeRevisionsMode': 'Multiple',
      [scale]: {
        minReplicas: 2,
        maxReplicas: 30,
        rules: [{ name: 'requests', http: { metadata: { concurrentRequests: '7' } } }],
      },
      'properties.template.containers[name=web].resources': { cpu: 2, memory: '4Gi' },
    });
    const step = steps.find(({ id }) => id === 'app');
    assert.deepEqual(step?.changes, [image, revision]);
    assert.equal(step.because, 'This makes a new revision, which gets no traffic until it is promoted');
    assert.deepEqual(warnings, ["'shop' can be reached only from its environment: whether it answers is not checked"]);
  });

  test('its latest revision goes on getting all traffic', () => {
    const { steps } = plan({ 'properties.configuration.activeRevisionsMode': 'Multiple' });
    const step = steps.find(({ id }) => id === 'app');
    assert.deepEqual(step?.changes, [image, revision]);
    assert.equal(step.because, 'This makes a new revision, which gets the traffic that the latest gets');
  });

  test('one that takes no requests and has no scaling gets neither', () => {
    const none = plan({ [ingress]: undefined, [scale]: undefined });
    assert.deepEqual(changesOf(none, 'app'), [image, revision]);
    assert.deepEqual(none.warnings, ["'shop' takes no requests: whether it answers is not checked"]);
    const inside = plan({ [ingress]: undefined }, { external: false });
    assert.deepEqual(changesOf(inside, 'app').at(-1), {
      what: 'reachable',
      from: 'no',
      to: 'port 8080, from its environment',
    });
  });

  test('opening it to the internet is told', () => {
    const warning =
      "'shop' is not reachable from the internet now, and will be: remove 'external' to leave that as it is";
    for (const values of [{ [`${ingress}.external`]: false }, { [ingress]: undefined }]) {
      const opened = plan(values, { external: true });
      assert.deepEqual(opened.warnings, [warning]);
      assert.equal(changesOf(opened, 'app').length, 3);
      assert.equal(opened.steps.at(-1)?.id, 'answer');
    }
    assert.deepEqual(plan({}, { external: true }).warnings, []);
  });

  test('a rule for requests that is asked for takes the place of one under another name', () => {
    const theirs = { name: 'requests', http: { metadata: { concurrentRequests: '7' } } };
    const cron = { name: 'night', custom: { type: 'cron', metadata: {} } };
    const rules = [{ kind: 'http', name: 'http', requests: 20 }] as const;
    const { steps } = plan({ [`${scale}.rules`]: [cron, theirs] }, { rules });
    const step = steps.find(({ id }) => id === 'app');
    assert.deepEqual(step?.do === 'update' && step.edits.find((edit) => edit.at === `${scale}.rules`)?.to, [
      cron,
      { name: 'requests', http: { metadata: { concurrentRequests: '20' } } },
    ]);
    assert.equal(
      changesOf(plan({ [`${scale}.rules`]: [theirs] }, { rules: [{ ...rules[0], requests: 7 }] }), 'app').length,
      2,
    );
  });

  test('replicas are judged by what will be', () => {
    const values = { [scale]: { minReplicas: 4, maxReplicas: 6 } };
    assert.deepEqual(plan(values, { maxReplicas: 3 }).blockers, [
      "'shop' cannot have 4 to 3 replicas: raise 'maxReplicas'",
    ]);
    assert.deepEqual(plan(values, { minReplicas: 6 }).blockers, []);
  });

  test('memory alone says the size as well', () => {
    assert.deepEqual(changesOf(plan({}, { memory: 3 }), 'app').slice(1, 3), [
      { what: 'vCPU', from: '0.5', to: '1.5' },
      { what: 'memory', from: '1Gi', to: '3Gi' },
    ]);
    const dedicated = { 'properties.workloadProfileName': 'D4' };
    assert.deepEqual(changesOf(plan(dedicated, { memory: 3 }), 'app').slice(1, 2), [
      { what: 'memory', from: '1Gi', to: '3Gi' },
    ]);
  });

  test('one that got no further than the placeholder is as good as new', () => {
    const own = targetOf(bareContainerApp, { identity: { kind: 'system' } });
    const whole = makePlan(own, factsOf(own));
    const half = { ...whole, steps: whole.steps.slice(0, whole.steps.findIndex(({ id }) => id === 'app') + 1) };
    const changes = changesOf(makePlan(own, simulate(half, factsOf(own)).facts), 'app');
    assert.deepEqual(
      changes.filter(({ what }) => /replicas|rules/.test(what)).map(({ to }) => to),
      ['5', 'http'],
    );
  });
});

test('where it listens stays, unless the choices or the Dockerfile say another port', () => {
  const targets = [
    [bareContainerApp, appId, 'properties.configuration.ingress.targetPort'],
    [bareContainerGroup, groupId, 'properties.ipAddress.ports[0].port'],
    [bareWebApp, siteId, undefined],
  ] as const;
  for (const [app, id, path] of targets) {
    const before = there(targetOf(app, { port: 9000 }), id, path === undefined ? {} : { [path]: 9000 });
    const told = (exposed: readonly number[], port?: number): readonly string[] => {
      const target = targetOf(app, port === undefined ? {} : { port });
      const { steps, warnings, blockers } = makePlan(target, withSource(before, { exposed }));
      const changes = steps.flatMap(({ changes = [] }) => changes).filter(({ what }) => /port/i.test(what));
      return [...changes.map(({ to }) => to), ...warnings, ...blockers];
    };
    assert.deepEqual(told([]), [], app.kind);
    assert.deepEqual(told([80, 9000]), [], app.kind);
    assert.deepEqual(told([80]).at(-1), '80', app.kind);
    assert.deepEqual(told([9000], 81).at(-1), '81', app.kind);
  }
});

suite('web apps', () => {
  const bare = targetOf(bareWebApp);
  const web = `${siteId}/config/web`;

  test('a new one has a plan of size B1 and is always on; one on a free plan is not', () => {
    const [servicePlan, site] = ['plan', 'site'].map((id) => changesOf(makePlan(bare, factsOf(bare)), id));
    assert.deepEqual(servicePlan, [{ what: 'size', to: 'B1 (Basic), Linux' }]);
    assert.ok(site?.some(({ what, to }) => what === 'always on' && to === 'on'));
    const free = targetOf({ ...bareWebApp, sku: 'F1' });
    const plan = makePlan(free, factsOf(free));
    assert.ok(changesOf(plan, 'site').some(({ what, to }) => what === 'always on' && to === 'off'));
    assert.deepEqual(plan.warnings, []);
  });

  test('one that is there keeps its plan, whether it is always on, and its protocol', () => {
    const values = { 'properties.alwaysOn': false, 'properties.http20Enabled': false };
    const facts = there(targetOf({ ...bareWebApp, sku: 'S1' }), web, values);
    const plan = makePlan(bare, facts);
    assert.deepEqual(plan.warnings, []);
    assert.deepEqual(changesOf(plan, 'site:image'), [image]);
    const said = makePlan(targetOf({ ...bareWebApp, sku: 'B1', alwaysOn: true }), facts);
    assert.deepEqual(said.warnings, ["The App Service plan 'shop-plan' is S1, not B1: it stays as it is"]);
    assert.deepEqual(changesOf(said, 'site:image'), [image, { what: 'always on', from: 'off', to: 'on' }]);
  });

  test('one that keeps files under /home goes on keeping them, and its new slot does', () => {
    const storage = 'WEBSITES_ENABLE_APP_SERVICE_STORAGE';
    const facts = there(targetOf({ ...bareWebApp, sku: 'S1' }), web, {});
    const keeping = {
      ...facts,
      settings: new Map([[siteId.toLowerCase(), { ...facts.settings.get(siteId.toLowerCase()), [storage]: 'true' }]]),
    };
    const told = (app: AppChoices, env: Target['env'] = {}): string | undefined =>
      makePlan(targetOf(app, { env }), keeping)
        .steps.flatMap(({ changes = [] }) => changes)
        .find(({ what }) => what === `setting ${storage}`)?.to;
    assert.equal(told(bareWebApp), undefined);
    assert.equal(told({ ...bareWebApp, slot: 'next' }), `<setting ${storage} of 'shop'>`);
    assert.equal(told(bareWebApp, { [storage]: 'false' }), 'false');
  });

  test('a new slot is always on as production is', () => {
    const facts = there(targetOf({ ...bareWebApp, sku: 'S1' }), web, { 'properties.alwaysOn': false });
    const slot = (app: AppChoices): readonly Change[] => changesOf(makePlan(targetOf(app), facts), 'slot:next');
    const on = (changes: readonly Change[]): string | undefined => changes.find(({ what }) => what === 'always on')?.to;
    assert.equal(on(slot({ ...bareWebApp, slot: 'next' })), 'off');
    assert.equal(on(slot({ ...bareWebApp, slot: 'next', alwaysOn: true })), 'on');
    // Afterwards it has its own.
    const slotted = targetOf({ ...bareWebApp, sku: 'S1', slot: 'next' });
    const off = there(slotted, `${siteId}/slots/next/config/web`, { 'properties.alwaysOn': false });
    assert.deepEqual(changesOf(makePlan(slotted, off), 'slot:next:image'), [image]);
  });
});

suite('container groups', () => {
  const bare = targetOf(bareContainerGroup);
  const big = targetOf({ ...containerGroup, cpu: 2, memory: 4, restart: 'OnFailure' });
  const plan = (
    values: Readonly<Record<string, JsonObject[string] | undefined>>,
    more: Partial<ContainerInstanceChoices> = {},
  ): Plan => makePlan(targetOf({ ...bareContainerGroup, ...more }), there(big, groupId, values));

  test('a new one has defaults, and an address that Azure takes', () => {
    const [body] = simulate(makePlan(bare, factsOf(bare)), factsOf(bare)).sent.filter(
      ({ step }) => step === 'containers',
    );
    assert.deepEqual(at(body?.body, 'properties.containers.0.properties.resources.requests'), {
      cpu: 1,
      memoryInGB: 1.5,
    });
    assert.equal(at(body?.body, 'properties.restartPolicy'), 'Always');
    assert.equal(at(body?.body, 'properties.ipAddress.dnsNameLabel'), 'shop-app');
  });

  test('one that is there keeps its size, its restarts and its address, and so need not be made anew', () => {
    const { steps, warnings } = plan({});
    assert.deepEqual(
      steps.filter(({ resource }) => resource === groupId).map(({ id, changes }) => [id, changes]),
      [['containers', [image]]],
    );
    assert.deepEqual(warnings, []);
  });

  test('one that has ended is made anew as it was, with tags and identities', () => {
    const theirs =
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/theirs';
    const ended = plan({
      'properties.instanceView.state': 'Succeeded',
      tags: { team: 'shop' },
      [`identity.userAssignedIdentities['${theirs}']`]: {},
    });
    const step = ended.steps.find(({ id }) => id === 'containers');
    const body = step?.do === 'put' ? (step.body as JsonObject) : undefined;
    assert.deepEqual(at(body, 'properties.containers.0.properties.resources.requests'), { cpu: 2, memoryInGB: 4 });
    assert.equal(at(body, 'properties.restartPolicy'), 'OnFailure');
    assert.equal(at(body, 'properties.ipAddress.dnsNameLabel'), 'shop-label');
    assert.deepEqual(at(body, 'tags'), { team: 'shop' });
    assert.equal(Object.keys(at(body, 'identity.userAssignedIdentities') ?? {}).length, 2);
    const own = plan({ 'properties.instanceView.state': 'Succeeded', 'identity.type': 'SystemAssigned, UserAssigned' });
    assert.match(own.blockers.join(), /which would lose: its own identity/);
  });

  test('one that nobody can reach stays so, unless a DNS label is asked for', () => {
    const hidden = { 'properties.ipAddress': undefined };
    const kept = plan(hidden);
    assert.deepEqual(changesOf(kept, 'containers'), [image]);
    assert.deepEqual(kept.warnings, ["'shop' has no public address: whether it answers is not checked"]);
    const anew = plan({ ...hidden, 'properties.instanceView.state': 'Failed' }).steps.find(
      ({ id }) => id === 'containers',
    );
    assert.equal(anew?.do === 'put' && at(anew.body as JsonObject, 'properties.ipAddress'), undefined);
    assert.deepEqual(plan(hidden, { dnsLabel: 'shop-label' }).warnings, [
      "'shop' is not reachable from the internet now, and will be: remove 'dnsLabel' to leave that as it is",
      "'shop' is deleted and created again (address): it does not answer meanwhile",
    ]);
  });

  test('a probe that is a command stays', () => {
    const at = 'properties.containers[name=shop].properties.livenessProbe';
    const facts = withSource(there(big, groupId, { [at]: { exec: { command: ['check'] } } }), {
      health: { path: '/up' },
    });
    assert.deepEqual(changesOf(makePlan(bare, facts), 'containers'), [image]);
    const asked = withSource(there(big, groupId, { [at]: { httpGet: { path: '/old', port: 8080 } } }), {
      health: { path: '/up' },
    });
    assert.equal(changesOf(makePlan(bare, asked), 'containers').at(-1)?.to, '/up');
  });

  test('one with an address but no name of its own is asked at that', () => {
    const { steps } = plan({ 'properties.ipAddress.dnsNameLabel': undefined });
    const answer = steps.find(({ id }) => id === 'answer');
    assert.match(JSON.stringify(answer), /"get":"properties.ipAddress.ip"/);
    assert.match(JSON.stringify(plan({}).steps.at(-1)), /"get":"properties.ipAddress.fqdn"/);
  });
});
