import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AzureError } from '../../../client/src/azure/azure-error.ts';
import { followLog } from '../../../client/src/registry/cloud-build/log.ts';
import type { Http, HttpAnswer, HttpRequest } from '../../../client/src/registry/http.ts';
import { Cancelled } from '../../../client/src/tools/command.ts';

interface Growing {
  /** How long the log is at each question for it; absent: not there yet. */
  readonly lengths: readonly (number | undefined)[];
  readonly content: Buffer;
  /** From this question on, it is complete. */
  readonly complete?: string;
}

function answer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  bytes: Uint8Array = Buffer.of(),
): HttpAnswer {
  return { status, header: (name) => headers[name], bytes, text: Buffer.from(bytes).toString('utf8') };
}

/** A blob that grows with each HEAD, as the real one does with time. */
function growing({ lengths, content, complete }: Growing): { readonly http: Http; readonly asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  let heads = 0;
  const http: Http = {
    send: (request) => {
      asked.push(request);
      const length = lengths[Math.min(request.method === 'HEAD' ? heads++ : heads - 1, lengths.length - 1)];
      if (length === undefined) return Promise.resolve(answer(404));
      const isComplete = complete !== undefined && heads >= lengths.length;
      const meta = { 'content-length': String(length), ...(isComplete && { 'x-ms-meta-complete': complete }) };
      if (request.method === 'HEAD') return Promise.resolve(answer(200, meta));
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers?.['x-ms-range'] ?? '') ?? [];
      return Promise.resolve(answer(206, meta, content.subarray(Number(start), Math.min(Number(end) + 1, length))));
    },
  };
  return { http, asked };
}

async function follow(
  http: Http,
  more: Partial<Parameters<typeof followLog>[1]> = {},
): Promise<{ text: string; word: string }> {
  let text = '';
  const word = await followLog('https://blob/log?sig=1', {
    http,
    signal: new AbortController().signal,
    wait: () => Promise.resolve(),
    onText: (part) => (text += part),
    renew: () => Promise.reject(new Error('The address was good')),
    isOver: () => Promise.resolve(false),
    ...more,
  });
  return { text, word };
}

test('a log that is not there at first, then grows, even in the middle of a character', async () => {
  const content = Buffer.from('Step 1/2 : FROM ä\r\nStep 2/2 : RUN ü\r\n');
  const { http, asked } = growing({
    lengths: [undefined, 0, 17, 17, 35, content.length],
    content,
    complete: 'Successful',
  });
  assert.deepEqual(await follow(http), { text: content.toString('utf8'), word: 'successful' });
  assert.ok(asked.every(({ headers = {} }) => !('authorization' in headers)));
  const ranges = asked.flatMap(({ headers }) => headers?.['x-ms-range'] ?? []);
  assert.deepEqual(ranges, ['bytes=0-16', 'bytes=17-34', `bytes=35-${content.length - 1}`]);
});

test('an address whose time is over is renewed; one that is never good is an error', async () => {
  const content = Buffer.from('text');
  const { http } = growing({ lengths: [4], content, complete: 'failed' });
  const expiring: Http = {
    send: (request) => (request.url.includes('sig=1') ? Promise.resolve(answer(403)) : http.send(request)),
  };
  const renew = (): Promise<string> => Promise.resolve('https://blob/log?sig=2');
  assert.deepEqual(await follow(expiring, { renew }), { text: 'text', word: 'failed' });
  const xml = Buffer.from(
    '<Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate</Message></Error>',
  );
  const refusing: Http = { send: () => Promise.resolve(answer(403, {}, xml)) };
  await assert.rejects(follow(refusing, { renew }), (error) => {
    assert.ok(error instanceof AzureError);
    assert.equal(error.code, 'AuthenticationFailed');
    return true;
  });
});

test('a run that ended before it began has no log, and cancelling ends the waiting', async () => {
  const { http } = growing({ lengths: [undefined], content: Buffer.of() });
  assert.deepEqual(await follow(http, { isOver: () => Promise.resolve(true) }), { text: '', word: 'unknown' });
  const controller = new AbortController();
  const wait = (): Promise<void> => {
    controller.abort();
    return Promise.resolve();
  };
  await assert.rejects(follow(http, { signal: controller.signal, wait }), Cancelled);
});
