import assert from 'node:assert/strict';
import test from 'node:test';
import type { AccessToken, GetTokenOptions } from '@azure/core-auth';
import { withCache } from '../../../client/src/azure/token-cache.ts';
import { Cancelled } from '../../../client/src/tools/command.ts';

/** Answers when told to. */
function manual() {
  const asked: {
    options: GetTokenOptions;
    answer: (token: string, end?: number) => void;
    fail: (error: Error) => void;
  }[] = [];
  return {
    asked,
    getToken: (_scopes: string | string[], options: GetTokenOptions = {}) =>
      new Promise<AccessToken>((resolve, reject) => {
        asked.push({
          options,
          answer: (token, expiresOnTimestamp = 3_600_000) => resolve({ token, expiresOnTimestamp }),
          fail: reject,
        });
      }),
  };
}

void test('remembers a token until five minutes before its end', async () => {
  const source = manual();
  let now = 0;
  const cache = withCache(source, () => now);
  const first = cache.getToken('s');
  source.asked[0]?.answer('one', 3_600_000);
  assert.equal((await first)?.token, 'one');
  now = 3_600_000 - 5 * 60_000 - 1;
  assert.equal((await cache.getToken('s'))?.token, 'one');
  now++;
  const second = cache.getToken('s');
  source.asked[1]?.answer('two', 9_000_000);
  assert.equal((await second)?.token, 'two');
});

void test('keeps tenants and scopes apart', async () => {
  const source = manual();
  const cache = withCache(source, () => 0);
  const all = [cache.getToken('s'), cache.getToken('t'), cache.getToken('s', { tenantId: 'x' }), cache.getToken(['s'])];
  assert.equal(source.asked.length, 3);
  source.asked.forEach(({ answer }, index) => answer(String(index)));
  assert.deepEqual(
    (await Promise.all(all)).map((token) => token?.token),
    ['0', '1', '2', '0'],
  );
});

void test('a failure is not remembered', async () => {
  const source = manual();
  const cache = withCache(source, () => 0);
  const first = cache.getToken('s');
  source.asked[0]?.fail(new Error('no'));
  await assert.rejects(first, /no/);
  const second = cache.getToken('s');
  source.asked[1]?.answer('yes');
  assert.equal((await second)?.token, 'yes');
});

void test('claims ask anew, and what they give is the token from then on', async () => {
  const source = manual();
  const cache = withCache(source, () => 0);
  const first = cache.getToken('s');
  source.asked[0]?.answer('old');
  await first;
  const second = cache.getToken('s', { claims: 'c' });
  assert.equal(source.asked[1]?.options.claims, 'c');
  source.asked[1].answer('new');
  await second;
  assert.equal((await cache.getToken('s'))?.token, 'new');
});

void test('one who stops waiting does not stop the others; with the last the question ends', async () => {
  const source = manual();
  const cache = withCache(source, () => 0);
  const [one, two] = [new AbortController(), new AbortController()];
  const first = cache.getToken('s', { abortSignal: one.signal });
  const second = cache.getToken('s', { abortSignal: two.signal });
  assert.equal(source.asked.length, 1);
  one.abort();
  await assert.rejects(first, Cancelled);
  assert.equal(source.asked[0]?.options.abortSignal?.aborted, false);
  two.abort();
  await assert.rejects(second, Cancelled);
  assert.equal(source.asked[0].options.abortSignal.aborted, true);
  // A new question is a new one.
  const third = cache.getToken('s');
  source.asked[1]?.answer('x');
  assert.equal((await third)?.token, 'x');
});

void test('a cache around a cache is the same cache', () => {
  const cache = withCache(manual());
  assert.equal(withCache(cache), cache);
});

void test('a failure that nobody waits for is nobody’s', async () => {
  const source = manual();
  const cache = withCache(source, () => 0);
  await assert.rejects(cache.getToken('s', { abortSignal: AbortSignal.abort() }), Cancelled);
  source.asked[0]?.fail(new Error('late'));
  // An unhandled rejection would fail the test here.
  await new Promise(setImmediate);
});
