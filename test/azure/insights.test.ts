import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { textAt, type JsonObject } from '../../client/src/azure/json.ts';
import { ask, localAzure, type Answer } from './test-client.ts';

void test('Application Insights wants a workspace that is there, and keeps its key', async (context) => {
  const { put, group, azure } = await start(context);
  const component = (workspace: string): JsonObject => ({
    location: 'westeurope',
    kind: 'web',
    properties: {
      Application_Type: 'web',
      Flow_Type: 'Bluefield',
      Request_Source: 'rest',
      WorkspaceResourceId: `${group}/providers/Microsoft.OperationalInsights/workspaces/${workspace}`,
    },
  });
  const path = 'Microsoft.Insights/components/shop';
  assert.equal((await put(path, '2020-02-02', component('none'))).status, 400);
  const made = await put(path, '2020-02-02', component('logs'));
  assert.equal(made.status, 200);
  const connection = textAt(made.body, 'properties.ConnectionString') ?? '';
  const key = textAt(made.body, 'properties.InstrumentationKey') ?? '';
  assert.ok(connection.startsWith(`InstrumentationKey=${key};IngestionEndpoint=https://`));
  const again = await put(path, '2020-02-02', component('logs'));
  assert.equal(textAt(again.body, 'properties.ConnectionString'), connection);
  await azure.settled();
});

void test('alerts watch what is there, by metrics of its kind, and call groups that there are', async (context) => {
  const { put, group } = await start(context);
  const site = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/watched`;
  const alert = (
    change: JsonObject = {},
    metricNamespace = 'Microsoft.ManagedIdentity/userAssignedIdentities',
  ): JsonObject => ({
    location: 'global',
    properties: {
      severity: 2,
      enabled: true,
      scopes: [site],
      evaluationFrequency: 'PT1M',
      windowSize: 'PT5M',
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion',
            name: 'c0',
            metricName: 'Http5xx',
            metricNamespace,
            timeAggregation: 'Total',
            operator: 'GreaterThan',
            threshold: 5,
            dimensions: [],
          },
        ],
      },
      actions: [],
      ...change,
    },
  });
  const path = 'Microsoft.Insights/metricAlerts/failures';
  const code = async (body: JsonObject): Promise<string> => {
    const answer = await put(path, '2018-03-01', body);
    return `${answer.status} ${answer.code ?? ''}`;
  };
  assert.equal(await code(alert()), '404 ResourceNotFound');
  await put('Microsoft.ManagedIdentity/userAssignedIdentities/watched', '2023-01-31', { location: 'westeurope' });
  assert.equal(await code(alert()), '200 ');
  assert.equal(await code(alert({}, 'Microsoft.Web/sites')), '400 BadRequest');
  assert.equal(await code(alert({ severity: 5 })), '400 BadRequest');
  assert.equal(await code(alert({ windowSize: 'PT7M' })), '400 InvalidRequestContent');
  assert.equal(await code({ ...alert(), location: 'westeurope' }), '409 InvalidResourceLocation');
  const action = `${group}/providers/Microsoft.Insights/actionGroups/people`;
  const calling = alert({ actions: [{ actionGroupId: action }] });
  assert.equal(await code(calling), '400 BadRequest');
  const people = await put('Microsoft.Insights/actionGroups/people', '2023-01-01', {
    location: 'Global',
    properties: {
      groupShortName: 'people',
      enabled: true,
      emailReceivers: [{ name: 'a', emailAddress: 'a@example.com' }],
    },
  });
  assert.equal(people.status, 201);
  assert.equal(await code(calling), '200 ');
});

void test('vaults are made and found', async (context) => {
  const { put, azure, token } = await start(context);
  const body = {
    location: 'westeurope',
    properties: { tenantId: azure.tenant, sku: { family: 'A', name: 'standard' } },
  };
  const made = await put('Microsoft.KeyVault/vaults/shop', '2023-07-01', body);
  assert.equal(textAt(made.body, 'properties.vaultUri'), 'https://shop.vault.azure.net/');
  const listed = await ask(azure, {
    path: `/subscriptions/${azure.subscription}/resources`,
    version: '2024-03-01',
    query: { $filter: "resourceType eq 'Microsoft.KeyVault/vaults'" },
    token,
  });
  assert.equal(textAt(listed.body, 'value.0.name'), 'shop');
});

async function start(context: TestContext): Promise<{
  readonly azure: Awaited<ReturnType<typeof localAzure>>;
  readonly token: string;
  readonly group: string;
  readonly put: (path: string, version: string, body: JsonObject) => Promise<Answer>;
}> {
  const azure = await localAzure(context, { sendsWrong: true });
  const { token } = azure.user();
  const group = `/subscriptions/${azure.subscription}/resourceGroups/shop`;
  const body = { location: 'westeurope' };
  await ask(azure, { method: 'PUT', path: group, version: '2024-03-01', token, body });
  const put = async (path: string, version: string, sent: JsonObject): Promise<Answer> =>
    await ask(azure, { method: 'PUT', path: `${group}/providers/${path}`, version, token, body: sent });
  await put('Microsoft.OperationalInsights/workspaces/logs', '2023-09-01', body);
  return { azure, token, group, put };
}
