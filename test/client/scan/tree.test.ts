import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseText } from '../../../client/src/scan/database-text.ts';
import type { Finding } from '../../../client/src/scan/finding.ts';
import { groupsOf, type GroupOptions } from '../../../client/src/scan/tree-nodes.ts';
import { misconfiguration, secret, vulnerability } from './sample-findings.ts';

const lodash = vulnerability({
  id: 'CVE-1',
  packageName: 'lodash',
  installedVersion: '4.17.15',
  fixedVersions: ['4.17.21'],
  title: 'lodash: prototype pollution',
});
const lodashToo = { ...lodash, id: 'CVE-2', severity: 'CRITICAL' as const, fixedVersions: ['4.17.19'] };
const curl = vulnerability({ id: 'CVE-3', packageName: 'curl', installedVersion: '7.88', severity: 'LOW' });
const noUser = misconfiguration({ id: 'DS-0002', title: 'Root user', lines: { first: 3, last: 3 } });
const key = secret({ lines: { first: 7, last: 7 } });
const all: readonly Finding[] = [lodash, curl, lodashToo, noUser, key];

test('by severity, the worst first', () => {
  assert.equal(
    drawn({ by: 'severity' }),
    `\
Critical  2
  lodash 4.17.15  → 4.17.19  CVE-2
  AWS Access Key ID  config.env:7
High  2
  lodash 4.17.15  → 4.17.21  CVE-1
  Root user  DS-0002 Dockerfile:3
Low  1
  curl 7.88  no fix yet  CVE-3
`,
  );
});

test('by package, with the version that fixes all', () => {
  assert.equal(
    drawn({ by: 'package' }),
    `\
lodash  1 critical, 1 high, 4.17.21 fixes all
  CVE-2  → 4.17.19  prototype pollution
  CVE-1  → 4.17.21  prototype pollution
All secrets  1 critical
  AWS Access Key ID  config.env:7
All misconfigurations  1 high
  Root user  DS-0002 Dockerfile:3
curl  1 low
  CVE-3  no fix yet  something is wrong
`,
  );
});

test('by place, with the layer where there is no file', () => {
  const drawnText = drawn({ by: 'layer' }, [{ ...curl, layer: { createdBy: 'RUN apt-get install curl' } }, key]);
  assert.equal(
    drawnText,
    `\
config.env  1 critical
  AWS Access Key ID  config.env:7
RUN apt-get install curl  1 low
  curl 7.88  no fix yet  CVE-3
`,
  );
});

test('what our own rules report comes last, with the rule', () => {
  assert.equal(
    drawn({ by: 'severity', covered: new Map([[noUser, 'missing-user']]) }, [noUser, curl]),
    `\
Low  1
  curl 7.88  no fix yet  CVE-3
Reported by Shipshape already  1 finding
  DS-0002  rule missing-user
`,
  );
});

test('only what can be fixed', () => {
  assert.equal(drawn({ by: 'severity', onlyFixable: true }, [curl]), '');
  assert.match(drawn({ by: 'severity', onlyFixable: true }), /lodash[^]*AWS/);
});

test('how old the database is', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  const updatedAt = '2026-11-20T06:12:00Z';
  assert.equal(databaseText({ updatedAt, wasOffline: false }, now), 'Vulnerability database of 20 Nov 2026');
  const old = { updatedAt: '2026-11-01T00:00:00Z', wasOffline: true };
  assert.equal(databaseText(old, now), 'Vulnerability database of 1 Nov 2026, 20 days old, used offline');
  assert.match(databaseText({ wasOffline: true }, now) ?? '', /offline/);
  assert.equal(databaseText({ wasOffline: false, updatedAt: 'never' }, now), undefined);
});

function drawn(options: Partial<GroupOptions> & Pick<GroupOptions, 'by'>, findings = all): string {
  const placed = findings.map((finding) => ({ finding }));
  const groups = groupsOf(placed, { onlyFixable: false, covered: new Map(), ...options });
  return groups
    .flatMap(({ label, description, items }) => [
      `${label}  ${description}\n`,
      ...items.map((item) => `  ${item.label}  ${item.description}\n`),
    ])
    .join('');
}
