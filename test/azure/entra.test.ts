import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ClientSecretCredential, DeviceCodeCredential, WorkloadIdentityCredential } from '@azure/identity';
import type { LocalAzure } from './local-azure.ts';
import { ask, localAzure } from './test-client.ts';
import { claimsOf } from './tokens.ts';

const scope = 'https://management.azure.com/.default';

void test('a pipeline signs in with its secret, and with no other', async (context) => {
  const azure = await localAzure(context);
  const { clientId, objectId, secret } = azure.entra.application();
  const credential = (its: string): ClientSecretCredential =>
    new ClientSecretCredential(azure.tenant, clientId, its, { httpClient: azure.httpClient });

  const { token, expiresOnTimestamp } = await credential(secret).getToken(scope);
  const claims = claimsOf(token) ?? {};
  assert.equal(claims['aud'], 'https://management.azure.com');
  assert.equal(claims['tid'], azure.tenant);
  assert.equal(claims['oid'], objectId);
  assert.ok(expiresOnTimestamp > Date.now() + 3_000_000);
  assert.equal((await ask(azure, { token, path: '/subscriptions', version: '2022-12-01' })).status, 200);

  await assert.rejects(credential('wrong').getToken(scope), /AADSTS7000215: Invalid client secret/);
});

void test('a pipeline signs in with the token of its host: workload identity', async (context) => {
  const azure = await localAzure(context);
  const { clientId, objectId, federatedToken } = azure.entra.application();
  const file = join(dirname(azure.certificate), 'federated-token');
  const credential = (): WorkloadIdentityCredential =>
    new WorkloadIdentityCredential({
      tenantId: azure.tenant,
      clientId,
      tokenFilePath: file,
      httpClient: azure.httpClient,
    });
  writeFileSync(file, federatedToken);
  assert.equal(claimsOf((await credential().getToken(scope)).token)?.['oid'], objectId);

  const other = azure.entra.application();
  writeFileSync(file, other.federatedToken);
  await assert.rejects(credential().getToken(scope), /AADSTS700213: No matching federated identity record/);
});

void test('a user signs in with a device code, over https with our authority', async (context) => {
  const azure = await localAzure(context);
  const { objectId, name } = azure.user();
  const codes: string[] = [];
  const credential = new DeviceCodeCredential({
    ...overHttps(azure),
    userPromptCallback: ({ userCode, message }) => {
      assert.match(message, new RegExp(`enter the code ${userCode} `));
      codes.push(userCode);
      azure.entra.enterCode(userCode, { objectId });
    },
  });
  const { token } = await credential.getToken(`${azure.url}/.default`);
  assert.equal(codes.length, 1);
  assert.equal(claimsOf(token)?.['aud'], azure.url);
  assert.equal(claimsOf(token)?.['upn'], name);

  // Another audience comes with the refresh token, without a second code.
  const logs = await credential.getToken('https://api.loganalytics.io/.default');
  assert.equal(claimsOf(logs.token)?.['aud'], 'https://api.loganalytics.io');
  assert.equal(codes.length, 1);
});

void test('a user declines the sign-in', async (context) => {
  const azure = await localAzure(context);
  const credential = new DeviceCodeCredential({
    tenantId: azure.tenant,
    httpClient: azure.httpClient,
    userPromptCallback: ({ userCode }) => azure.entra.enterCode(userCode, 'declined'),
  });
  await assert.rejects(credential.getToken(scope), /authorization_declined/);
});

void test('tokens go only for what there is, in tenants that there are', async (context) => {
  const azure = await localAzure(context);
  const { clientId, secret } = azure.entra.application();
  const credential = (tenant: string): ClientSecretCredential =>
    new ClientSecretCredential(tenant, clientId, secret, { httpClient: azure.httpClient });
  await assert.rejects(credential(azure.tenant).getToken('https://example.com/.default'), /AADSTS500011/);
  await assert.rejects(credential('1b1ad0d9-0c3b-4f9c-9b0e-5f2a9e1e5b11').getToken(scope), /AADSTS90002/);
  const guest = await credential(azure.guestTenant.tenant).getToken(scope);
  assert.equal(claimsOf(guest.token)?.['tid'], azure.guestTenant.tenant);
});

void test('revoked tokens are answered with a challenge, and tokens with its claims are good again', async (context) => {
  const azure = await localAzure(context);
  const { clientId, objectId, secret } = azure.entra.application();
  const credential = new ClientSecretCredential(azure.tenant, clientId, secret, { httpClient: azure.httpClient });
  const get = async (token: string): ReturnType<typeof ask> =>
    await ask(azure, { token, path: '/subscriptions', version: '2022-12-01' });
  const before = (await credential.getToken(scope)).token;
  azure.entra.end(objectId, 'revoked');
  const refused = await get(before);
  assert.equal(refused.status, 401);
  const challenge = refused.headers.get('www-authenticate') ?? '';
  const encoded = /error="insufficient_claims", claims="([^"]+)"/.exec(challenge)?.[1] ?? '';
  const claims = Buffer.from(encoded, 'base64').toString('utf8');
  assert.match(claims, /"nbf"/);
  const after = (await credential.getToken(scope, { claims, enableCae: true })).token;
  assert.equal((await get(after)).status, 200);

  azure.entra.end(objectId, 'expired');
  const expired = await get(after);
  assert.deepEqual([expired.status, expired.code], [401, 'ExpiredAuthenticationToken']);
  assert.doesNotMatch(expired.headers.get('www-authenticate') ?? '', /claims/);
});

void test('tokens end when they say', async (context) => {
  const azure = await localAzure(context, { tokenLifetime: 60 });
  context.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const { token } = azure.user();
  const list = () => ask(azure, { token, path: '/subscriptions', version: '2022-12-01' });
  assert.equal((await list()).status, 200);
  context.mock.timers.tick(60_000);
  const { status, code } = await list();
  assert.deepEqual([status, code], [401, 'ExpiredAuthenticationToken']);
});

void test('a private cloud says where everything is', async (context) => {
  const azure = await localAzure(context);
  const path = '/metadata/endpoints';
  const { status, body } = await ask(azure, { path, version: '2022-09-01' });
  assert.equal(status, 200);
  assert.deepEqual(body['authentication'], {
    loginEndpoint: azure.url,
    audiences: [azure.url],
    tenant: 'common',
    identityProvider: 'AAD',
  });
});

/** As for a private cloud: its own addresses, and trust in its authority. */
function overHttps(azure: LocalAzure): ConstructorParameters<typeof DeviceCodeCredential>[0] {
  return {
    tenantId: azure.tenant,
    authorityHost: azure.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: readFileSync(azure.certificate, 'utf8') },
  };
}
