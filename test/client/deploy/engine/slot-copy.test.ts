import assert from 'node:assert/strict';
import test from 'node:test';
import { apiVersions } from '../../../../client/src/azure/api-versions.ts';
import { at, type JsonObject } from '../../../../client/src/azure/json.ts';
import { azScript } from '../../../../client/src/deploy/az-script.ts';
import { planText } from '../../../../client/src/deploy/describe.ts';
import { execute } from '../../../../client/src/deploy/execute.ts';
import { idsOf } from '../../../../client/src/deploy/plan/ids.ts';
import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import { readFacts } from '../../../../client/src/deploy/read-facts.ts';
import type { DeployEvent } from '../../../../client/src/deploy/world.ts';
import { startLocalAzure } from '../../../azure/local-azure.ts';
import { bareWebApp, targetOf } from '../targets.ts';
import { source } from './chaos.ts';
import { close, fastClock, localArm } from './local.ts';
import { memoryJournal, worldOf } from './support.ts';

test('a new slot takes over settings, mounts and network; each list is read once, and nothing secret is told', async (context) => {
  const azure = await startLocalAzure({ times: { replication: 0, operation: 5, retryAfter: 0 } });
  context.after(() => close(azure));
  const arm = localArm(azure);
  const target = { ...targetOf({ ...bareWebApp, sku: 'S1', slot: 'staging' }), subscription: azure.subscription };
  const { site = '', app: slot, group, servicePlan = '' } = idsOf(target);
  const put = (path: string, body: JsonObject, apiVersion: string = apiVersions.web): Promise<unknown> =>
    arm.send({ method: 'PUT', path, apiVersion, body });
  const location = 'westeurope';
  await put(group, { location }, apiVersions.resources);
  await put(servicePlan, { location, sku: { name: 'S1' }, properties: { reserved: true } });
  const subnet = `${group}/providers/Microsoft.Network/virtualNetworks/shop-net/subnets/apps`;
  azure.place(subnet, { properties: {} });
  const mount = (name: string): JsonObject => ({
    type: 'AzureFiles',
    accountName: 'shopfiles',
    shareName: name,
    mountPath: `/${name}`,
    accessKey: `m4rked-key-of-${name}`,
  });
  const mounts = { data: mount('data'), 'more.data': mount('more') };
  const appSettings = ['ONE', 'TWO', 'THREE'].map((name) => ({ name, value: `m4rked-${name}` }));
  const connectionStrings = ['A', 'B'].map((name) => ({ name, connectionString: `m4rked-${name}`, type: 'Custom' }));
  await put(site, {
    location,
    properties: {
      serverFarmId: servicePlan,
      virtualNetworkSubnetId: subnet,
      siteConfig: { appSettings, connectionStrings, azureStorageAccounts: mounts },
    },
  });

  const plan = makePlan(target, await readFacts(arm, target, source));
  assert.deepEqual(plan.blockers, []);
  const before = azure.traffic.length;
  const journal = memoryJournal();
  const events: DeployEvent[] = [];
  const world = worldOf({ arm, clock: fastClock(), journal });
  const outcome = await execute(plan, world, { onEvent: (event) => events.push(event) });
  assert.equal(outcome.kind, 'deployed');

  const listed = azure.traffic.slice(before).flatMap(({ method, url }) => {
    const section = /\/sites\/shop\/config\/(\w+)\/list\?/i.exec(url)?.[1];
    return method === 'POST' && section !== undefined ? [section] : [];
  });
  assert.deepEqual(listed.toSorted(), ['appsettings', 'azurestorageaccounts', 'connectionstrings']);
  const read = async (section: string): Promise<unknown> =>
    at(
      await arm.send({ method: 'POST', path: `${slot}/config/${section}/list`, apiVersion: apiVersions.web }),
      'properties',
    );
  assert.deepEqual(await read('azurestorageaccounts'), mounts);
  assert.equal(((await read('appsettings')) as JsonObject)['THREE'], 'm4rked-THREE');
  assert.equal(at(await arm.get(slot, apiVersions.web), 'properties.virtualNetworkSubnetId'), subnet);
  const told = [
    JSON.stringify(plan),
    planText(plan),
    azScript(plan),
    JSON.stringify(journal.records),
    JSON.stringify(events),
  ];
  for (const text of told) assert.doesNotMatch(text, /m4rked/);
  assert.match(azScript(plan), /azurestorageaccounts\/list/);

  // All of it is there: nothing is left to do but what must be done each time.
  const again = makePlan(target, await readFacts(arm, target, source));
  assert.deepEqual(
    again.steps.filter(({ effect }) => effect === 'create' || effect === 'change').map(({ id }) => id),
    [],
  );
});
