import assert from 'node:assert/strict';
import test from 'node:test';
import { AzureError } from '../../../client/src/azure/azure-error.ts';
import { connected, scripted, type Scripted } from './scripted.ts';

const app = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.App/containerApps/a';
const put = { method: 'PUT', path: app, apiVersion: '1', body: { location: 'westeurope' } } as const;
const url = `${app}?api-version=1`;
/** As long and as odd as Azure's are. */
const signed = `t=638660&c=${'MIIH-_'.repeat(40)}&s=a%2Bb%2F&h=%3d`;
const status = `https://management.azure.com/subscriptions/s/providers/Microsoft.App/locations/eastus/statuses/1?api-version=2018-06-01&${signed}`;
const place = `https://management.azure.com${app}/operationresults/1?api-version=1&`;

function asyncOperation(address = status) {
  return { status: 201, headers: { 'azure-asyncoperation': address, 'retry-after': '3' }, body: state('InProgress') };
}
function state(provisioningState: string, more = {}) {
  return { name: 'a', properties: { provisioningState, ...more } };
}
function running(word = 'InProgress', headers: Readonly<Record<string, string>> = { 'retry-after': '3' }): Scripted {
  return { status: 200, headers, body: { id: 'x', name: '1', status: word, error: null } };
}

void test('style A: asks for the status letter by letter, then for the resource', async () => {
  const script = scripted(
    [`PUT ${url}`, asyncOperation()],
    [`GET ${status}`, running('Pending')],
    [`GET ${status}`, running('Accepted', { 'retry-after': '7' })],
    [`GET ${status}`, running('Succeeded')],
    [`GET ${url}`, { status: 200, body: state('Succeeded') }],
  );
  const { arm, waits } = connected(script.httpClient);
  assert.deepEqual(await arm.send(put), state('Succeeded'));
  assert.deepEqual(waits, [3000, 3000, 7000]);
  script.done();
});

void test('style A: an address that changes on the way is followed', async () => {
  const other = status.replace('/1?', '/2?');
  const script = scripted(
    [`PUT ${url}`, asyncOperation()],
    [`GET ${status}`, running('InProgress', { 'azure-asyncoperation': other })],
    [`GET ${other}`, running('Succeeded')],
    [`GET ${url}`, { status: 200, body: state('Succeeded') }],
  );
  await connected(script.httpClient).arm.send(put);
  script.done();
});

void test('style A comes before style B, B before C', async () => {
  const script = scripted(
    [`PUT ${url}`, { ...asyncOperation(), headers: { 'azure-asyncoperation': status, location: `${place}first` } }],
    [`GET ${status}`, running('Succeeded')],
    [`GET ${url}`, { status: 200, body: state('Succeeded') }],
  );
  await connected(script.httpClient).arm.send(put);
  script.done();
  const second = scripted(
    [`PUT ${url}`, { status: 202, headers: { location: `${place}first` }, body: state('InProgress') }],
    [`GET ${place}first`, { status: 200, body: state('Succeeded') }],
  );
  assert.deepEqual(await connected(second.httpClient).arm.send(put), state('Succeeded'));
  second.done();
});

void test('style A: the resource is not everywhere at once', async () => {
  const missing: Scripted = { status: 404, body: { error: { code: 'ResourceNotFound', message: 'm' } } };
  const script = scripted(
    [`PUT ${url}`, asyncOperation()],
    [`GET ${status}`, running('Succeeded')],
    [`GET ${url}`, missing],
    [`GET ${url}`, missing],
    [`GET ${url}`, { status: 200, body: state('Succeeded') }],
  );
  const { arm, waits } = connected(script.httpClient);
  assert.deepEqual(await arm.send(put), state('Succeeded'));
  assert.deepEqual(waits, [3000, 1000, 2000]);
});

void test('style A: Azure trouble while asking for the status is no failure', async () => {
  const script = scripted(
    [`PUT ${url}`, asyncOperation()],
    [`GET ${status}`, { status: 503 }],
    [`GET ${status}`, { fails: 'ECONNRESET' }],
    [`GET ${status}`, { status: 429, headers: { 'retry-after': '9' } }],
    [`GET ${status}`, running('Succeeded')],
    [`GET ${url}`, { status: 200, body: state('Succeeded') }],
  );
  await connected(script.httpClient).arm.send(put);
  script.done();
});

void test('style B: follows the newest address, and ends with 200 or 204', async () => {
  const swap = {
    method: 'POST',
    path: `${app}/slotsswap`,
    apiVersion: '1',
    body: { targetSlot: 'production' },
  } as const;
  for (const end of [200, 204]) {
    const script = scripted(
      [
        `POST ${app}/slotsswap?api-version=1`,
        { status: 202, headers: { location: `${place}first`, 'retry-after': '15' } },
      ],
      [`GET ${place}first`, { status: 202, headers: { location: `${place}second`, 'retry-after': '0' } }],
      [`GET ${place}second`, { status: 202, headers: { location: `${place}third` } }],
      [`GET ${place}third`, { status: end }],
    );
    const { arm, waits } = connected(script.httpClient);
    assert.equal(await arm.send(swap), undefined);
    assert.deepEqual(waits.slice(0, 2), [15_000, 0]);
    script.done();
  }
});

