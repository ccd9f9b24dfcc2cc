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
  const ended = (restartPolicy: string): MemoryArm => {
    const currentState = { state: 'Terminated', exitCode: 3, detailStatus: 'Error' };
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
});

test('says that it does not answer even if the platform says nothing', async () => {
  const { error } = await wait({ kind: 'containerApp', app }, memoryArm(), () => undefined);
  assert.equal(error?.message, 'The app has not answered for 300 seconds: look at its logs');
});
