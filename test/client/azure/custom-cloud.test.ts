import assert from 'node:assert/strict';
import test from 'node:test';
import { governmentCloud } from '../../../client/src/azure/cloud.ts';
import { customCloud, readMetadata, type CloudMetadata } from '../../../client/src/azure/custom-cloud.ts';
import type { Json } from '../../../client/src/azure/json.ts';
import { scripted } from './scripted.ts';

const url = 'https://management.local.azurestack.example';
const whole = {
  name: 'AzureStack-User',
  portal: 'https://portal.local.azurestack.example/',
  authentication: {
    loginEndpoint: 'https://adfs.local.azurestack.example/adfs/',
    audiences: ['https://management.adfs.example/1234/'],
    tenant: 'adfs',
    identityProvider: 'ADFS',
  },
  resourceManager: `${url}/`,
  suffixes: { acrLoginServer: 'azsacr.example', keyVaultDns: '.vault.example' },
} satisfies CloudMetadata;

void test('reads what a private cloud says of itself', () => {
  const cloud = readMetadata(whole, url);
  assert.deepEqual(cloud, {
    name: 'custom',
    title: 'AzureStack-User',
    authority: 'https://adfs.local.azurestack.example/adfs',
    resourceManager: url,
    audience: 'https://management.adfs.example/1234',
    registrySuffix: '.azsacr.example',
    keyVaultSuffix: '.vault.example',
    registryAudience: 'https://management.adfs.example/1234',
    logs: url,
    portal: 'https://portal.local.azurestack.example',
  });
  assert.deepEqual(readMetadata([whole, { name: 'other' }], url), cloud);
});

void test('takes the audience that is the address itself where there are several', () => {
  const { resourceManager } = governmentCloud;
  const audiences = ['https://management.core.usgovcloudapi.net/', `${resourceManager}/`];
  const cloud = readMetadata(
    { ...whole, resourceManager, authentication: { ...whole.authentication, audiences } },
    resourceManager,
  );
  assert.ok(typeof cloud !== 'string');
  assert.equal(cloud.audience, resourceManager);
});

void test('says what is wrong with what it says', () => {
  const rows: readonly (readonly [Json, RegExp])[] = [
    [{}, /does not answer as an Azure Resource Manager does/],
    [[], /does not answer as/],
    ['text', /does not answer as/],
    [null, /does not answer as/],
    [
      { ...whole, authentication: { ...whole.authentication, loginEndpoint: 'http://login.example' } },
      /sign-in address .* is not https/,
    ],
    [{ ...whole, authentication: { ...whole.authentication, loginEndpoint: 7 } }, /is not https/],
    // An answer must not send tokens elsewhere.
    [{ ...whole, resourceManager: 'https://evil.example' }, /is elsewhere/],
  ];
  for (const [body, expected] of rows) {
    const found = readMetadata(body, url);
    assert.ok(typeof found === 'string', JSON.stringify(body));
    assert.match(found, expected);
  }
});

void test('asks without a token, and tells a host that is none of Azure from one in trouble', async () => {
  const call = `GET ${url}/metadata/endpoints?api-version=2022-09-01`;
  const script = scripted([call, { status: 200, body: whole }], [call, { status: 404 }], [call, { status: 503 }]);
  assert.equal((await customCloud(`${url}/`, script.httpClient)).resourceManager, url);
  assert.equal(script.sent[0]?.authorization, undefined);
  await assert.rejects(customCloud(url, script.httpClient), { name: 'UserError', message: /does not answer as/ });
  await assert.rejects(customCloud(url, script.httpClient), { name: 'AzureError', status: 503 });
  script.done();
});
