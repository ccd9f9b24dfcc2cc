import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takesChallenges } from '../../../client/src/deploy-ui/editor-version.ts';

void test('editors take challenges from 1.105 on', () => {
  for (const version of ['1.105.0', '1.105.0-insider', '1.110.1', '2.0.0'])
    assert.ok(takesChallenges(version), version);
  for (const version of ['1.91.1', '1.104.3', '0.200.0', 'nonsense', '']) assert.ok(!takesChallenges(version), version);
});
