import assert from 'node:assert/strict';
import test from 'node:test';
import type { Json } from '../../../../client/src/azure/json.ts';
import { NoAnswer, waitForAnswer } from '../../../../client/src/deploy/after/wait-for-answer.ts';
import type { AppPlace } from '../../../../client/src/deploy/step.ts';
import { callsOf, group, memoryArm, testClock, type MemoryArm } from './support.ts';

const site = `${group}/providers/Microsoft.Web/sites/shop`;
const app = `${group}/providers/Microsoft.App/containerApps/shop`;
const containers = `${group}/providers/Microsoft.ContainerInstance/containerGroups/shop`;

interface Waited {
  readonly status: number | undefined;
  readonly error: NoAnswer | undefined;
  readonly waits: readonly string[];
  readonly log: string;
  readonly seconds: number;
}

async function wait(place: AppPlace, arm: MemoryArm, answers: (second: number) => number | undefined): Promise<Waited> {
  const clock = testClock();
  const start = clock.now();
  const waits: string[] = [];
  let log = '';
  const ended = await waitForAnswer({
    url: 'https://shop.example/health',
    seconds: 300,
    app: place,
    world: { arm, clock, ask: () => Promise.resolve(answers((clock.now() - start) / 1_000)) },
    signal: new AbortController().signal,
    onWait: (message) => waits.push(message),
    onLog: (text) => (log += text),
  }).catch((error: unknown) => error);
  return {
    status: typeof ended === 'number' ? ended : undefined,
    error: ended instanceof NoAnswer ? ended : undefined,
    waits,
    log,
    seconds: (clock.now() - start) / 1_000,
  };
}

function siteSaying(log: string): MemoryArm {
  const arm = memoryArm({ [site]: { properties: { state: 'Running' } } });
  arm.answer = ({ path }) => (path.endsWith('/containerlogs') ? log : undefined);
  return arm;
}

const inSite: AppPlace = { kind: 'appService', site };

test('takes anything below 500 for an answer, and asks less and less often', async () => {
  const { status, waits } = await wait(inSite, siteSaying(''), (second) => (second < 10 ? 503 : 404));
  assert.equal(status, 404);
  assert.equal(waits[0], 'Answers with 503, 0 of at most 300 seconds');
  assert.ok(waits.length < 8);
});

test('restarts a site once when its role had not spread, which then answers', async () => {
  const arm = siteSaying('2026-01-01 ERROR - Image pull failed: ImagePullUnauthorized');
  const { status } = await wait(inSite, arm, (second) => (second < 60 ? undefined : 200));
  assert.equal(status, 200);
  assert.equal(callsOf(arm).filter((call) => call.endsWith('/restart')).length, 1);
});

test('tells in the end why a site does not answer, with its last lines', async () => {
  const log = "one\ntwo\nContainer shop_0 didn't respond to HTTP pings on port: 8080, failing site start.";
  const { error, log: told, seconds } = await wait(inSite, siteSaying(log), () => undefined);
  assert.equal(
    error?.message,
    'The app has not answered for 300 seconds: it does not answer on the port that was chosen',
  );
  assert.equal(told, `${log}\n`);
  assert.ok(seconds >= 300 && seconds < 320);
});

test('quotes the last words of an app that answers with errors only', async () => {
  const { error } = await wait(inSite, siteSaying('Traceback\nKeyError: DATABASE'), () => 500);
  assert.equal(error?.message, 'The app answers with 500: KeyError: DATABASE');
});