void test('style B: ends with an error of its own', async () => {
  const script = scripted(
    [`PUT ${url}`, { status: 202, headers: { location: `${place}first` } }],
    [`GET ${place}first`, { status: 409, body: { Code: 'Conflict', Message: 'No', Target: null } }],
  );
  await assert.rejects(connected(script.httpClient).arm.send(put), {
    name: 'AzureError',
    code: 'Conflict',
    status: 409,
  });
  script.done();
});

void test('style B: a change without a body at the end is looked up', async () => {
  const script = scripted(
    [`PATCH ${url}`, { status: 202, headers: { location: `${place}first` } }],
    [`GET ${place}first`, { status: 204 }],
    [`GET ${url}`, { status: 200, body: state('Succeeded') }],
  );
  assert.deepEqual(await connected(script.httpClient).arm.send({ ...put, method: 'PATCH' }), state('Succeeded'));
  script.done();
});

void test('style C: watches the state of the resource, after PUT and PATCH', async () => {
  for (const method of ['PUT', 'PATCH'] as const) {
    const script = scripted(
      [`${method} ${url}`, { status: 200, body: state('Updating') }],
      [`GET ${url}`, { status: 200, body: state('Waiting') }],
      [`GET ${url}`, { status: 200, body: state('Succeeded') }],
    );
    assert.deepEqual(await connected(script.httpClient).arm.send({ ...put, method }), state('Succeeded'), method);
    script.done();
  }
});

void test('is done at once where Azure is', async () => {
  for (const [method, answer, result] of [
    ['PUT', { status: 200, body: state('Succeeded') }, state('Succeeded')],
    ['PUT', { status: 201, body: { name: 'a', properties: null } }, { name: 'a', properties: null }],
    ['PATCH', { status: 200, body: { name: 'a' } }, { name: 'a' }],
    // What a build says of itself is about the record, not about the build.
    ['POST', { status: 200, body: state('Succeeded', { status: 'Queued' }) }, state('Succeeded', { status: 'Queued' })],
    ['POST', { status: 202 }, undefined],
    ['DELETE', { status: 204 }, undefined],
  ] as const) {
    const script = scripted([`${method} ${url}`, answer]);
    assert.deepEqual(await connected(script.httpClient).arm.send({ ...put, method }), result);
    script.done();
  }
});

void test('a deletion is over when its operation is gone with it', async () => {
  const script = scripted(
    [`DELETE ${url}`, { status: 202, headers: { location: `${place}first` } }],
    [`GET ${place}first`, { status: 202 }],
    [`GET ${place}first`, { status: 404, body: { error: { code: 'ResourceNotFound', message: 'm' } } }],
  );
  assert.equal(
    await connected(script.httpClient).arm.send({ method: 'DELETE', path: app, apiVersion: '1' }),
    undefined,
  );
  script.done();
});

void test('says why an operation failed, with its code', async () => {
  const failed: Scripted = {
    status: 200,
    body: {
      status: 'Failed',
      error: { code: 'ContainerAppOperationError', message: "Failed to provision revision for 'a'" },
    },
  };
  const script = scripted([`PUT ${url}`, asyncOperation()], [`GET ${status}`, failed]);
  await assert.rejects(connected(script.httpClient).arm.send(put), (error: unknown) => {
    assert.ok(error instanceof AzureError);
    assert.equal(error.code, 'ContainerAppOperationError');
    assert.equal(error.message, "Failed to provision revision for 'a'");
    assert.equal(error.request, `PUT https://management.azure.com${app}`);
    assert.ok(!JSON.stringify(error).includes('MIIH'));
    return true;
  });
  script.done();
});

void test('looks at the resource where the operation gives no reason', async () => {
  const script = scripted(
    [`PUT ${url}`, asyncOperation()],
    [`GET ${status}`, running('Failed')],
    [`GET ${url}`, { status: 200, body: state('Failed', { provisioningError: 'No such image' }) }],
  );
  await assert.rejects(connected(script.httpClient).arm.send(put), {
    code: 'OperationFailed',
    message: 'No such image',
  });
  script.done();
});

void test('tells an operation that was cancelled from one that failed', async () => {
  for (const word of ['Canceled', 'Cancelled']) {
    const script = scripted(
      [`PUT ${url}`, asyncOperation()],
      [`GET ${status}`, running(word)],
      [`GET ${url}`, { status: 200, body: {} }],
    );
    await assert.rejects(connected(script.httpClient).arm.send(put), { code: 'OperationCanceled' });
    script.done();
  }
});

void test('says what it waits for, but not all the time', async () => {
  const word = (text: string): [string, Scripted] => [`GET ${status}`, running(text, { 'retry-after': '6' })];
  const script = scripted(
    [`PUT ${url}`, asyncOperation()],
    word('InProgress'),
    word('InProgress'),
    word('InProgress'),
    word('InfrastructureSetupInProgress'),
    word('InfrastructureSetupInProgress'),
    word('Succeeded'),
    [`GET ${url}`, { status: 200, body: state('Succeeded') }],
  );
  const { arm, said, onWait } = connected(script.httpClient);
  await arm.send(put, { onWait });
  assert.deepEqual(said, ['Azure is at work, 15 s so far', "Azure says 'InfrastructureSetupInProgress'"]);
  script.done();
});
