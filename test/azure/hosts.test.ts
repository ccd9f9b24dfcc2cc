import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { test } from 'node:test';
import { startLocalAzure, type LocalAzure } from './local-azure.ts';
import { ask, localAzure } from './test-client.ts';

void test('hosts have certificates of our authority, and what they are asked is recorded', async (context) => {
  const azure = await localAzure(context);
  const host = await azure.core.hosts.open('shop.azurecr.io', (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"refresh_token":');
    response.end('"secret"}');
  });
  assert.match(host, /^127\.0\.0\.1:\d+$/);
  assert.equal(await read(azure, `https://${host}/oauth2/exchange?a=b`), '{"refresh_token":"secret"}');
  await assert.rejects(read(azure, `https://${host}/`, 'nobody'), /unable to verify|self-signed/);
  assert.deepEqual(azure.traffic, [
    {
      method: 'GET',
      url: 'https://shop.azurecr.io/oauth2/exchange?a=b',
      status: 200,
      responseBody: { refresh_token: '<refresh_token>' },
    },
  ]);
  await azure.core.hosts.close(host);
  await assert.rejects(read(azure, `https://${host}/`), /ECONNREFUSED/);
});

void test('hosts have the same faults as Resource Manager', async (context) => {
  const azure = await localAzure(context);
  let asked = 0;
  const host = await azure.core.hosts.open('site shop', (_request, response) => {
    asked += 1;
    response.end('hello');
  });
  const url = `https://${host}/path`;
  azure.faults.add(/GET site-shop\/path$/, { kind: 'answer', status: 503, body: { error: 'busy' } }, 1);
  assert.equal(await read(azure, url), '{"error":"busy"}');
  azure.faults.add(/GET site-shop\/path$/, { kind: 'drop' }, 1);
  await assert.rejects(read(azure, url), /socket hang up|ECONNRESET/);
  assert.equal(asked, 0);
  azure.faults.add(/GET site-shop\/path$/, { kind: 'lost' }, 1);
  await assert.rejects(read(azure, url), /socket hang up|ECONNRESET/);
  assert.equal(asked, 1);
  assert.equal(await read(azure, url), 'hello');
});

void test('a wrong answer of ours, and a fault that cannot strike, fail the test', async () => {
  const azure = await startLocalAzure({ sendsWrong: true });
  const { token } = azure.user();
  const group = `/subscriptions/${azure.subscription}/resourceGroups/shop`;
  azure.faults.add(/PUT /, { kind: 'operation', code: 'No', message: 'no' }, 1);
  const body = { location: 'westeurope' };
  await ask(azure, { method: 'PUT', path: group, version: '2024-03-01', token, body });
  azure.place(group, { location: 'westeurope', properties: { nonsense: true } });
  const { status } = await ask(azure, { path: group, version: '2024-03-01', token });
  assert.equal(status, 500);
  await assert.rejects(azure.close(), (error: Error) => {
    assert.match(error.message, /PUT .* begins no operation that could fail/);
    assert.match(error.message, /answers wrongly to GET .*: 'properties.nonsense' is unknown/);
    return true;
  });
});

async function read(azure: LocalAzure, url: string, trust: 'ours' | 'nobody' = 'ours'): Promise<string> {
  const ca = trust === 'ours' ? { ca: readFileSync(azure.certificate, 'utf8') } : {};
  return await new Promise((resolve, reject) => {
    get(url, ca, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve(text));
      response.on('error', reject);
    }).on('error', reject);
  });
}
