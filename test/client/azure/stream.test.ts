import assert from 'node:assert/strict';
import test from 'node:test';
import type { StreamOptions } from '../../../client/src/azure/arm.ts';
import { AzureError } from '../../../client/src/azure/azure-error.ts';
import { Cancelled } from '../../../client/src/tools/command.ts';
import { connected, counting, scripted, type Scripted } from './scripted.ts';

const logs = 'https://shop.scm.azurewebsites.net/api/logstream';
const manager = 'https://management.azure.com';

async function read(answers: readonly (readonly [string, Scripted])[], options: StreamOptions, url = logs) {
  const script = scripted(...answers);
  const credential = counting();
  const parts: string[] = [];
  for await (const part of connected(script.httpClient, { credential }).arm.stream(url, options)) parts.push(part);
  script.done();
  return { parts, tokens: script.sent.map(({ authorization }) => authorization), asked: credential.asked };
}

void test('reads as it comes, with a token for who is asked', async () => {
  const euro = Buffer.from('€');
  const answer: Scripted = {
    status: 200,
    chunks: ['one\n', euro.subarray(0, 1), euro.subarray(1), Buffer.from('two')],
  };
  const { parts, tokens, asked } = await read([[`GET ${logs}`, answer]], { as: { audience: manager } });
  assert.deepEqual(parts, ['one\n', '€', 'two']);
  assert.deepEqual(tokens, ['Bearer token-1']);
  assert.equal(asked[0]?.scope, `${manager}/.default`);
});

void test('uses a token that was given out for just this, or none', async () => {
  const answer: Scripted = { status: 200, chunks: ['x'] };
  assert.deepEqual((await read([[`GET ${logs}`, answer]], { as: { token: 'given' } })).tokens, ['Bearer given']);
  const signed = 'https://logs.blob.core.windows.net/a?sv=1&sig=a%2Bb%3D';
  const blob = await read([[`GET ${signed}`, answer]], { as: 'none' }, signed);
  assert.deepEqual(blob.tokens, [undefined]);
  assert.deepEqual(blob.asked, []);
});

void test('reads nothing where there is nothing', async () => {
  assert.deepEqual((await read([[`GET ${logs}`, { status: 204, chunks: [] }]], { as: 'none' })).parts, []);
});

void test('follows where it is sent, but takes no token to another host', async () => {
  const here = `${logs}/2`;
  const there = 'https://other.example/logs';
  const moved = (location: string): Scripted => ({ status: 307, headers: { location }, chunks: [] });
  const { parts, tokens } = await read(
    [
      [`GET ${logs}`, moved('/api/logstream/2')],
      [`GET ${here}`, moved(there)],
      [`GET ${there}`, { status: 200, chunks: ['x'] }],
    ],
    { as: { token: 'given' } },
  );
  assert.deepEqual(parts, ['x']);
  assert.deepEqual(tokens, ['Bearer given', 'Bearer given', undefined]);
  const around = Array.from({ length: 6 }, (): [string, Scripted] => [`GET ${logs}`, moved(logs)]);
  await assert.rejects(read(around, { as: 'none' }), { name: 'AzureError', status: 307 });
  await assert.rejects(
    read([[`GET ${logs}`, moved('http://shop.scm.azurewebsites.net/x')]], { as: { token: 'given' } }),
    {
      code: 'ForeignAddress',
    },
  );
});

void test('never asks without encryption', async () => {
  await assert.rejects(read([], { as: { token: 'given' } }, 'http://127.0.0.1/x'), { code: 'ForeignAddress' });
});

void test('gets a fresh token where the old one is refused, and says why it cannot be read', async () => {
  const refused: Scripted = { status: 401, headers: { 'www-authenticate': 'Bearer realm="x"' }, chunks: [] };
  const { tokens } = await read(
    [
      [`GET ${logs}`, refused],
      [`GET ${logs}`, { status: 200, chunks: ['x'] }],
    ],
    {
      as: { audience: manager },
    },
  );
  assert.deepEqual(tokens, ['Bearer token-1', 'Bearer token-2']);
  const denied: Scripted = { status: 403, chunks: ['{"error":{"code":"Forbidden",', '"message":"no"}}'] };
  await assert.rejects(read([[`GET ${logs}`, denied]], { as: 'none' }), {
    code: 'Forbidden',
    message: 'no',
    status: 403,
  });
});

void test('tells an end from a connection that broke off, and from one that we ended', async () => {
  async function* breaking() {
    yield Buffer.from('one');
    await Promise.resolve();
    throw Object.assign(new Error('aborted https://x.example/?sig=secret'), { code: 'ECONNRESET' });
  }
  const script = scripted([`GET ${logs}`, { status: 200, chunks: breaking() }]);
  const stream = connected(script.httpClient).arm.stream(logs, { as: 'none' })[Symbol.asyncIterator]();
  assert.equal((await stream.next()).value, 'one');
  await assert.rejects(stream.next(), (error: unknown) => {
    assert.ok(error instanceof AzureError);
    assert.equal(error.code, 'ECONNRESET');
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });

  const controller = new AbortController();
  const second = scripted([`GET ${logs}`, { status: 200, chunks: ['one', 'two'] }]);
  const ended = connected(second.httpClient).arm.stream(logs, { as: 'none', signal: controller.signal });
  await assert.rejects(async () => {
    for await (const part of ended) {
      assert.equal(part, 'one');
      controller.abort();
    }
  }, Cancelled);
});

void test('ends the connection with the reader', async () => {
  let isEnded = false;
  async function* endless() {
    try {
      for (;;) yield await Promise.resolve(Buffer.from('x'));
    } finally {
      isEnded = true;
    }
  }
  const script = scripted([`GET ${logs}`, { status: 200, chunks: endless() }]);
  for await (const part of connected(script.httpClient).arm.stream(logs, { as: 'none' })) {
    assert.equal(part, 'x');
    break;
  }
  assert.ok(isEnded);
});
