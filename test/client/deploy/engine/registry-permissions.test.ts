import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import { readFacts } from '../../../../client/src/deploy/read-facts.ts';
import { startLocalAzure, type LocalAzure } from '../../../azure/local-azure.ts';
import { source } from './chaos.ts';
import { localArm } from './local.ts';
import { target } from './support.ts';

test('gives identities the role of repositories where a registry wants that', async (context) => {
  assert.deepEqual(await pullRoles(await startWith(context, 'AbacRepositoryPermissions')), [
    'Container Registry Repository Reader',
  ]);
});

test('gives AcrPull where a registry wants that, or Azure cannot tell', async (context) => {
  const azure = await startWith(context, 'LegacyRegistryPermissions');
  assert.deepEqual(await pullRoles(azure), ['AcrPull']);
  const body = { error: { code: 'NoRegisteredProviderFound', message: 'No registered resource provider found' } };
  azure.faults.add(/^GET .*\/registries\/shopreg$/, { kind: 'answer', status: 400, body }, 1);
  assert.deepEqual(await pullRoles(azure), ['AcrPull']);
});

async function startWith(context: TestContext, roleAssignmentMode: string): Promise<LocalAzure> {
  const azure = await startLocalAzure();
  context.after(() => azure.close());
  const group = `/subscriptions/${azure.subscription}/resourceGroups/shop`;
  azure.place(group, { location: 'westeurope', properties: { provisioningState: 'Succeeded' } });
  azure.place(`${group}/providers/Microsoft.ContainerRegistry/registries/shopreg`, {
    location: 'westeurope',
    sku: { name: 'Basic', tier: 'Basic' },
    properties: { provisioningState: 'Succeeded', adminUserEnabled: false, roleAssignmentMode },
  });
  return azure;
}

/** The roles for pulling that a plan would give. */
async function pullRoles(azure: LocalAzure): Promise<readonly (string | undefined)[]> {
  const { subscription } = azure;
  const here = { ...target, subscription, resourceGroup: 'shop', registry: { name: 'shopreg', sku: 'Basic' as const } };
  const plan = makePlan(here, await readFacts(localArm(azure), here, source));
  return plan.steps
    .filter(({ id }) => id.startsWith('role:pull'))
    .map(({ title }) => /'(AcrPull|Container Registry[^']*)'/.exec(title)?.[1]);
}
