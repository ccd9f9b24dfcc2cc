import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import test from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { AzureError } from '../../../client/src/azure/azure-error.ts';
import { apiVersions } from '../../../client/src/azure/api-versions.ts';
import { publicCloud } from '../../../client/src/azure/cloud.ts';
import { connect } from '../../../client/src/azure/connect.ts';
import { customCloud } from '../../../client/src/azure/custom-cloud.ts';
import { explain } from '../../../client/src/azure/explain.ts';
import { locations, resourceGroups, subscriptions, tenants } from '../../../client/src/azure/places.ts';
import { groupId } from '../../../client/src/azure/resource-id.ts';
import type { LocalAzure } from '../../azure/local-azure.ts';
import { localAzure } from '../../azure/test-client.ts';

/** A user whose editor gives a token, and a new one whenever it is asked. */
function signedIn(azure: LocalAzure, fresh?: () => string) {
  const user = azure.user();
  const asked: (string | undefined)[] = [];
  const credential = {
    getToken: (_scopes: string | string[], options: { claims?: string } = {}) => {
      asked.push(options.claims);
      const token = asked.length > 1 && fresh ? fresh() : user.token;
      return Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 });
    },
  };
  const waits: string[] = [];
  const { httpClient } = azure;
  // Time passes faster here.
  const arm = connect({ cloud: publicCloud, credential, httpClient, wait: (milliseconds) => delay(milliseconds / 50) });
  return { arm, user, asked, waits, onWait: (message: string) => void waits.push(message) };
}

void test('makes a group, reads, lists and deletes it', async (context) => {
  const azure = await localAzure(context);
  const { arm } = signedIn(azure);
  const path = groupId(azure.subscription, 'Shop-RG');
  assert.equal(await arm.find(path, apiVersions.resources), undefined);
  const made = await arm.send({
    method: 'PUT',
    path,
    apiVersion: apiVersions.resources,
    body: { location: 'westeurope' },
  });
  assert.deepEqual(await arm.get(path, apiVersions.resources), made);
  assert.deepEqual(
    (await resourceGroups(arm, azure.subscription)).map(({ name }) => name),
    ['Shop-RG'],
  );
  assert.equal(await arm.send({ method: 'DELETE', path, apiVersion: apiVersions.resources }), undefined);
  assert.equal(await arm.find(path, apiVersions.resources), undefined);
});

void test('lists where things can be, the last choice first', async (context) => {
  const azure = await localAzure(context);
  const { arm } = signedIn(azure);
  const all = await locations(arm, azure.subscription, { last: 'westeurope' });
  assert.equal(all[0]?.id, 'westeurope');
  const names = all.slice(1).map(({ name }) => name);
  assert.deepEqual(
    names,
    names.toSorted((left, right) => left.localeCompare(right, 'en')),
  );
  assert.ok((await tenants(arm)).some(({ id }) => id === azure.tenant));
  const own = await subscriptions(arm);
  const found = own.find(({ id }) => id === azure.subscription);
  assert.equal(found?.tenant, azure.tenant);
  assert.equal(found.isUsable, true);
  assert.deepEqual(
    own.map(({ isUsable }) => isUsable),
    own.map(({ isUsable }) => isUsable).toSorted((left, right) => Number(right) - Number(left)),
  );
});

void test('gets a fresh token when the old one has ended, and asks Azure once more', async (context) => {
  const azure = await localAzure(context);
  const fresh = azure.user().token;
  const { arm, user, asked } = signedIn(azure, () => fresh);
  azure.entra.end(user.objectId, 'expired');
  assert.ok((await tenants(arm)).length > 0);
  assert.deepEqual(asked, [undefined, undefined]);
});

