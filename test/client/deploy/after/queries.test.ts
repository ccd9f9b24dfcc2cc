import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { textAt, type JsonObject } from '../../../../client/src/azure/json.ts';
import type { Arm } from '../../../../client/src/azure/arm.ts';
import { apiVersions } from '../../../../client/src/azure/api-versions.ts';
import { askLogs, tableOf, workspaceOf, type LogTable } from '../../../../client/src/deploy/after/ask-logs.ts';
import { queriesFor, type LogQuery, type QueriedTarget } from '../../../../client/src/deploy/after/queries.ts';
import type { Target } from '../../../../client/src/deploy/choices.ts';
import { localAzure } from '../../../azure/test-client.ts';
import { localArm } from '../engine/local.ts';
import { target } from '../engine/support.ts';

type Ask = (id: LogQuery['id'], of: QueriedTarget) => Promise<LogTable['rows']>;

void test('requests that Application Insights was told of', async (context) => {
  const { add, ask } = await logs(context);
  const mine = '/subscriptions/s/resourcegroups/rg/providers/microsoft.insights/components/shop-insights';
  const request = (more: JsonObject): void => add('AppRequests', { _ResourceId: mine, ...more });
  request({ Name: 'GET /cart', Success: false, ResultCode: '500', DurationMs: 10 });
  request({ Name: 'GET /cart', Success: false, ResultCode: '500', DurationMs: 20 });
  request({ Name: 'GET /', Success: true, ResultCode: '200', DurationMs: 1 });
  request({ Name: 'GET /x', Success: false, ResultCode: '500', DurationMs: 9, _ResourceId: `${mine}-of-others` });
  request({ Name: 'GET /old', Success: false, ResultCode: '500', TimeGenerated: '2020-01-01T00:00:00.000Z' });
  for (const kind of ['appService', 'containerApp', 'containerInstance'] as const) {
    const of = { app: { kind, name: 'shop' }, monitoring: { applicationInsights: 'shop-insights' } };
    assert.deepEqual(await ask('errors', of), [['GET /cart', '500', '2']]);
    const latency = (await ask('latency', of)).map(([name, , ...rest]) => [name, ...rest]);
    assert.deepEqual(latency.toSorted(), [
      ['GET /', '1', '1'],
      ['GET /cart', '20', '2'],
    ]);
  }
});

void test('what a web app and its slot log', async (context) => {
  const { add, ask } = await logs(context);
  const site = '/subscriptions/s/resourcegroups/rg/providers/microsoft.web/sites/shop';
  for (const [_ResourceId, CsUriStem] of [
    [site, '/cart'],
    [`${site}/slots/staging`, '/next'],
  ] as const) {
    add('AppServiceHTTPLogs', { _ResourceId, CsMethod: 'GET', CsUriStem, ScStatus: 503, TimeTaken: 12 });
    add('AppServiceHTTPLogs', { _ResourceId, CsMethod: 'GET', CsUriStem, ScStatus: 404, TimeTaken: 30 });
    add('AppServicePlatformLogs', { _ResourceId, Level: 'Info', Message: `Starting container for ${CsUriStem}` });
    add('AppServicePlatformLogs', { _ResourceId, Level: 'Info', Message: 'Pulling image' });
  }
  const production: QueriedTarget = { app: { kind: 'appService', name: 'Shop' }, monitoring: {} };
  const slot: QueriedTarget = { app: { ...production.app, slot: 'staging' }, monitoring: {} };
  assert.deepEqual(await ask('errors', production), [['GET', '/cart', '503', '1']]);
  assert.deepEqual(await ask('errors', slot), [['GET', '/next', '503', '1']]);
  assert.deepEqual(
    (await ask('latency', slot)).map(([path, , ...rest]) => [path, ...rest]),
    [['/next', '30', '2']],
  );
  assert.deepEqual(
    (await ask('restarts', production)).map((row) => row.slice(1)),
    [['Info', 'Starting container for /cart']],
  );
});

void test('what apps print is read in the forms that servers have', async (context) => {
  const { add, ask } = await logs(context);
  const failures = [
    '127.0.0.1 - - [01/Jan/2026:10:00:00 +0000] "GET /nginx?q=1 HTTP/1.1" 500 170 "-" "curl"',
    'INFO:     10.0.0.1:5000 - "POST /uvicorn HTTP/1.1" 500 Internal Server Error',
    'GET /morgan 503 3.2 ms - 12',
  ];
  const others = ['"GET /fine HTTP/1.1" 200 512', 'there are 500 items', 'GET /500 200', 'a page took 12ms'];
  for (const [table, column, name] of [
    ['ContainerAppConsoleLogs_CL', 'Log_s', 'ContainerAppName_s'],
    ['ContainerInstanceLog_CL', 'Message', 'ContainerGroup_s'],
  ] as const) {
    for (const line of [...failures, ...others]) add(table, { [column]: line, [name]: 'shop' });
    add(table, { [column]: failures[0] ?? '', [name]: 'other' });
  }
  add('ContainerAppSystemLogs_CL', { ContainerAppName_s: 'shop', RevisionName_s: 'shop--1', Reason_s: 'ProbeFailed' });
  add('ContainerAppSystemLogs_CL', { ContainerAppName_s: 'shop', RevisionName_s: 'shop--1', Reason_s: 'Pulled' });
  add('ContainerEvent_CL', { ContainerGroup_s: 'shop', Reason_s: 'Killing', Message: 'Killing container' });
  for (const kind of ['containerApp', 'containerInstance'] as const) {
    const of: QueriedTarget = { app: { kind, name: 'shop' }, monitoring: {} };
    assert.deepEqual((await ask('errors', of)).toSorted(), [
      ['GET', '/morgan', '503', '1'],
      ['GET', '/nginx', '500', '1'],
      ['POST', '/uvicorn', '500', '1'],
    ]);
    assert.deepEqual(
      (await ask('latency', of)).map((row) => row.slice(1)),
      [['12', '2']],
    );
    const [restart] = await ask('restarts', of);
    assert.ok(restart?.includes(kind === 'containerApp' ? 'ProbeFailed' : 'Killing'));
  }
});

