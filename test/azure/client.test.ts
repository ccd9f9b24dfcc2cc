import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ClientSecretCredential } from '@azure/identity';
import type { Arm } from '../../client/src/azure/arm.ts';
import { AzureError } from '../../client/src/azure/azure-error.ts';
import { apiVersions } from '../../client/src/azure/api-versions.ts';
import { publicCloud } from '../../client/src/azure/cloud.ts';
import { connect } from '../../client/src/azure/connect.ts';
import { customCloud } from '../../client/src/azure/custom-cloud.ts';
import { textAt } from '../../client/src/azure/json.ts';
import { throttled } from './faults.ts';
import type { LocalAzure } from './local-azure.ts';
import { localAzure } from './test-client.ts';

void test('our client makes, waits, lists all pages and deletes', async (context) => {
  const { azure, arm, group } = await connected(context);
  const body = { location: 'westeurope' };
  await arm.send({ method: 'PUT', path: group, apiVersion: apiVersions.resources, body });
  const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
  const made = await arm.send({ method: 'PUT', path: workspace, apiVersion: apiVersions.workspaces, body });
  assert.equal(textAt(made, 'properties.provisioningState'), 'Succeeded');
  const keys = await arm.send({ method: 'POST', path: `${workspace}/sharedKeys`, apiVersion: apiVersions.sharedKeys });
  assert.ok(azure.core.logs.isKey(textAt(made, 'properties.customerId') ?? '', textAt(keys, 'primarySharedKey') ?? ''));

  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  for (const name of names) {
    const path = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
    await arm.send({ method: 'PUT', path, apiVersion: apiVersions.identities, body });
  }
  const path = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
  const listed = await arm.list(path, apiVersions.identities);
  assert.deepEqual(
    listed.map(({ name }) => name),
    names,
  );

  await arm.send({ method: 'DELETE', path: group, apiVersion: apiVersions.resources });
  assert.equal(await arm.find(group, apiVersions.resources), undefined);
});

void test('our client answers challenges, waits when throttled, and says why an operation failed', async (context) => {
  const { azure, arm, group, objectId } = await connected(context);
  const body = { location: 'westeurope' };
  await arm.send({ method: 'PUT', path: group, apiVersion: apiVersions.resources, body });
  azure.entra.end(objectId, 'revoked');
  assert.equal(textAt(await arm.get(group, apiVersions.resources), 'name'), 'shop');
  azure.faults.add(/GET .*\/shop$/, throttled(0), 2);
  assert.equal(textAt(await arm.get(group, apiVersions.resources), 'name'), 'shop');

  azure.faults.add(/PUT .*\/workspaces\//, { kind: 'operation', code: 'SkuNotAvailable', message: 'No room' }, 1);
  const path = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
  await assert.rejects(arm.send({ method: 'PUT', path, apiVersion: apiVersions.workspaces, body }), (error) => {
    assert.ok(error instanceof AzureError);
    assert.deepEqual([error.code, error.message], ['SkuNotAvailable', 'No room']);
    return true;
  });
});

void test('our client reads where a private cloud has everything', async (context) => {
  const azure = await localAzure(context);
  const cloud = await customCloud(azure.url, azure.httpClient);
  assert.deepEqual(
    [cloud.authority, cloud.resourceManager, cloud.audience, cloud.logs],
    [azure.url, azure.url, azure.url, azure.url],
  );
  const { clientId, secret } = azure.entra.application();
  const credential = new ClientSecretCredential(azure.tenant, clientId, secret, {
    authorityHost: cloud.authority,
    disableInstanceDiscovery: true,
    httpClient: azure.httpClient,
  });
  const arm = connect({ cloud, credential, httpClient: azure.httpClient });
  const subscriptions = await arm.list('/subscriptions', apiVersions.subscriptions);
  assert.deepEqual(
    subscriptions.map(({ displayName }) => displayName),
    ['Development', 'Old'],
  );
});

async function connected(context: TestContext): Promise<{
  readonly azure: LocalAzure;
  readonly arm: Arm;
  readonly group: string;
  readonly objectId: string;
}> {
  const azure = await localAzure(context);
  const { clientId, objectId, secret } = azure.entra.application();
  const { httpClient } = azure;
  const credential = new ClientSecretCredential(azure.tenant, clientId, secret, { httpClient });
  const arm = connect({ cloud: publicCloud, credential, httpClient });
  return { azure, arm, objectId, group: `/subscriptions/${azure.subscription}/resourceGroups/shop` };
}
