import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import { inspect } from 'node:util';
import { AzureError } from '../../../client/src/azure/azure-error.ts';
import { explain } from '../../../client/src/azure/explain.ts';
import { connected, scripted, type Scripted } from './scripted.ts';

/** What must be seen nowhere. */
const token = 'eyJhbGciOiJub25lIn0.MARKED-TOKEN.x';
const signature = 'MARKED-SIGNATURE';
const content = 'MARKED-BODY';
const secrets = /MARKED/;

const path = '/subscriptions/s/resourceGroups/rg';
const status = `https://management.azure.com/status/1?t=1&s=${signature}`;
const credential = { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
const put = { method: 'PUT', path, apiVersion: '1', body: { secret: content } } as const;
const begins: Scripted = { status: 201, headers: { 'azure-asyncoperation': status }, body: {} };

/** Every way in which a call can fail. */
const failures: readonly (readonly (readonly [string, Scripted])[])[] = [
  [[`PUT ${path}?api-version=1`, { status: 400, body: { error: { code: 'Bad', message: `Your token ${token}` } } }]],
  [[`PUT ${path}?api-version=1`, { status: 400, text: `<html>${content}` }]],
  [
    [
      `PUT ${path}?api-version=1`,
      { status: 400, headers: { 'content-type': 'application/json' }, text: `not JSON ${content}` },
    ],
  ],
  [
    [
      `PUT ${path}?api-version=1`,
      { status: 200, headers: { 'content-type': 'application/json' }, text: `not JSON ${content}` },
    ],
  ],
  [[`PUT ${path}?api-version=1`, { fails: 'CERT_HAS_EXPIRED' }]],
  [
    [`PUT ${path}?api-version=1`, begins],
    [`GET ${status}`, { status: 400, body: { error: { code: 'Bad', message: `at ${status}` } } }],
  ],
  [
    [`PUT ${path}?api-version=1`, begins],
    [`GET ${status}`, { fails: 'CERT_HAS_EXPIRED' }],
  ],
  [
    [`PUT ${path}?api-version=1`, begins],
    [`GET ${status}`, { status: 200, body: { status: 'Failed', error: { code: 'Bad', message: status } } }],
  ],
  [[`PUT ${path}?api-version=1`, { status: 202, headers: { location: `https://evil.example/?s=${signature}` } }]],
];

void test('no error holds a token, a signature or a body', async () => {
  for (const [index, script] of failures.entries()) {
    const { httpClient, done } = scripted(...script);
    const error: unknown = await connected(httpClient, { credential })
      .arm.send(put)
      .then(
        () => assert.fail(`${index} does not fail`),
        (reason: unknown) => reason,
      );
    done();
    assert.ok(error instanceof AzureError, String(error));
    assert.doesNotMatch(inspect(error, { depth: 20, showHidden: true, getters: true }), secrets, String(index));
    assert.doesNotMatch(JSON.stringify(explain(error)), secrets);
  }
});

void test('the libraries log none of it, however much they are asked to log', () => {
  const ended = spawnSync(process.execPath, [fileURLToPath(new URL('log-everything.ts', import.meta.url))], {
    env: { ...process.env, AZURE_LOG_LEVEL: 'verbose' },
    encoding: 'utf8',
  });
  assert.equal(ended.status, 0, ended.stderr);
  assert.match(ended.stderr, /core-rest-pipeline/, 'nothing was logged');
  assert.match(ended.stderr, /core-lro/, 'nothing was logged of operations');
  assert.doesNotMatch(ended.stderr + ended.stdout, secrets);
});
