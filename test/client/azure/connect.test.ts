import assert from 'node:assert/strict';
import test from 'node:test';
import { Cancelled } from '../../../client/src/tools/command.ts';
import { AzureError } from '../../../client/src/azure/azure-error.ts';
import { connected, counting, scripted, type Scripted } from './scripted.ts';

const group = '/subscriptions/s/resourceGroups/rg';
const put = { method: 'PUT', path: group, apiVersion: '1', body: { location: 'westeurope' } } as const;
const swap = { method: 'POST', path: `${group}/slotsswap`, apiVersion: '1', body: {} } as const;

function codeOf(code: string): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof AzureError, String(error));
    assert.equal(error.code, code);
    return true;
  };
}

void test('asks with a token of the cloud and the tenant', async () => {
  const script = scripted([`GET ${group}?api-version=1`, { status: 200, body: { name: 'rg' } }]);
  const credential = counting();
  const { arm } = connected(script.httpClient, { credential, tenant: 'guest' });
  assert.deepEqual(await arm.get(group, '1'), { name: 'rg' });
  assert.equal(script.sent[0]?.authorization, 'Bearer token-1');
  assert.deepEqual(credential.asked, [
    { scope: 'https://management.azure.com/.default', tenant: 'guest', claims: undefined },
  ]);
});

void test('fetches a token once for many calls', async () => {
  const answer: Scripted = { status: 200, body: {} };
  const script = scripted(
    [`GET /a?api-version=1`, answer],
    [`GET /b?api-version=1`, answer],
    [`GET /c?api-version=1`, answer],
  );
  const credential = counting();
  const { arm } = connected(script.httpClient, { credential });
  await Promise.all([arm.get('/a', '1'), arm.get('/b', '1')]);
  await arm.get('/c', '1');
  assert.equal(credential.asked.length, 1);
});

void test('finds nothing where there is nothing', async () => {
  for (const [status, code] of [
    [404, 'ResourceNotFound'],
    [404, 'ResourceGroupNotFound'],
    [404, 'ParentResourceNotFound'],
    [409, 'MissingSubscriptionRegistration'],
  ] as const) {
    const script = scripted([`GET ${group}?api-version=1`, { status, body: { error: { code, message: 'm' } } }]);
    assert.equal(await connected(script.httpClient).arm.find(group, '1'), undefined, code);
  }
});

void test('does not take a wrong question for nothing', async () => {
  const answers: readonly [Scripted, string][] = [
    [{ status: 404, body: { error: { code: 'SubscriptionNotFound', message: 'm' } } }, 'SubscriptionNotFound'],
    [{ status: 404, body: { error: { code: 'InvalidResourceType', message: 'm' } } }, 'InvalidResourceType'],
    [{ status: 404, text: '<html>Not found' }, 'WebPage'],
    [{ status: 403, body: { error: { code: 'AuthorizationFailed', message: 'm' } } }, 'AuthorizationFailed'],
  ];
  for (const [answer, code] of answers) {
    const script = scripted([`GET ${group}?api-version=1`, answer]);
    await assert.rejects(connected(script.httpClient).arm.find(group, '1'), codeOf(code));
  }
});

void test('lists all pages by the address that Azure gives', async () => {
  const next = 'https://management.azure.com/x?api-version=9&$skiptoken=a%2Bb%3D%3D';
  const script = scripted(
    [
      `GET ${group}/resources?$filter=a%20eq%20'b'&api-version=1`,
      { status: 200, body: { value: [{ name: 'a' }], nextLink: next } },
    ],
    [`GET ${next}`, { status: 200, body: { value: [{ name: 'b' }], nextLink: null } }],
  );
  const { arm } = connected(script.httpClient);
  assert.deepEqual(await arm.list(`${group}/resources`, '1', { $filter: "a eq 'b'" }), [{ name: 'a' }, { name: 'b' }]);
  script.done();
});

void test('sends no token where an answer says', async () => {
  const elsewhere = [
    'https://evil.example/x?api-version=1',
    'http://management.azure.com/x',
    'https://management.azure.com.evil.example/x',
    'https://management.azure.com@evil.example/x',
    'https://management.azure.com:444/x',
    'nonsense',
  ];
  for (const nextLink of elsewhere) {
    const script = scripted([`GET /x?api-version=1`, { status: 200, body: { value: [], nextLink } }]);
    await assert.rejects(connected(script.httpClient).arm.list('/x', '1'), codeOf('ForeignAddress'), nextLink);
    script.done();
  }
  for (const name of ['azure-asyncoperation', 'location']) {
    const script = scripted([
      `PUT ${group}?api-version=1`,
      { status: 202, headers: { [name]: 'https://evil.example/x' } },
    ]);
    await assert.rejects(connected(script.httpClient).arm.send(put), codeOf('ForeignAddress'), name);
    script.done();
  }
});

void test('stops where the pages go round in circles', async () => {
  const nextLink = 'https://management.azure.com/x?page=2';
  const page: Scripted = { status: 200, body: { value: [], nextLink } };
  const script = scripted([`GET /x?api-version=1`, page], [`GET ${nextLink}`, page]);
  await assert.rejects(connected(script.httpClient).arm.list('/x', '1'), codeOf('UnexpectedAnswer'));
});

void test('refuses names that lead elsewhere', async () => {
  const { arm } = connected(scripted().httpClient);
  for (const path of ['x', '//evil.example', '/a/../b', '/a?b=c', '/a#b', '/a/%2e%2e%2fb', '/a\\b']) {
    await assert.rejects(arm.get(path, '1'), /Not a path/, path);
  }
});

