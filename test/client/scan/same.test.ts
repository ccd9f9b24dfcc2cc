import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coveredBy, ourRulesFor } from '../../../client/src/scan/same.ts';
import { dockerfileRules } from '../../../server/src/rules/index.ts';
import { misconfiguration } from './sample-findings.ts';

test('all spellings of an id mean the same check', () => {
  for (const id of ['DS-0002', 'AVD-DS-0002', 'DS002', 'ds-0002']) {
    assert.deepEqual(ourRulesFor({ id, aliases: [] }), ['last-user-root', 'missing-user'], id);
  }
  assert.deepEqual(ourRulesFor({ id: 'X', aliases: ['DS001'] }), ['base-image-latest', 'base-image-untagged']);
  assert.deepEqual(ourRulesFor({ id: 'DS-9999', aliases: [] }), []);
  assert.deepEqual(ourRulesFor({ id: 'constructor', aliases: ['toString'] }), []);
});

test('every rule that names a check of Trivy is in the table', () => {
  const named = dockerfileRules.flatMap(({ id, aliases = [] }) =>
    aliases.filter((alias) => alias.startsWith('trivy:')).map((alias) => [id, alias.slice('trivy:'.length)] as const),
  );
  assert.ok(named.length > 5);
  for (const [rule, id] of named) assert.ok(ourRulesFor({ id, aliases: [] }).includes(rule), `${rule} for ${id}`);
});

test('what our rule reports on the same lines is not reported again', () => {
  const finding = misconfiguration({ id: 'DS-0001', lines: { first: 3, last: 4 } });
  assert.equal(coveredBy(finding, [{ rule: 'base-image-latest', first: 3, last: 3 }]), 'base-image-latest');
  assert.equal(coveredBy(finding, [{ rule: 'base-image-latest', first: 1, last: 1 }]), undefined, 'another FROM');
  assert.equal(coveredBy(finding, [{ rule: 'missing-user', first: 3, last: 3 }]), undefined, 'another rule');
  assert.equal(coveredBy(finding, []), undefined, 'the rule is off');
});

test('what is missing from a file has no line at Trivy, and one at ours', () => {
  const finding = misconfiguration({ id: 'DS-0002' });
  assert.equal(coveredBy(finding, [{ rule: 'missing-user', first: 9, last: 9 }]), 'missing-user');
});
