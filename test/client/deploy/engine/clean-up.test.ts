import assert from 'node:assert/strict';
import test from 'node:test';
import { cleanUp, planCleanUp } from '../../../../client/src/deploy/clean-up.ts';
import type { Json } from '../../../../client/src/azure/json.ts';
import type { Step } from '../../../../client/src/deploy/step.ts';
import type { JournalRecord } from '../../../../client/src/deploy/world.ts';
import { callsOf, group, journalRecord, memoryArm, planOf, refusal, type MemoryArm } from './support.ts';

const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/shopreg`;
const role = `${registry}/providers/Microsoft.Authorization/roleAssignments/r`;
const site = `${group}/providers/Microsoft.Web/sites/shop`;
const slot = `${site}/slots/staging`;
const made = [group, registry, role, site, slot];

function record(created: readonly string[], more: Partial<JournalRecord> = {}): JournalRecord {
  const steps = created.map((id): Step => ({ id, title: id, effect: 'create', do: 'nothing' }));
  return journalRecord({
    plan: planOf(steps),
    steps: Object.fromEntries(created.map((id) => [id, { state: 'done', at: '', created: id }])),
    ...more,
  });
}

/** With a list of what is in the group, as Resource Manager has it: no roles, no slots. */
function azureWith(ids: readonly string[]): MemoryArm {
  const arm = memoryArm(Object.fromEntries(ids.map((id) => [id, {}])));
  arm.answer = ({ path }): Json | undefined => {
    if (!path.endsWith('/resources')) return undefined;
    const inside = [...arm.resources.values()].map(({ id }) => (typeof id === 'string' ? id : ''));
    return { value: inside.filter((id) => /\/shop\/providers\/[^/]+\/[^/]+\/[^/]+$/.test(id)).map((id) => ({ id })) };
  };
  return arm;
}

const titles = (deletions: readonly { readonly title: string }[]): string[] => deletions.map(({ title }) => title);

test('deletes what was made, newest first and the group last', async () => {
  const arm = azureWith(made);
  const deletions = await planCleanUp(arm, record(made));
  assert.deepEqual(titles(deletions), [
    "slot 'staging'",
    "web app 'shop'",
    "role on 'shopreg'",
    "registry 'shopreg'",
    "resource group 'shop'",
  ]);
  assert.deepEqual(callsOf(arm), []);
  const gone: string[] = [];
  assert.deepEqual(await cleanUp(arm, deletions, { onDeleted: ({ id }) => gone.push(id) }), []);
  assert.deepEqual(gone, [slot, site, role, registry, group]);
  assert.equal(arm.resources.size, 0);
});

test('never touches what it did not make', async () => {
  const theirs = `${group}/providers/Microsoft.Web/sites/theirs`;
  const arm = azureWith([...made, theirs]);
  const deletions = await planCleanUp(arm, record(made));
  assert.equal(deletions.at(-1)?.kept, "'theirs' is in it, which this deployment did not make");
  assert.deepEqual(titles(await cleanUp(arm, deletions)), ["resource group 'shop'"]);
  assert.deepEqual([...arm.resources.keys()].sort(), [group.toLowerCase(), theirs.toLowerCase()].sort());
});

test('leaves a plan that was there before, though Azure deletes it with the last app on it', async () => {
  const arm = azureWith([registry, site, slot]);
  await cleanUp(arm, await planCleanUp(arm, record([registry, site, slot])));
  const told = arm.changes.map(({ path, query }) => [path, query?.['deleteEmptyServerFarm']]);
  assert.deepEqual(told, [
    [slot, 'false'],
    [site, 'false'],
    [registry, undefined],
  ]);
});

test('keeps a group into which somebody put something after it was shown', async () => {
  const arm = azureWith([group, registry]);
  const deletions = await planCleanUp(arm, record([group, registry]));
  arm.resources.set(site.toLowerCase(), { id: site });
  assert.deepEqual(titles(await cleanUp(arm, deletions)), ["resource group 'shop'"]);
  assert.ok(arm.resources.has(group.toLowerCase()));
});

test('lists only what is there, and not what was there before the deployment began', async () => {
  const arm = azureWith([registry, site]);
  const systemData = { createdAt: '2020-01-01T00:00:00Z' };
  for (const id of [registry, site]) arm.resources.set(id.toLowerCase(), { id, systemData });
  // By a clock that is years ahead, what was made looks old: what was seen to be made is ours all the same.
  const all = record(made);
  const steps = { ...all.steps, [site]: { state: 'begun', at: '', created: site } } as const;
  assert.deepEqual(titles(await planCleanUp(arm, { ...all, steps })), ["registry 'shopreg'"]);
});

test('also takes what earlier unfinished deployments made', async () => {
  const arm = azureWith([registry, site]);
  const deletions = await planCleanUp(arm, record([site], { earlier: [registry] }));
  assert.deepEqual(titles(deletions), ["web app 'shop'", "registry 'shopreg'"]);
});

test('goes on after a refusal when it is done again', async () => {
  const arm = azureWith([registry, site]);
  const { answer } = arm;
  arm.answer = (request) => {
    if (request.method === 'DELETE' && request.path === registry) throw refusal(409, 'ScopeLocked');
    return answer(request);
  };
  const made = record([registry, site]);
  await assert.rejects(cleanUp(arm, await planCleanUp(arm, made)), /ScopeLocked/);
  arm.answer = answer;
  assert.deepEqual(titles(await planCleanUp(arm, made)), ["registry 'shopreg'"]);
  await cleanUp(arm, await planCleanUp(arm, made));
  assert.equal(arm.resources.size, 0);
});
