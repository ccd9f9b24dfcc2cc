import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultGate, gate, gateSettings } from '../../../client/src/scan/gate.ts';
import { misconfiguration, report, secret, vulnerability } from './sample-findings.ts';

const fixable = vulnerability({ id: 'CVE-1', packageName: 'a', installedVersion: '1', fixedVersions: ['2'] });
const critical = { ...fixable, id: 'CVE-2', severity: 'CRITICAL' as const };
const unfixable = vulnerability({ id: 'CVE-3', packageName: 'b', installedVersion: '1', severity: 'CRITICAL' });
const medium = { ...fixable, id: 'CVE-4', severity: 'MEDIUM' as const };

test('by default, critical and high findings with a fix hold a deployment up', () => {
  const { passed, blocking } = gate(report([medium, fixable, unfixable, critical]), defaultGate);
  assert.equal(passed, false);
  assert.deepEqual(blocking, [critical, fixable]);
  assert.deepEqual(gate(report([medium, unfixable]), defaultGate), { passed: true, blocking: [] });
});

test('a secret and a misconfiguration can always be fixed', () => {
  const found = [misconfiguration({ id: 'DS-0002' }), secret()];
  assert.equal(gate(report(found), defaultGate).blocking.length, 2);
});

test('without onlyFixable, what has no fix holds it up, too', () => {
  assert.equal(gate(report([unfixable]), { severities: ['CRITICAL'], onlyFixable: false }).passed, false);
});

test('a gate without severities lets everything through', () => {
  assert.equal(gate(report([critical]), { severities: [], onlyFixable: true }).passed, true);
});

test('a setting that is wrong never opens the gate', () => {
  for (const wrong of [
    undefined,
    null,
    'HIGH',
    { severities: ['HIHG'] },
    { severities: 'HIGH' },
    { onlyFixable: 'no' },
  ]) {
    assert.deepEqual(gateSettings(wrong), defaultGate, JSON.stringify(wrong));
  }
  assert.deepEqual(gateSettings({ severities: ['low', 'Critical'], onlyFixable: false }), {
    severities: ['CRITICAL', 'LOW'],
    onlyFixable: false,
  });
});