void test('a table that nothing was written to has no rows, and a wrong question is wrong', async (context) => {
  const { arm, customerId } = await logs(context);
  assert.deepEqual(await askLogs(arm, { customerId }, 'ContainerEvent_CL | take 1'), { columns: [], rows: [] });
  await assert.rejects(askLogs(arm, { customerId }, 'AppRequests | where Nonsense == 1'));
});

void test('the workspace is the one that the resources name', async (context) => {
  const { arm, azure, workspace, customerId, group } = await logs(context);
  const of = (app: Partial<Target['app']>, monitoring: Target['monitoring'] = {}): Target => ({
    ...target,
    subscription: azure.subscription,
    app: { ...target.app, ...app } as Target['app'],
    monitoring,
  });
  const site = of({ kind: 'appService', name: 'shop' });
  await assert.rejects(
    workspaceOf(arm, site, 'app'),
    /kept nowhere: add 'monitoring\.applicationInsights' to the target/,
  );
  await assert.rejects(workspaceOf(arm, of({}), 'app'), /kept nowhere/);
  const component = `${group}/providers/Microsoft.Insights/components/insights`;
  await arm.send({
    method: 'PUT',
    path: component,
    apiVersion: apiVersions.components,
    body: {
      location: 'westeurope',
      kind: 'web',
      properties: { Application_Type: 'web', WorkspaceResourceId: workspace },
    },
  });
  const expected = { id: workspace, customerId };
  assert.deepEqual(await workspaceOf(arm, of(site.app, { applicationInsights: 'insights' }), 'app'), expected);
  const environment = `${group}/providers/Microsoft.App/managedEnvironments/env`;
  azure.place(environment, {
    properties: { appLogsConfiguration: { logAnalyticsConfiguration: { customerId } } },
  });
  azure.place(`${group}/providers/Microsoft.App/containerApps/shop`, { properties: { environmentId: environment } });
  const found = await workspaceOf(memory(azure.resource), of({ kind: 'containerApp' }), 'app');
  assert.deepEqual(found, { id: undefined, customerId });

  function memory(resource: typeof azure.resource): Arm {
    return { ...arm, find: (id) => Promise.resolve(resource(id)), list: () => Promise.resolve([]) };
  }
});

void test('answers become a table that shows and does nothing', () => {
  const table = tableOf({
    tables: [
      { name: 'Other', columns: [], rows: [] },
      {
        name: 'PrimaryResult',
        columns: [{ name: 'Name' }, { name: 'Count' }],
        rows: [
          ['a|b\n![x](http://y)', 2],
          [null, { a: 1 }],
        ],
      },
    ],
    error: { code: 'PartialError', message: 'There were some errors' },
  });
  assert.deepEqual(table, {
    columns: ['Name', 'Count'],
    rows: [
      ['a|b\n![x](http://y)', '2'],
      ['', '{"a":1}'],
    ],
    incomplete: 'There were some errors',
  });
  assert.deepEqual(tableOf(undefined), { columns: [], rows: [] });
});

async function logs(context: TestContext): Promise<{
  readonly azure: Awaited<ReturnType<typeof localAzure>>;
  readonly arm: Arm;
  readonly group: string;
  readonly workspace: string;
  readonly customerId: string;
  readonly add: (table: string, row: JsonObject) => void;
  readonly ask: Ask;
}> {
  const azure = await localAzure(context, { times: { operation: 5, retryAfter: 0 } });
  const user = azure.user();
  const own = (scopes: string | string[]): string =>
    azure.core.directory.token(user.objectId, String(scopes).replace('/.default', ''));
  const arm: Arm = localArm(azure);
  const group = `/subscriptions/${azure.subscription}/resourceGroups/shop`;
  const body = { location: 'westeurope' };
  await arm.send({ method: 'PUT', path: group, apiVersion: apiVersions.resources, body });
  const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
  await arm.send({ method: 'PUT', path: workspace, apiVersion: apiVersions.workspaces, body });
  const customerId = textAt(await arm.get(workspace, apiVersions.workspaces), 'properties.customerId') ?? '';
  const asker = localArm(azure, azure.httpClient, own('https://api.loganalytics.io/.default'));
  return {
    azure,
    arm: { ...arm, ask: asker.ask },
    group,
    workspace,
    customerId,
    add: (table, row) => azure.core.logs.add(customerId, table, row),
    ask: async (id, of) => {
      const query = queriesFor(of).find((one) => one.id === id);
      assert.ok(query);
      return (await askLogs(asker, { customerId }, query.kql)).rows;
    },
  };
}
