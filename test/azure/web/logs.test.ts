import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, textAt } from '../../../client/src/azure/json.ts';
import { makePlan, startCalling } from './calling.ts';

void test('A log stream without news is cut off', async (context) => {
  const calling = await startCalling(context, { times: { streamIdle: 100 } });
  const { done, get, token } = calling;
  const serverFarmId = await makePlan(calling);
  const made = await done('PUT', 'Microsoft.Web/sites/shop', { location: 'westeurope', properties: { serverFarmId } });
  const hosts = at(made, 'properties.hostNameSslStates') as readonly { name: string; hostType: string }[];
  const scm = hosts.find(({ hostType }) => hostType === 'Repository')?.name ?? '';
  const { status, text } = await get(`https://${scm}/api/logstream`, { authorization: `Bearer ${token}` });
  assert.equal(status, 200);
  assert.match(text, /^\S+ {2}Welcome, you are now connected to log-streaming service\.\n$/);
});

void test('A site that runs nothing yet shows a page, and has no logs', async (context) => {
  const calling = await startCalling(context);
  const { call, done, get } = calling;
  const serverFarmId = await makePlan(calling);
  const made = await done('PUT', 'Microsoft.Web/sites/shop', { location: 'westeurope', properties: { serverFarmId } });
  const page = await get(`https://${textAt(made, 'properties.defaultHostName') ?? ''}/`);
  assert.equal(page.status, 200);
  assert.match(page.text, /waiting for your content/);
  assert.equal((await call('POST', 'Microsoft.Web/sites/shop/containerlogs')).status, 204);
});
