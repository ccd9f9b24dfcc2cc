import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as ours from '../../../client/src/tools/command.ts';

test('knows the errors of another bundle, which has its own copies of their classes', async () => {
  const copy = '../../../client/src/tools/command.ts?copy';
  const { Cancelled, NotStarted } = (await import(copy)) as typeof ours;
  assert.notEqual(Cancelled, ours.Cancelled);
  for (const [error, isCancelled, isNotStarted] of [
    [new Cancelled(), true, false],
    [new NotStarted('docker', '', true), false, true],
    [new Error('Cancelled'), false, false],
    [undefined, false, false],
  ] as const) {
    assert.deepEqual([error instanceof ours.Cancelled, error instanceof ours.NotStarted], [isCancelled, isNotStarted]);
  }
});
