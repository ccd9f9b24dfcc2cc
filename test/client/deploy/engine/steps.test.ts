import assert from 'node:assert/strict';
import test from 'node:test';
import { execute } from '../../../../client/src/deploy/execute.ts';
import { assignmentName } from '../../../../client/src/deploy/run/role.ts';
import { acrPull } from '../../../../client/src/azure/roles.ts';
import { apiVersions } from '../../../../client/src/azure/api-versions.ts';
import type { Json } from '../../../../client/src/azure/json.ts';
import type { Step, Work } from '../../../../client/src/deploy/step.ts';
import type { DeployEvent, Outcome, StepRecord, World } from '../../../../client/src/deploy/world.ts';
import {
  callsOf,
  eventTexts,
  group,
  journalRecord,
  memoryArm,
  memoryJournal,
  planOf,
  refusal,
  testClock,
  worldOf,
} from './support.ts';

const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/shopreg`;
const app = `${group}/providers/Microsoft.App/containerApps/shop`;
const site = `${group}/providers/Microsoft.Web/sites/shop`;
const role = `${registry}/providers/Microsoft.Authorization/roleAssignments/${assignmentName(registry, 'p-1', acrPull)}`;

const putRegistry = {
  do: 'put',
  path: registry,
  apiVersion: apiVersions.registries,
  body: { location: 'westeurope', sku: { name: 'Basic' } },
} satisfies Work;
const giveRole = { do: 'role', scope: registry, role: acrPull, principal: 'p-1' } satisfies Work;

function stepOf(work: Work, more: Partial<Step> = {}): Step {
  return { id: 'step', title: 'Do it', effect: 'create', ...more, ...work };
}

interface Ended {
  readonly outcome: Outcome;
  readonly record: StepRecord | undefined;
  readonly events: readonly string[];
}

async function run(step: Step, parts: Partial<World> & Pick<World, 'arm'>, before?: StepRecord): Promise<Ended> {
  const plan = planOf([step]);
  const journal = memoryJournal(before && journalRecord({ plan, steps: { [step.id]: before } }));
  const events: DeployEvent[] = [];
  const outcome = await execute(plan, worldOf({ journal, ...parts }), { onEvent: (event) => events.push(event) });
  return { outcome, record: journal.records.at(-1)?.steps[step.id], events: eventTexts(events) };
}

function messageOf(outcome: Outcome): string {
  return outcome.kind === 'failed' && outcome.error instanceof Error ? outcome.error.message : outcome.kind;
}

test('puts what is not there, and remembers that it made it before it asks', async () => {
  const arm = memoryArm();
  const journal = memoryJournal();
  let known: string | undefined;
  arm.answer = ({ method }) => {
    if (method === 'PUT') known = journal.records.at(-1)?.steps['step']?.created;
    return undefined;
  };
  await execute(planOf([stepOf(putRegistry)]), worldOf({ arm, journal }));
  assert.deepEqual(callsOf(arm), ['PUT /providers/Microsoft.ContainerRegistry/registries/shopreg']);
  assert.equal(known, registry);
});

test('puts nothing when all is there, however Azure writes it, and does not call it its own', async () => {
  const arm = memoryArm({ [registry]: { location: 'West Europe', sku: { name: 'basic', tier: 'Basic' } } });
  const { outcome, record, events } = await run(stepOf(putRegistry), { arm });
  assert.equal(outcome.kind, 'deployed');
  assert.deepEqual(callsOf(arm), []);
  assert.equal(record?.created, undefined);
  assert.equal(record?.already, true);
  assert.deepEqual(events, ['begin step', 'done step already']);
});

test('does not turn into its own what somebody else made since the plan', async () => {
  const arm = memoryArm({ [registry]: { location: 'westeurope', sku: { name: 'Premium' } } });
  const { outcome } = await run(stepOf(putRegistry), { arm });
  assert.equal(messageOf(outcome), "'shopreg' has changed since the plan was shown: plan again");
  assert.deepEqual(callsOf(arm), []);
});

test('makes again what its own earlier life left half made', async () => {
  const arm = memoryArm({ [registry]: { location: 'westeurope', properties: { provisioningState: 'Failed' } } });
  const before: StepRecord = { state: 'begun', at: '', created: registry };
  const { outcome, record } = await run(stepOf(putRegistry), { arm }, before);
  assert.equal(outcome.kind, 'deployed');
  assert.equal(callsOf(arm).length, 1);
  assert.equal(record?.created, registry);
});

test('waits for what a dead run had begun, and does not begin it again', async () => {
  const body = { location: 'westeurope', sku: { name: 'Basic' } };
  const arm = memoryArm({ [registry]: { ...body, properties: { provisioningState: 'Creating' } } });
  let looks = 0;
  arm.answer = () => {
    if (++looks === 3)
      arm.resources.set(registry.toLowerCase(), { ...body, properties: { provisioningState: 'Succeeded' } });
    return undefined;
  };
  const { outcome, events } = await run(stepOf(putRegistry), { arm }, { state: 'begun', at: '', created: registry });
  assert.equal(outcome.kind, 'deployed');
  assert.deepEqual(callsOf(arm), []);
  assert.equal(events[1], "wait step: Waiting for 'shopreg' (Creating)");
});

test('forgets that it made something when Azure refused it outright', async () => {
  const arm = memoryArm();
  arm.answer = ({ method }) => {
    if (method === 'PUT') throw refusal(409, 'AlreadyInUse');
    return undefined;
  };
  const { outcome, record } = await run(stepOf(putRegistry), { arm });
  assert.equal(messageOf(outcome), 'AlreadyInUse');
  assert.equal(record?.state, 'failed');
  assert.equal(record.created, undefined);
});

test('goes on remembering when nobody knows whether it was made', async () => {
  const arm = memoryArm();
  arm.answer = ({ method }) => {
    if (method === 'PUT') throw refusal(0, 'ECONNRESET');
    return undefined;
  };
  assert.equal((await run(stepOf(putRegistry), { arm })).record?.created, registry);
});

for (const code of ['AnotherOperationInProgress', 'ContainerAppOperationInProgress', 'OperationNotAllowed']) {
  test(`tries again after ${code}, a bounded number of times`, async () => {
    const arm = memoryArm();
    let refused = 0;
    arm.answer = ({ method }) => {
      if (method === 'PUT' && refused < 3) {
        refused++;
        throw refusal(409, code);
      }
      return undefined;
    };
    assert.equal((await run(stepOf(putRegistry), { arm })).outcome.kind, 'deployed');
    assert.equal(callsOf(arm).length, 4);
    arm.resources.clear();
    refused = -1000;
    assert.equal(messageOf((await run(stepOf(putRegistry), { arm })).outcome), code);
  });
}

test('does not take a quota for something that passes', async () => {
  const arm = memoryArm();
  arm.answer = ({ method }) => {
    if (method === 'PUT') throw refusal(409, 'OperationNotAllowed', 'Exceeding approved quota');
    return undefined;
  };
  await run(stepOf(putRegistry), { arm });
  assert.equal(callsOf(arm).length, 1);
});

test('tries again while a role that this plan gives has not spread, and not without one', async () => {
  const unauthorized = refusal(
    400,
    'ContainerAppOperationError',
    'Failed to provision revision: GET https:?scope=repository%3Aapp%3Apull: UNAUTHORIZED: authentication required',
  );
  const answering = (times: number) => {
    const arm = memoryArm();
    let left = times;
    arm.answer = ({ method }) => {
      if (method === 'PUT' && left-- > 0) throw unauthorized;
      return undefined;
    };
    return arm;
  };
  const put = stepOf({ ...putRegistry, path: app });
  const patient = answering(3);
  const given = planOf([stepOf(giveRole, { id: 'role' }), put]);
  patient.resources.set(role.toLowerCase(), {
    properties: { principalId: 'p-1', roleDefinitionId: `/x/${acrPull.id}` },
  });
  assert.equal((await execute(given, worldOf({ arm: patient }))).kind, 'deployed');
  const alone = answering(3);
  assert.match(messageOf((await run(put, { arm: alone })).outcome), /UNAUTHORIZED/);
  assert.equal(callsOf(alone).length, 1);
});

test('registers a provider that Azure says is missing, and goes on', async () => {
  const arm = memoryArm();
  let registered = false;
  arm.answer = ({ method, path }): Json | undefined => {
    if (path.endsWith('/register')) registered = true;
    if (path.endsWith('/providers/Microsoft.ContainerRegistry')) {
      return { registrationState: registered ? 'Registered' : 'NotRegistered' };
    }
    if (method === 'PUT' && !registered) {
      const message = "The subscription is not registered to use namespace 'Microsoft.ContainerRegistry'";
      throw refusal(409, 'MissingSubscriptionRegistration', message);
    }
    return undefined;
  };
  assert.equal((await run(stepOf(putRegistry), { arm })).outcome.kind, 'deployed');
  assert.equal(callsOf(arm).filter((call) => call.startsWith('PUT')).length, 2);
});

const image = 'properties.template.containers[name=web].image';
const updateApp: Work = {
  do: 'update',
  path: app,
  apiVersion: apiVersions.containerApps,
  method: 'PATCH',
  edits: [{ at: image, from: 'a:1', to: 'a:2' }],
  send: ['properties.template.containers'],
};
const running = (tag: string) => ({
  properties: { template: { containers: [{ name: 'web', image: tag, probes: [{ type: 'Liveness' }] }], scale: null } },
});

test('updates what it is to update and sends nothing else', async () => {
  const arm = memoryArm({ [app]: running('a:1') });
  const { outcome } = await run(stepOf(updateApp, { effect: 'change' }), { arm });
  assert.equal(outcome.kind, 'deployed');
  assert.deepEqual(arm.changes[0]?.body, {
    properties: { template: { containers: [{ name: 'web', image: 'a:2', probes: [{ type: 'Liveness' }] }] } },
  });
});

test('sees that an update is done', async () => {
  const arm = memoryArm({ [app]: running('a:2') });
  assert.deepEqual((await run(stepOf(updateApp), { arm })).events, ['begin step', 'done step already']);
});

test('sees that what is to be taken away is still there', async () => {
  const at = 'properties.configuration.ingress.traffic';
  const [now, to] = [[{ revisionName: 'a', weight: 100, label: 'blue' }], [{ revisionName: 'a', weight: 100 }]];
  const work: Work = { ...updateApp, edits: [{ at, from: now, to }], send: [at] };
  const withTraffic = (traffic: Json) => ({ [app]: { properties: { configuration: { ingress: { traffic } } } } });
  const arm = memoryArm(withTraffic(now));
  assert.deepEqual((await run(stepOf(work), { arm })).events, ['begin step', 'done step']);
  assert.deepEqual((await run(stepOf(work), { arm: memoryArm(withTraffic(to)) })).events.at(-1), 'done step already');
  // The other way round, all that there was is there afterwards as well.
  const back: Work = { ...work, edits: [{ at, from: to, to: now }] };
  assert.deepEqual((await run(stepOf(back), { arm: memoryArm(withTraffic(now)) })).events.at(-1), 'done step already');
});

test('stops when what it is to change was changed since the plan', async () => {
  const arm = memoryArm({ [app]: running('a:other') });
  const { outcome } = await run(stepOf(updateApp), { arm });
  assert.equal(messageOf(outcome), "'shop' has changed since the plan was shown: plan again");
  assert.deepEqual(arm.changes, []);
});

test('repeats a PATCH whose answer got lost only if it has not happened', async () => {
  for (const happened of [true, false]) {
    const arm = memoryArm({ [app]: running('a:1') });
    let lost = false;
    arm.answer = ({ method }) => {
      if (method !== 'PATCH' || lost) return undefined;
      lost = true;
      if (happened) arm.resources.set(app.toLowerCase(), running('a:2'));
      throw refusal(0, 'ECONNRESET');
    };
    assert.equal((await run(stepOf(updateApp), { arm })).outcome.kind, 'deployed');
    assert.equal(arm.changes.length, happened ? 1 : 2);
  }
});

test('sends the secrets along that Azure keeps to itself, and tells nobody', async () => {
  const secrets = [{ name: 'db' }, { name: 'gone' }];
  const arm = memoryArm({ [app]: { properties: { configuration: { secrets } } } });
  arm.answer = ({ method, path }): Json | undefined => {
    const value = [
      { name: 'db', value: 'hunter2-db' },
      { name: 'gone', value: 'hunter2-gone' },
    ];
    if (path.endsWith('/listSecrets')) return { value };
    if (method === 'PUT') throw refusal(400, 'Bad', 'cannot set hunter2-db');
    return undefined;
  };
  const update: Work = {
    do: 'update',
    path: app,
    apiVersion: apiVersions.containerApps,
    method: 'PUT',
    edits: [
      { at: 'properties.configuration.secrets[name=gone]', to: undefined },
      { at: 'properties.configuration.secrets[name=new].value', to: { $secret: 'new' } },
    ],
    send: [],
    keep: { path: `${app}/listSecrets`, into: 'properties.configuration.secrets' },
  };
  const { outcome, record } = await run(stepOf(update), { arm });
  assert.deepEqual(arm.changes.at(-1)?.body, {
    properties: {
      configuration: {
        secrets: [
          { name: 'db', value: 'hunter2-db' },
          { name: 'new', value: 'value-of-new' },
        ],
      },
    },
  });
  assert.equal(messageOf(outcome), 'cannot set ***');
  assert.equal(record?.message, 'Azure refuses: cannot set *** (Bad)');
});

test('puts back all settings with those it sets', async () => {
  const arm = memoryArm({ [`${site}/config/appsettings`]: { properties: { THEIRS: 'x', PORT: '1' } } });
  const settings: Work = {
    do: 'settings',
    path: site,
    apiVersion: apiVersions.web,
    set: { PORT: '8080', DB: { $secret: 'db' } },
  };
  await run(stepOf(settings), { arm });
  assert.deepEqual(arm.changes.at(-1)?.body, { properties: { THEIRS: 'x', PORT: '8080', DB: 'value-of-db' } });
  assert.deepEqual((await run(stepOf(settings), { arm })).events, ['begin step', 'done step already']);
});

test('says that an app is gone, rather than its settings', async () => {
  const arm = memoryArm();
  arm.answer = () => {
    throw refusal(404, 'ResourceNotFound');
  };
  const path = `${group}/providers/Microsoft.Web/sites/shop/slots/staging`;
  const step = stepOf(
    { do: 'settings', path, apiVersion: apiVersions.web, set: { PORT: '8080' } },
    { effect: 'change' },
  );
  const { outcome } = await run(step, { arm });
  assert.equal(messageOf(outcome), "'staging' is not there any more: plan again");
});

test('gives a role once, whoever gave it and under whichever name', async () => {
  const arm = memoryArm();
  assert.equal((await run(stepOf(giveRole), { arm })).record?.created, role);
  assert.equal(arm.changes.length, 1);
  const other = memoryArm({
    [`${registry}/providers/Microsoft.Authorization/roleAssignments/other`]: {
      properties: { principalId: 'P-1', roleDefinitionId: `/subscriptions/x/${acrPull.id.toUpperCase()}` },
    },
  });
  assert.equal((await run(stepOf(giveRole), { arm: other })).record?.created, undefined);
  assert.deepEqual(other.changes, []);
});

test('waits until a new principal is known, and takes an existing role for done', async () => {
  const clock = testClock();
  const arm = memoryArm();
  let unknown = 3;
  arm.answer = ({ method }) => {
    if (method === 'PUT' && unknown-- > 0) throw refusal(400, 'PrincipalNotFound');
    return undefined;
  };
  assert.equal((await run(stepOf(giveRole), { arm, clock })).outcome.kind, 'deployed');
  assert.deepEqual(clock.waited, [2_000, 4_000, 8_000]);

  const exists = memoryArm();
  exists.answer = ({ method }) => {
    if (method === 'PUT') throw refusal(409, 'RoleAssignmentExists');
    return undefined;
  };
  const ended = await run(stepOf(giveRole), { arm: exists });
  assert.deepEqual([ended.outcome.kind, ended.record?.created], ['deployed', undefined]);
});

test('names role assignments after what they say, as a UUID of version 5', () => {
  const name = assignmentName('/subscriptions/S', 'P', acrPull);
  assert.match(name, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(assignmentName('/SUBSCRIPTIONS/s', 'p', acrPull), name);
  assert.notEqual(assignmentName('/subscriptions/T', 'P', acrPull), name);
});

test('lets new roles spread for as long as is left, and old ones not at all', async () => {
  const settle: Work = { do: 'settle', roles: ['role'], seconds: 120 };
  let clock = testClock();
  const given = (ago: number) =>
    memoryArm({
      [role]: {
        properties: {
          principalId: 'p-1',
          roleDefinitionId: `/x/${acrPull.id}`,
          createdOn: new Date(clock.now() - ago).toISOString(),
        },
      },
    });
  const plan = planOf([stepOf(giveRole, { id: 'role' }), stepOf(settle, { effect: 'run' })]);
  const waitedFor = async (arm: ReturnType<typeof memoryArm>): Promise<number> => {
    clock.waited.length = 0;
    assert.equal((await execute(plan, worldOf({ arm, clock }))).kind, 'deployed');
    return clock.waited.reduce((sum, one) => sum + one, 0) / 1_000;
  };
  assert.equal(await waitedFor(memoryArm()), 120);
  assert.equal(await waitedFor(given(50_000)), 70);
  assert.equal(await waitedFor(given(3_600_000)), 0);
  assert.equal(await waitedFor(given(-3_600_000)), 120);
  // While it waits, the system's time is set back and back.
  clock = testClock(undefined, -3_600_000);
  assert.equal(await waitedFor(memoryArm()), 120);
});

const slot = `${site}/slots/staging`;
const swap: Work = {
  do: 'post',
  path: `${slot}/slotsswap`,
  apiVersion: apiVersions.web,
  body: { targetSlot: 'production', preserveVnet: true },
  doneWhen: [{ path: site, apiVersion: apiVersions.web, at: 'tags.version', is: '2' }],
};

test('does not swap back what an earlier life swapped, even while it goes on', async () => {
  const arm = memoryArm({ [site]: { tags: { version: '1' } } });
  const clock = testClock();
  const began = clock.now();
  arm.answer = () => {
    if (clock.now() - began > 5_000) arm.resources.set(site.toLowerCase(), { tags: { version: '2' } });
    return undefined;
  };
  const { outcome } = await run(stepOf(swap), { arm, clock }, { state: 'begun', at: '' });
  assert.equal(outcome.kind, 'deployed');
  assert.deepEqual(arm.changes, []);
});

test('swaps in the end when the earlier life never got so far', async () => {
  const arm = memoryArm({ [site]: { tags: { version: '1' } } });
  await run(stepOf(swap), { arm }, { state: 'begun', at: '' });
  assert.equal(arm.changes.length, 1);
});

test('restarts only after a step that did something', async () => {
  const restart = stepOf({ do: 'post', path: `${site}/restart`, apiVersion: apiVersions.web, onlyAfter: 'registry' });
  const plan = planOf([stepOf(putRegistry, { id: 'registry' }), { ...restart, effect: 'run' }]);
  const first = memoryArm();
  await execute(plan, worldOf({ arm: first }));
  assert.equal(callsOf(first).at(-1), 'POST /providers/Microsoft.Web/sites/shop/restart');
  const second = memoryArm({ [registry]: { location: 'westeurope', sku: { name: 'Basic' } } });
  await execute(plan, worldOf({ arm: second }));
  assert.deepEqual(callsOf(second), []);
});

test('does not call its own what takes the place of what was there before', async () => {
  const arm = memoryArm({ [registry]: { location: 'northeurope' } });
  const journal = memoryJournal();
  const remove = stepOf({ do: 'delete', path: registry, apiVersion: apiVersions.registries }, { id: 'delete' });
  await execute(planOf([remove, stepOf(putRegistry)]), worldOf({ arm, journal }));
  assert.deepEqual(
    callsOf(arm).map((call) => call.split(' ')[0]),
    ['DELETE', 'PUT'],
  );
  assert.equal(journal.records.at(-1)?.steps['step']?.created, undefined);
});

test('deletes once: what stands there afterwards is the successor', async () => {
  const remove: Work = { do: 'delete', path: app, apiVersion: apiVersions.containerApps };
  const arm = memoryArm({ [app]: {} });
  await run(stepOf(remove), { arm });
  assert.equal(arm.resources.size, 0);
  arm.resources.set(app.toLowerCase(), {});
  await run(stepOf(remove), { arm }, { state: 'done', at: '' });
  assert.equal(arm.resources.size, 1);
});