test('does not wait for a site whose start has failed twice, in older and newer words', async () => {
  for (const words of [
    [
      'Initiating warmup request to container shop_0 for site shop',
      'Container shop_0 for site shop has exited, failing site start',
      'Initiating warmup request to container shop_0_middleware for site shop',
      "Container shop_0 didn't respond to HTTP pings on port: 8080, failing site start.",
      'Stopping site shop because it failed during startup.',
    ],
    [
      'Site container: shop terminated during site startup.',
      'Site startup probe failed after 3.1 seconds.',
      'Failed to start site. Revert by stopping site.',
    ],
  ]) {
    const attempt = (second: number): string =>
      words.map((text) => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z INFO  - ${text}`).join('\n');
    // What failed before this deployment counts for nothing.
    let log = [attempt(0), attempt(1), attempt(2)].join('\n');
    const arm = siteSaying('');
    arm.answer = ({ path }) => (path.endsWith('/containerlogs') ? log : undefined);
    const { error, seconds } = await wait(inSite, arm, (second) => {
      if (second >= 30 && !log.includes('00:31Z')) log += `\n${attempt(31)}`;
      if (second >= 60 && !log.includes('00:58Z')) log += `\n${attempt(58)}`;
      return 503;
    });
    assert.equal(error?.message, 'The app does not start: the container has ended by itself');
    assert.ok(seconds >= 60 && seconds < 120, String(seconds));
    const answering = await wait(inSite, arm, (second) => (second < 200 ? 503 : 200));
    assert.equal(answering.error, undefined);
  }
});

test('asks for the logs of the slot', async () => {
  const arm = memoryArm();
  await wait({ kind: 'appService', site, slot: 'staging' }, arm, () => undefined);
  assert.ok(callsOf(arm).every((call) => call.includes('/sites/shop/slots/staging/')));
});

test('does not wait for a revision that has failed', async () => {
  const revision = `${app}/revisions/shop--v1`;
  const arm = memoryArm({
    [app]: { properties: { latestRevisionName: 'shop--v1' } },
    [revision]: { properties: { provisioningState: 'Failed', provisioningError: 'Container crashed' } },
  });
  arm.answer = ({ path }): Json | undefined => {
    const logStreamEndpoint = 'https://logs.example/stream';
    if (path.endsWith('/replicas')) return { value: [{ properties: { containers: [{ logStreamEndpoint }] } }] };
    return path.endsWith('/getAuthtoken') ? { properties: { token: 'for this app only' } } : undefined;
  };
  const asked: unknown[] = [];
  const { error, log, seconds } = await wait(
    { kind: 'containerApp', app },
    {
      ...arm,
      stream: async function* (url, { as }) {
        asked.push([url, as]);
        yield 'first\nsec';
        yield await Promise.resolve('ond\n');
      },
    },
    () => undefined,
  );
  assert.equal(error?.message, 'The app does not start: Container crashed');
  assert.equal(log, 'first\nsecond\n');
  assert.ok(seconds < 60);
  assert.deepEqual(asked[0], [
    'https://logs.example/stream?follow=false&tailLines=40&output=text',
    { token: 'for this app only' },
  ]);
});

test('tells with which code a container ended, and waits only for one that starts again', async () => {
  const ended = (restartPolicy: string, exitCode = 3): MemoryArm => {
    const currentState = { state: 'Terminated', exitCode, detailStatus: exitCode === 0 ? 'Completed' : 'Error' };
    const arm = memoryArm({
      [containers]: {
        properties: { restartPolicy, containers: [{ name: 'web', properties: { instanceView: { currentState } } }] },
      },
    });
    arm.answer = ({ path }) => (path.endsWith('/containers/web/logs') ? { content: 'no module\n' } : undefined);
    return arm;
  };
  const place: AppPlace = { kind: 'containerInstance', group: containers };
  const never = await wait(place, ended('Never'), () => undefined);
  assert.equal(never.error?.message, 'The app does not start: its container ended with exit code 3');
  assert.equal(never.log, 'no module\n');
  assert.ok(never.seconds < 60);
  assert.ok((await wait(place, ended('Always'), () => undefined)).seconds >= 300);

  // What is to run once has done so; what is to run always has not.
  for (const policy of ['Never', 'OnFailure']) {
    const once = await wait(place, ended(policy, 0), () => undefined);
    assert.deepEqual([once.error, once.status, once.log], [undefined, undefined, 'no module\n']);
    assert.equal(once.waits.at(-1), 'It has run, and ended without an error');
  }
  const always = await wait(place, ended('Always', 0), () => undefined);
  assert.equal(always.error?.message, 'The app does not start: its container ended with exit code 0');
});

test('says that it does not answer even if the platform says nothing', async () => {
  const { error } = await wait({ kind: 'containerApp', app }, memoryArm(), () => undefined);
  assert.equal(error?.message, 'The app has not answered for 300 seconds: look at its logs');
});
