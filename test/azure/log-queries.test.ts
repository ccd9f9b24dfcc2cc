import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { at, textAt, type Json, type JsonObject } from '../../client/src/azure/json.ts';
import { queriesFor } from '../../client/src/deploy/after/queries.ts';
import type { LocalAzure, StartOptions } from './local-azure.ts';
import { ask, localAzure, type Answer } from './test-client.ts';

void test('before anything was written there is no table', async (context) => {
  const { query } = await workspace(context);
  const { status, body } = await query('ContainerAppConsoleLogs_CL | take 10');
  assert.equal(status, 400);
  assert.equal(textAt(body, 'error.code'), 'BadArgumentError');
  assert.equal(textAt(body, 'error.innererror.code'), 'SemanticError');
  assert.match(
    textAt(body, 'error.innererror.innererror.message') ?? '',
    /Failed to resolve table .* 'ContainerAppConsoleLogs_CL'/,
  );
  assert.deepEqual(at((await query('AppRequests | project Name')).body, 'tables.0'), {
    name: 'PrimaryResult',
    columns: [{ name: 'Name', type: 'string' }],
    rows: [],
  });
});

void test('the ready queries of container apps find errors, latency and restarts', async (context) => {
  const { azure, customerId, rows } = await workspace(context);
  const log = (line: string): void =>
    azure.core.logs.add(customerId, 'ContainerAppConsoleLogs_CL', { ContainerAppName_s: 'shop', Log_s: line });
  log('"GET /cart?id=1 HTTP/1.1" 500 12 ms');
  log('"GET /cart HTTP/1.1" 503 20 ms');
  log('"GET /cart HTTP/1.1" 500 30 ms');
  log('"GET / HTTP/1.1" 200 1 ms');
  azure.core.logs.add(customerId, 'ContainerAppConsoleLogs_CL', {
    ContainerAppName_s: 'other',
    Log_s: '"GET /x HTTP/1.1" 500',
  });
  const event = { ContainerAppName_s: 'shop', RevisionName_s: 'shop--1', Reason_s: 'ContainerTerminated' };
  azure.core.logs.add(customerId, 'ContainerAppSystemLogs_CL', event);
  azure.core.logs.add(customerId, 'ContainerAppSystemLogs_CL', { ...event, TimeGenerated: '2020-01-01T00:00:00.000Z' });

  const [errors, latency, restarts] = queriesFor({ app: { kind: 'containerApp', name: 'shop' }, monitoring: {} });
  assert.deepEqual(await rows(errors?.kql ?? ''), [
    { Method: 'GET', Path: '/cart', Status: 500, Failures: 2 },
    { Method: 'GET', Path: '/cart', Status: 503, Failures: 1 },
  ]);
  const measured = await rows(latency?.kql ?? '');
  assert.equal(measured.length, 1);
  assert.deepEqual([measured[0]?.['P95'], measured[0]?.['Requests']], [30, 4]);
  assert.match(textAt(measured[0], 'TimeGenerated') ?? '', /:[0-5][05]:00\.000Z$/);
  const [restart] = await rows(restarts?.kql ?? '');
  assert.deepEqual([restart?.['RevisionName_s'], restart?.['Count']], ['shop--1', 1]);
});

void test('all ready queries are understood', async (context) => {
  const { azure, customerId, query } = await workspace(context);
  azure.core.logs.add(customerId, 'ContainerEvent_CL', { ContainerGroup_s: 'x' });
  azure.core.logs.add(customerId, 'ContainerInstanceLog_CL', { ContainerGroup_s: 'x' });
  azure.core.logs.add(customerId, 'ContainerAppConsoleLogs_CL', {});
  azure.core.logs.add(customerId, 'ContainerAppSystemLogs_CL', {});
  for (const kind of ['appService', 'containerApp', 'containerInstance'] as const) {
    for (const monitoring of [{}, { applicationInsights: 'shop' }]) {
      for (const { kql } of queriesFor({ app: { kind, name: `it's "quoted"` }, monitoring })) {
        const { status, body } = await query(kql);
        assert.equal(status, 200, `${kql}\n${JSON.stringify(body)}`);
      }
    }
  }
});

void test('mistakes are refused', async (context) => {
  const { azure, customerId, query, ask: post } = await workspace(context, { sendsWrong: true });
  const inner = async (kql: string): Promise<string | undefined> =>
    textAt((await query(kql)).body, 'error.innererror.code');
  assert.equal(await inner('AppRequests | where Nonsense == 1'), 'SemanticError');
  assert.equal(await inner('AppRequests | where Name =='), 'SyntaxError');
  assert.equal(await inner('AppRequests | delete'), 'SyntaxError');
  assert.equal((await post(customerId, { quer: 'AppRequests' })).status, 400);
  assert.equal((await post('nothing', { query: 'AppRequests' })).code, 'WorkspaceNotFoundError');
  const { token } = azure.user();
  assert.equal((await post(customerId, { query: 'AppRequests' }, token)).code, 'AuthorizationRequiredError');
  const stranger = azure.user({ roles: ['AcrPush'] });
  const its = azure.core.directory.token(stranger.objectId, 'https://api.loganalytics.io');
  assert.equal((await post(customerId, { query: 'AppRequests' }, its)).code, 'InsufficientAccessError');
});

async function workspace(
  context: TestContext,
  options: StartOptions = {},
): Promise<{
  readonly azure: LocalAzure;
  readonly customerId: string;
  readonly ask: (id: string, body: Readonly<Record<string, string>>, token?: string) => Promise<Answer>;
  readonly query: (kql: string) => Promise<Answer>;
  readonly rows: (kql: string) => Promise<readonly JsonObject[]>;
}> {
  const azure = await localAzure(context, options);
  const { token, objectId } = azure.user();
  const group = `/subscriptions/${azure.subscription}/resourceGroups/shop`;
  const body = { location: 'westeurope' };
  await ask(azure, { method: 'PUT', path: group, version: '2024-03-01', token, body });
  const path = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
  const made = await ask(azure, { method: 'PUT', path, version: '2023-09-01', token, body });
  const customerId = textAt(made.body, 'properties.customerId') ?? '';
  const own = azure.core.directory.token(objectId, 'https://api.loganalytics.io');
  const post = async (id: string, asked: Readonly<Record<string, string>>, by = own): Promise<Answer> =>
    await ask(azure, {
      method: 'POST',
      path: `https://api.loganalytics.io/v1/workspaces/${id}/query`,
      token: by,
      body: asked,
    });
  const query = async (kql: string): Promise<Answer> => await post(customerId, { query: kql, timespan: 'P1D' });
  return {
    azure,
    customerId,
    ask: post,
    query,
    rows: async (kql) => {
      const answer = await query(kql);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      const table = at(answer.body, 'tables.0') as {
        readonly columns: readonly { readonly name: string }[];
        readonly rows: readonly (readonly Json[])[];
      };
      return table.rows.map((row) =>
        Object.fromEntries(row.map((cell, index) => [table.columns[index]?.name ?? '', cell])),
      );
    },
  };
}