void test('answers what continuous access evaluation wants to know', async (context) => {
  const azure = await localAzure(context);
  const fresh = azure.user().token;
  const { arm, user, asked } = signedIn(azure, () => fresh);
  azure.entra.end(user.objectId, 'revoked');
  assert.ok((await tenants(arm)).length > 0);
  assert.equal(asked.length, 2);
  assert.match(asked[1] ?? '', /^\{"access_token":\{"nbf":/);
});

void test('asks to sign in when that does not help, and does not ask for ever', async (context) => {
  const azure = await localAzure(context);
  const { arm, user, asked } = signedIn(azure);
  azure.entra.end(user.objectId, 'expired');
  const error = await arm.list('/tenants', apiVersions.tenants).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AzureError);
  assert.equal(error.code, 'ExpiredAuthenticationToken');
  assert.equal(explain(error).action.kind, 'signIn');
  assert.equal(asked.length, 2);
  assert.ok(!inspect(error, { depth: 10, showHidden: true }).includes(user.token), 'the token is in the error');
});

void test('says in which tenant a subscription is', async (context) => {
  const azure = await localAzure(context);
  const { arm, asked } = signedIn(azure);
  const path = groupId(azure.guestTenant.subscription, 'rg');
  const error: unknown = await arm.find(path, apiVersions.resources).catch((reason: unknown) => reason);
  assert.deepEqual(explain(error).action, { kind: 'signIn', title: 'Sign in', tenant: azure.guestTenant.tenant });
  assert.equal(asked.length, 1);
});

void test('takes no quota for no sign-in', async (context) => {
  const azure = await localAzure(context);
  const { arm, asked } = signedIn(azure);
  const message = 'Operation cannot be completed without additional quota.';
  azure.faults.add(/PUT .*serverfarms/i, {
    kind: 'answer',
    status: 401,
    body: { Code: 'Unauthorized', Message: message },
  });
  const path = `${groupId(azure.subscription, 'rg')}/providers/Microsoft.Web/serverfarms/p`;
  const error: unknown = await arm
    .send({ method: 'PUT', path, apiVersion: apiVersions.web, body: { location: 'westeurope' } })
    .catch((reason: unknown) => reason);
  assert.equal(explain(error).action.kind, 'chooseSku');
  assert.equal(asked.length, 1);
});

void test('goes on after a lost connection, a lost answer and throttling', async (context) => {
  const azure = await localAzure(context);
  const { arm, waits, onWait } = signedIn(azure);
  const path = groupId(azure.subscription, 'rg');
  azure.faults.add(/PUT .*resourceGroups/i, { kind: 'drop' }, 1);
  azure.faults.add(/PUT .*resourceGroups/i, { kind: 'lost' }, 1);
  azure.faults.add(/PUT .*resourceGroups/i, { kind: 'answer', status: 429, headers: { 'retry-after': '1' } }, 1);
  const body = { location: 'westeurope' };
  await arm.send({ method: 'PUT', path, apiVersion: apiVersions.resources, body }, { onWait });
  assert.ok(waits.includes('Azure asks to wait 1 s'), waits.join());
  assert.ok(waits.includes('Azure does not answer; trying again'), waits.join());
  assert.ok(azure.resource(path));
});

void test('says why an operation has failed', async (context) => {
  const azure = await localAzure(context);
  const { arm } = signedIn(azure);
  const group = groupId(azure.subscription, 'rg');
  await arm.send({ method: 'PUT', path: group, apiVersion: apiVersions.resources, body: { location: 'westeurope' } });
  azure.faults.add(/PUT .*workspaces/i, { kind: 'operation', code: 'QuotaExceeded', message: 'Too many.' });
  azure.faults.add(/DELETE .*resourceGroups/i, { kind: 'operation', code: 'ScopeLocked', message: 'Locked.' });
  await assert.rejects(arm.send({ method: 'DELETE', path: group, apiVersion: apiVersions.resources }), {
    name: 'AzureError',
    code: 'ScopeLocked',
    message: 'Locked.',
  });
});

void test('a private cloud tells where everything is, over https alone', async (context) => {
  const azure = await localAzure(context);
  const trusting = overHttps(readFileSync(azure.certificate, 'utf8'));
  const cloud = await customCloud(`${azure.url}/`, trusting);
  assert.deepEqual(cloud, {
    name: 'custom',
    title: 'LocalAzure',
    authority: azure.url,
    resourceManager: azure.url,
    audience: azure.url,
    registrySuffix: '.azurecr.local',
    keyVaultSuffix: '.vault.local',
    registryAudience: azure.url,
    logs: azure.url,
    portal: azure.url,
  });
  const { token } = azure.user();
  const credential = { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const arm = connect({ cloud, credential, httpClient: trusting });
  const path = groupId(azure.subscription, 'rg');
  const body = { location: 'westeurope' };
  await arm.send({ method: 'PUT', path, apiVersion: apiVersions.resources, body });
  await arm.send({ method: 'DELETE', path, apiVersion: apiVersions.resources });

  // Nobody has told this process to trust the authority.
  const error: unknown = await customCloud(azure.url).catch((reason: unknown) => reason);
  assert.match(explain(error).message, /^The certificate of '127.0.0.1:\d+' is not trusted: .*NODE_EXTRA_CA_CERTS/);
  for (const url of [azure.url.replace('https:', 'http:'), 'azure.example', '', 'https://user:secret@azure.example']) {
    await assert.rejects(customCloud(url), /is no https address/);
  }
});

function overHttps(ca: string): HttpClient {
  const agent = new Agent({ ca });
  const client = createDefaultHttpClient();
  return { sendRequest: (request) => client.sendRequest(Object.assign(request, { agent })) };
}
