import assert from 'node:assert/strict';
import test from 'node:test';
import type { Json } from '../../../client/src/azure/json.ts';
import { locations, resourceGroups, subscriptions, tenants } from '../../../client/src/azure/places.ts';
import { connected, scripted } from './scripted.ts';

function answering(path: string, value: readonly Json[]) {
  return connected(scripted([`GET ${path}`, { status: 200, body: { value } }]).httpClient).arm;
}

void test('tenants by name, the last one first', async () => {
  const arm = answering('/tenants?api-version=2022-12-01', [
    { tenantId: 't1', displayName: 'beta', defaultDomain: 'beta.example' },
    { tenantId: 't2', displayName: null, defaultDomain: 'alpha.example' },
    { tenantId: 't3' },
    { displayName: 'without an id' },
    { tenantId: 'T4', displayName: 'Zeta' },
  ]);
  const found = await tenants(arm, { last: 't4' });
  assert.deepEqual(
    found.map(({ id, name, domain }) => [id, name, domain]),
    [
      ['T4', 'Zeta', undefined],
      ['t2', 'alpha.example', 'alpha.example'],
      ['t1', 'beta', 'beta.example'],
      ['t3', 't3', undefined],
    ],
  );
});

void test('subscriptions in which nothing can be made come last, whatever was chosen', async () => {
  const arm = answering('/subscriptions?api-version=2022-12-01', [
    { subscriptionId: 's1', displayName: 'Old', state: 'Disabled', tenantId: 't' },
    { subscriptionId: 's2', displayName: 'Team 10', state: 'Enabled', tenantId: 't' },
    { subscriptionId: 's3', displayName: 'team 9', state: 'Warned', tenantId: 't' },
    { subscriptionId: 's4', displayName: 'Late', state: 'PastDue', tenantId: 't' },
  ]);
  assert.deepEqual(
    (await subscriptions(arm, { last: 's1' })).map(({ name, state, isUsable }) => `${name} ${state} ${isUsable}`),
    ['team 9 Warned true', 'Team 10 Enabled true', 'Old Disabled false', 'Late PastDue false'],
  );
});

void test('locations that are real', async () => {
  const arm = answering('/subscriptions/s/locations?api-version=2022-12-01', [
    { name: 'europe', displayName: 'Europe', metadata: { regionType: 'Logical' } },
    {
      name: 'westeurope',
      displayName: 'West Europe',
      metadata: { regionType: 'Physical', regionCategory: 'Recommended', geographyGroup: 'Europe' },
    },
    { name: 'eastus2euap', displayName: 'East US 2 EUAP', metadata: { regionType: 'Physical' } },
    { name: 'local', displayName: 'Local' },
  ]);
  assert.deepEqual(await locations(arm, 's'), [
    { id: 'local', name: 'Local', geography: undefined, isRecommended: false },
    { id: 'westeurope', name: 'West Europe', geography: 'Europe', isRecommended: true },
  ]);
});

void test('groups with their place', async () => {
  const arm = answering('/subscriptions/s/resourcegroups?api-version=2024-03-01', [
    { name: 'b', location: 'eastus' },
    { name: 'a', location: 'westeurope' },
  ]);
  assert.deepEqual(
    (await resourceGroups(arm, 's', { last: 'B' })).map(({ name, location }) => `${name} ${location}`),
    ['b eastus', 'a westeurope'],
  );
});
