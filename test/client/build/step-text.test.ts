import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Step } from '../../../client/src/build/build.ts';
import { duration, runningStep, size, stepText } from '../../../client/src/build/step-text.ts';

test('a step is told on one short line', () => {
  const place = { index: 3, count: 7, instruction: 'RUN npm ci &&\n   npm test' };
  assert.equal(stepText({ ...step('1', '[3/7] RUN npm ci'), place }), '3/7 RUN npm ci && npm test');
  assert.equal(
    stepText({ ...step('1', ''), place: { ...place, stage: 'build', platform: 'linux/arm64' } }),
    'linux/arm64 build 3/7 RUN npm ci && npm test',
  );
  assert.equal(stepText({ ...step('1', ''), place: { ...place, stage: 'stage-1' } }), '3/7 RUN npm ci && npm test');
  assert.equal(stepText(step('1', '[internal] load build context')), 'load build context');
  const long = stepText({ ...step('1', ''), place: { ...place, instruction: `RUN ${'x'.repeat(200)}` } });
  assert.deepEqual([long.length, long.at(-1)], [80, '…']);
});

test('the running instruction is shown before what the builder does besides', () => {
  const place = { index: 1, count: 2, instruction: 'RUN one' };
  const steps = [
    { ...step('1', 'one'), place },
    { ...step('2', 'two'), place },
    step('3', 'load'),
    { ...step('4', 'done'), place, state: 'done' as const },
  ];
  assert.equal(runningStep(steps)?.id, '2');
  assert.equal(runningStep(steps.slice(2))?.id, '3');
  assert.equal(runningStep(steps.slice(3)), undefined);
});

test('times and sizes are as exact as they matter', () => {
  assert.deepEqual([0, 0.44, 9.94, 9.96, 59.4, 59.6, 185].map(duration), [
    '0.0 s',
    '0.4 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 min 0 s',
    '3 min 5 s',
  ]);
  assert.deepEqual([0, 999, 1000, 1_980_000, 182_300_000, 999_600_000].map(size), [
    '0 B',
    '999 B',
    '1.0 kB',
    '2.0 MB',
    '182 MB',
    '1.0 GB',
  ]);
});

function step(id: string, name: string): Step {
  return { id, name, state: 'running' };
}
