import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Arm } from '../../../../client/src/azure/arm.ts';
import { createEventLines } from '../../../../client/src/deploy/after/event-line.ts';
import { inOrder } from '../../../../client/src/deploy/after/find-replica.ts';
import { createRepeats } from '../../../../client/src/deploy/after/repeats.ts';
import { newLines, streamLogs } from '../../../../client/src/deploy/after/stream-logs.ts';
import type { JsonObject } from '../../../../client/src/azure/json.ts';
import { memoryArm, refusal, testClock } from '../engine/support.ts';

void test('of a log that is told whole each time, only what is new is new', () => {
  assert.equal(newLines('', 'a\nb\n'), 'a\nb\n');
  assert.equal(newLines('a\nb\n', 'a\nb\nc\n'), 'c\n');
  assert.equal(newLines('a\nb\n', 'a\nb\n'), '');
  // Its beginning has gone.
  assert.equal(newLines('1 a\n2 b\n3 c\n', '2 b\n3 c\n4 d\n'), '4 d\n');
  // The last line went on.
  assert.equal(newLines('a\nb', 'a\nbc\n'), 'c\n');
  // Another container.
  assert.equal(newLines('1 a\n2 b\n', '3 x\n'), '3 x\n');
  assert.equal(newLines('1 a\n', ''), '');
});

void test('what a stream says again is left out', () => {
  const { opened, pass } = createRepeats();
  assert.equal(opened(), '');
  assert.equal(pass('1 a\n2'), '1 a\n2');
  assert.equal(pass(' b\n3 c\n3 c\n4'), ' b\n3 c\n3 c\n4');
  assert.equal(opened(), '\n');
  assert.equal(pass('Welcome\n2 b\n3 c\n3 '), 'Welcome\n');
  // Twice before, and once more now.
  assert.equal(pass('c\n3 c\n4 d\n'), '3 c\n4 d\n');
  assert.equal(pass('5'), '');
  assert.equal(opened(), '5\n');
});

void test('events of the platform become lines', () => {
  const lines = createEventLines();
  const event = { TimeStamp: '2026-01-01T00:00:00Z', Type: 'Normal', Reason: 'RevisionReady', Msg: 'It is ready' };
  const text = JSON.stringify(event);
  assert.deepEqual(lines(text.slice(0, 20)), []);
  assert.deepEqual(lines(`${text.slice(20)}\nnot json\n\n`), [
    '2026-01-01T00:00:00Z [RevisionReady] It is ready',
    'not json',
  ]);
  assert.deepEqual(lines(`${JSON.stringify({ Type: 'Warning', Reason: 'ProbeFailed', Msg: 'No' })}\n`), [
    '[warning: ProbeFailed] No',
  ]);
  assert.deepEqual(lines(`${JSON.stringify({ Reason: 'StartingGettingEvents', Msg: 'Connecting' })}\n`), []);
});

void test('the revision with the most requests is looked at first, then the newest', () => {
  const revision = (name: string, active: boolean, trafficWeight: number, day: number): JsonObject => ({
    name,
    properties: { active, trafficWeight, createdTime: `2026-01-0${day}T00:00:00Z` },
  });
  assert.deepEqual(
    inOrder([
      revision('old', true, 0, 1),
      revision('most', true, 90, 2),
      revision('off', false, 0, 3),
      revision('some', true, 10, 4),
      revision('new', true, 0, 5),
    ]),
    ['most', 'some', 'new', 'old'],
  );
});

void test('a replica that goes while it is asked is looked for again, but not for ever', async () => {
  let tries = 0;
  await assert.rejects(
    stream(() => {
      tries++;
      throw refusal(404, 'NotFound');
    }),
    /NotFound/,
  );
  assert.equal(tries, 6);

  let asked = 0;
  const second = await stream(async function* () {
    asked++;
    if (asked === 1) throw refusal(404, 'NotFound');
    yield 'hello\n';
    if (asked === 2) throw refusal(0, 'ECONNRESET');
    await Promise.resolve();
  });
  assert.deepEqual(second.states, [
    'The connection is lost: connecting again',
    "Connected to revision 'shop--1'",
    'The connection is lost: connecting again',
    "Connected to revision 'shop--1'",
    'Azure has ended the stream: connecting again',
  ]);
  assert.equal(second.text, 'hello\n');
  assert.deepEqual(second.waited, [2000, 4000, 8000]);
});

void test('what cannot be had at all is said at once', async () => {
  for (const error of [refusal(403, 'AuthorizationFailed'), refusal(0, 'ENOTFOUND'), new Error('ours')]) {
    await assert.rejects(
      stream(() => {
        throw error;
      }),
      error,
    );
  }
});

/** Streams from a container app in memory until the third pause. */
async function stream(
  open: () => AsyncIterable<string>,
): Promise<{ readonly text: string; readonly states: readonly string[]; readonly waited: readonly number[] }> {
  const app = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.App/containerApps/shop';
  const revision = { name: 'shop--1', properties: { active: true, trafficWeight: 100 } };
  const endpoint = 'https://local/logstream';
  const replica = { name: 'r', properties: { containers: [{ logStreamEndpoint: endpoint }] } };
  const store = memoryArm({ [app]: {}, [`${app}/revisions/shop--1`]: revision });
  store.answer = ({ path }) =>
    path.endsWith('/getAuthtoken')
      ? { properties: { token: 't' } }
      : path.endsWith('/replicas')
        ? { value: [replica] }
        : undefined;
  const arm: Arm = { ...store, stream: () => open() };
  const controller = new AbortController();
  const clock = testClock();
  const states: string[] = [];
  let text = '';
  await streamLogs({
    arm,
    app: { kind: 'containerApp', app },
    clock: {
      ...clock,
      wait: async (milliseconds, signal) => {
        await clock.wait(milliseconds, signal);
        if (clock.waited.length === 3 && states.length > 1) controller.abort();
      },
    },
    signal: controller.signal,
    onText: (piece) => (text += piece),
    onState: (state) => states.push(state),
  });
  return { text, states, waited: clock.waited };
}