void test('keeps a name letter by letter that may be in an address', async () => {
  const script = scripted([
    `GET /subscriptions/s/resourceGroups/my-group_(1).x%20y%C3%A9?api-version=1`,
    { status: 200, body: {} },
  ]);
  await connected(script.httpClient).arm.get('/subscriptions/s/resourceGroups/my-group_(1).x yé', '1');
});

void test('waits as long as Azure asks, whatever the request, and says so', async () => {
  for (const headers of [{ 'retry-after': '20' }, { 'retry-after-ms': '20000' }, { 'x-ms-retry-after-ms': '20000' }]) {
    const busy: Scripted = { status: 429, headers, body: { error: { code: 'TooManyRequests', message: 'm' } } };
    const script = scripted(
      [`POST ${group}/slotsswap?api-version=1`, busy],
      [`POST ${group}/slotsswap?api-version=1`, { ...busy, status: 503 }],
      [`POST ${group}/slotsswap?api-version=1`, { status: 200 }],
    );
    const { arm, waits, said, onWait } = connected(script.httpClient);
    await arm.send(swap, { onWait });
    assert.deepEqual(waits, [20_000, 20_000]);
    assert.deepEqual(said, ['Azure asks to wait 20 s', 'Azure asks to wait 20 s']);
    script.done();
  }
});

void test('gives up when it would take too long', async () => {
  const busy: Scripted = {
    status: 429,
    headers: { 'retry-after': '3600' },
    body: { error: { code: 'TooManyRequests', message: 'm' } },
  };
  const script = scripted([`PUT ${group}?api-version=1`, busy]);
  const { arm, waits } = connected(script.httpClient);
  await assert.rejects(arm.send(put), (error: unknown) => {
    assert.ok(error instanceof AzureError);
    assert.equal(error.retryAfter, 3_600_000);
    return true;
  });
  assert.deepEqual(waits, []);
});

void test('repeats what is safe to repeat', async () => {
  for (const failure of [
    { status: 500 },
    { status: 502, text: '<html>' },
    { status: 408 },
    { fails: 'ECONNRESET' },
  ] as const) {
    const script = scripted(
      [`PUT ${group}?api-version=1`, failure],
      [`PUT ${group}?api-version=1`, failure],
      [`PUT ${group}?api-version=1`, failure],
      [`PUT ${group}?api-version=1`, { status: 200, body: { name: 'rg' } }],
    );
    const { arm, waits } = connected(script.httpClient);
    assert.deepEqual(await arm.send(put), { name: 'rg' });
    assert.equal(waits.length, 3);
    assert.ok((waits[0] ?? 0) < (waits[1] ?? 0) && (waits[1] ?? 0) < (waits[2] ?? 0), String(waits));
  }
});

void test('never repeats a swap, a build or a change whose answer got lost', async () => {
  for (const failure of [{ status: 500 }, { status: 503 }, { fails: 'ECONNRESET' }] as const) {
    const script = scripted([`POST ${group}/slotsswap?api-version=1`, failure]);
    await assert.rejects(connected(script.httpClient).arm.send(swap), AzureError);
    script.done();
    const patch = scripted([`PATCH ${group}?api-version=1`, failure]);
    await assert.rejects(connected(patch.httpClient).arm.send({ ...put, method: 'PATCH' }), AzureError);
    patch.done();
  }
});

void test('repeats a swap that Azure cannot have seen, and a question by POST', async () => {
  const refused: Scripted = { fails: 'ECONNREFUSED' };
  const script = scripted(
    [`POST ${group}/slotsswap?api-version=1`, refused],
    [`POST ${group}/slotsswap?api-version=1`, { status: 200 }],
  );
  await connected(script.httpClient).arm.send(swap);
  const list = `${group}/config/appsettings/list`;
  const settings = scripted(
    [`POST ${list}?api-version=1`, { fails: 'ECONNRESET' }],
    [`POST ${list}?api-version=1`, { status: 200, body: { properties: {} } }],
  );
  await connected(settings.httpClient).arm.send({ method: 'POST', path: list, apiVersion: '1' });
  settings.done();
  // Started anew twice is started anew.
  const restart = scripted(
    [`POST ${group}/restart?api-version=1`, { fails: 'ECONNRESET' }],
    [`POST ${group}/restart?api-version=1`, { status: 200 }],
  );
  await connected(restart.httpClient).arm.send({ method: 'POST', path: `${group}/restart`, apiVersion: '1' });
  restart.done();
});

void test('takes silence for a lost answer', async () => {
  const script = scripted([`POST ${group}/slotsswap?api-version=1`, 'hangs']);
  await assert.rejects(connected(script.httpClient, { patience: 20 }).arm.send(swap), codeOf('ETIMEDOUT'));
});

void test('ends when cancelled, while it asks and while it waits', async () => {
  const asking = new AbortController();
  const script = scripted([`GET ${group}?api-version=1`, 'hangs']);
  const answer = connected(script.httpClient).arm.get(group, '1', { signal: asking.signal });
  setImmediate(() => asking.abort());
  await assert.rejects(answer, Cancelled);

  const waiting = new AbortController();
  const { signal } = waiting;
  const polls = scripted([
    `PUT ${group}?api-version=1`,
    { status: 201, headers: { 'azure-asyncoperation': 'https://management.azure.com/op?x=1' }, body: {} },
  ]);
  const { arm } = connected(polls.httpClient, { onPause: () => waiting.abort() });
  await assert.rejects(arm.send(put, { signal }), Cancelled);
  polls.done();
});
