import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { textAt } from '../../client/src/azure/json.ts';
import { throttled } from './faults.ts';
import type { LocalAzure, StartOptions } from './local-azure.ts';
import { ask, localAzure, type Answer } from './test-client.ts';

void test('style A: a status at an address that is good only letter by letter', async (context) => {
  const { azure, token, workspace, put } = await start(context);
  const made = await put();
  assert.equal(made.status, 201);
  assert.equal(textAt(made.body, 'properties.provisioningState'), 'Creating');
  assert.equal(made.headers.get('retry-after'), '0');
  const address = made.headers.get('azure-asyncoperation') ?? '';
  assert.ok(address.startsWith('https://management.azure.com/subscriptions/'));
  assert.ok(address.length > 2000, 'as long as a real one');
  const changed = await ask(azure, { path: address.replace(/&h=./, '&h=~'), token });
  assert.deepEqual([changed.status, changed.code], [403, 'InvalidOperationToken']);

  const first = await ask(azure, { path: address, token });
  assert.deepEqual([first.status, first.body['status']], [200, 'InProgress']);
  const last = await poll(azure, token, address, ({ body }) => body['status'] !== 'InProgress');
  assert.equal(last.body['status'], 'Succeeded');
  assert.equal(textAt(azure.resource(workspace), 'properties.provisioningState'), 'Succeeded');
});

void test('style B: 202 with a fresh address each time', async (context) => {
  const { azure, token, group, put } = await start(context);
  await put();
  const gone = await ask(azure, { method: 'DELETE', path: group, version: '2024-03-01', token });
  assert.deepEqual([gone.status, gone.body], [202, {}]);
  let address = gone.headers.get('location') ?? '';
  const second = await ask(azure, { path: address, token });
  assert.equal(second.status, 202);
  assert.notEqual(second.headers.get('location'), address);
  address = second.headers.get('location') ?? '';
  const again = await ask(azure, {
    method: 'PUT',
    path: group,
    version: '2024-03-01',
    token,
    body: { location: 'westeurope' },
  });
  assert.equal(again.code, 'ResourceGroupBeingDeleted');
  for (;;) {
    const answer = await ask(azure, { path: address, token });
    if (answer.status === 204) break;
    assert.equal(answer.status, 202);
    address = answer.headers.get('location') ?? '';
    await delay(5);
  }
  assert.deepEqual(
    azure.ids().filter((id) => id.startsWith(group)),
    [],
  );
});

void test('an operation fails as the test says, and the resource with it', async (context) => {
  const { azure, token, workspace, put } = await start(context);
  azure.faults.add(/PUT .*\/workspaces\//, { kind: 'operation', code: 'InternalError', message: 'No room' }, 1);
  const made = await put();
  assert.equal(made.status, 201);
  const address = made.headers.get('azure-asyncoperation') ?? '';
  const last = await poll(azure, token, address, ({ body }) => body['status'] !== 'InProgress');
  assert.equal(last.status, 200);
  assert.equal(last.body['status'], 'Failed');
  assert.deepEqual(last.body['error'], { code: 'InternalError', message: 'No room' });
  assert.equal(textAt(azure.resource(workspace), 'properties.provisioningState'), 'Failed');
  await put();
  await azure.settled();
  assert.equal(textAt(azure.resource(workspace), 'properties.provisioningState'), 'Succeeded');
});

void test('calls are answered wrongly, lost, dropped or left hanging', async (context) => {
  const { azure, token, group, workspace, put } = await start(context);
  const get = async (): Promise<Answer> => await ask(azure, { path: group, version: '2024-03-01', token });
  azure.faults.add(/GET .*\/shop$/, throttled(7), 1);
  const busy = await get();
  assert.deepEqual([busy.status, busy.code], [429, 'SubscriptionRequestsThrottled']);
  assert.equal(busy.headers.get('retry-after'), '7');
  assert.equal((await get()).status, 200);

  azure.faults.add(/PUT .*\/workspaces\//, { kind: 'drop' }, 1);
  await assert.rejects(put(), /socket hang up|ECONNRESET/);
  assert.equal(azure.resource(workspace), undefined);
  azure.faults.add(/PUT .*\/workspaces\//, { kind: 'lost' }, 1);
  await assert.rejects(put(), /socket hang up|ECONNRESET/);
  assert.notEqual(azure.resource(workspace), undefined);

  azure.faults.add(/GET .*\/shop$/, { kind: 'hang' });
  const hanging = get();
  const first = await Promise.race([
    hanging.then(
      () => 'answered',
      () => 'failed',
    ),
    delay(100, 'hanging'),
  ]);
  assert.equal(first, 'hanging');
  azure.faults.clear();
  assert.equal((await get()).status, 200);
  hanging.catch(() => undefined);
});

void test('watchers see each call before and after, and can end it', async (context) => {
  const { azure, token, group } = await start(context);
  const seen: string[] = [];
  azure.faults.watch((moment, call) => {
    seen.push(`${moment} ${call.split('/').at(-1) ?? ''}`);
    if (moment === 'after' && call.endsWith('/other')) throw new Error('killed');
  });
  const put = ask(azure, {
    method: 'PUT',
    path: group.replace('/shop', '/other'),
    version: '2024-03-01',
    token,
    body: { location: 'eastus' },
  });
  await assert.rejects(put);
  assert.deepEqual(seen, ['before other', 'after other']);
  assert.notEqual(azure.resource(group.replace('/shop', '/other')), undefined);
});

void test('traffic is written without tokens and signatures', async (context) => {
  const { azure, token, put, workspace } = await start(context);
  const address = (await put()).headers.get('azure-asyncoperation') ?? '';
  await ask(azure, { path: address, token });
  const keys = await ask(azure, { method: 'POST', path: `${workspace}/sharedKeys`, version: '2020-08-01', token });
  const text = JSON.stringify(azure.traffic);
  assert.ok(text.includes('/workspaces/logs?api-version=2023-09-01'));
  assert.match(text, /&t=<…>&c=<…>&s=<…>&h=<…>/);
  for (const secret of [token, keys.body['primarySharedKey'], new URL(address).searchParams.get('c')]) {
    assert.ok(typeof secret === 'string' && secret.length > 40 && !text.includes(secret));
  }
});

void test('the client for this process reaches no other host', async (context) => {
  const azure = await localAzure(context);
  for (const path of ['https://example.com/', 'http://management.azure.com/tenants']) {
    await assert.rejects(ask(azure, { path }), /The local Azure knows no host/);
  }
});

async function start(
  context: TestContext,
  options: StartOptions = {},
): Promise<{
  readonly azure: LocalAzure;
  readonly token: string;
  readonly group: string;
  readonly workspace: string;
  readonly put: () => Promise<Answer>;
}> {
  const azure = await localAzure(context, options);
  const { token } = azure.user();
  const group = `/subscriptions/${azure.subscription}/resourceGroups/shop`;
  const body = { location: 'westeurope' };
  await ask(azure, { method: 'PUT', path: group, version: '2024-03-01', token, body });
  const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
  const put = async (): Promise<Answer> =>
    await ask(azure, { method: 'PUT', path: workspace, version: '2023-09-01', token, body });
  return { azure, token, group, workspace, put };
}

async function poll(
  azure: LocalAzure,
  token: string,
  path: string,
  isLast: (answer: Answer) => boolean,
): Promise<Answer> {
  for (;;) {
    const answer = await ask(azure, { path, token });
    if (isLast(answer)) return answer;
    await delay(5);
  }
}
