import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { configuredIgnoreFile, ignoreFormatOf, isIgnoredBy, withIgnored } from '../../../client/src/scan/ignore.ts';
import { inlineIgnore } from '../../../client/src/scan/ignore-inline.ts';
import { applyEdits } from '../../../server/src/text/problem.ts';
import { misconfiguration, secret, vulnerability } from './sample-findings.ts';

const lodash = vulnerability({
  id: 'CVE-2021-23337',
  packageName: 'lodash',
  installedVersion: '4.17.20',
  packageUrl: 'pkg:npm/lodash@4.17.20',
});
const request = { finding: lodash, reason: 'Not reachable: we never use template()', until: '2030-12-31' };
const entry = `\
  - id: CVE-2021-23337
    purls:
      - pkg:npm/lodash@4.17.20
    statement: "Not reachable: we never use template()"
    expired_at: 2030-12-31
`;

test('a new file has the finding, the reason and the day', () => {
  assert.equal(withIgnored('', 'yaml', request), `vulnerabilities:\n${entry}`);
});

test('everything else in a file stays as it is', () => {
  const before = `\
# Kept by the security team.
vulnerabilities:
  # Checked by Ada.
  - id:   CVE-2020-1   # old
    statement: >-
      Folded
      text
  - { id: CVE-2020-2 }

secrets:
- id: aws-access-key-id
`;
  const after = before.replace('  - { id: CVE-2020-2 }\n', `  - { id: CVE-2020-2 }\n${entry}`);
  assert.equal(withIgnored(before, 'yaml', request), after);
  const found = secret({ target: 'test/[a]*.env' });
  assert.equal(
    withIgnored(before, 'yaml', { finding: found, reason: 'An example' }),
    `${before}- id: aws-access-key-id\n  paths:\n    - test/\\[a\\]\\*.env\n  statement: An example\n`,
  );
  const misconfigured = misconfiguration({ id: 'DS-0026', target: 'api/Dockerfile' });
  assert.equal(
    withIgnored(before, 'yaml', { finding: misconfigured, reason: 'No health check wanted' }),
    `${before}misconfigurations:\n  - id: DS-0026\n    paths:\n      - api/Dockerfile\n    statement: No health check wanted\n`,
  );
});

test('a list that is empty, missing or in brackets takes the entry, too', () => {
  for (const before of [
    'vulnerabilities:\n',
    'vulnerabilities: []\n',
    '# nothing yet\n',
    'vulnerabilities: [{id: CVE-1}]\n',
  ]) {
    const after = withIgnored(before, 'yaml', request) ?? '';
    const { vulnerabilities } = parse(after) as { vulnerabilities: readonly { readonly id: string }[] };
    assert.equal(vulnerabilities.at(-1)?.id, lodash.id, before);
    assert.ok(before !== '# nothing yet\n' || after.startsWith(before), 'the comment is still there');
  }
});

test('the same finding once more takes the place of its old entry', () => {
  const once = withIgnored('vulnerabilities:\n  - id: CVE-1\n', 'yaml', request) ?? '';
  const twice = withIgnored(once, 'yaml', { finding: lodash, reason: 'Still not', until: '2031-06-30' }) ?? '';
  assert.equal(twice.match(/CVE-2021-23337/g)?.length, 1);
  assert.match(twice, /statement: Still not\n {4}expired_at: 2031-06-30\n$/);
});

test('hostile words are text in the file, never more', () => {
  const reason = '$(touch x) # "quoted"\n- id: CVE-2\n  ';
  const hostile = { ...lodash, packageUrl: 'pkg:npm/a@1\nsecrets: []' };
  const text = withIgnored('', 'yaml', { finding: hostile, reason }) ?? '';
  assert.deepEqual(parse(text), {
    vulnerabilities: [{ id: lodash.id, purls: [hostile.packageUrl], statement: reason }],
  });
  assert.equal(withIgnored('', 'plain', { finding: { ...lodash, id: 'CVE-1\nCVE-2' }, reason: '' }), undefined);
});

test('a file that cannot be understood is left alone', () => {
  for (const broken of ['vulnerabilities: [', 'vulnerabilities: yes\n', '- id: CVE-1\n', 'just text\n']) {
    assert.equal(withIgnored(broken, 'yaml', request), undefined, broken);
  }
});

test('line breaks of Windows are kept', () => {
  const after = withIgnored('vulnerabilities:\r\n  - id: CVE-1\r\n', 'yaml', request) ?? '';
  assert.doesNotMatch(after.replaceAll('\r\n', ''), /[\r\n]/);
});

test('the plain file has the reason as a comment, and the day as Trivy reads it', () => {
  const before = '# Accepted\nCVE-2020-1\nCVE-2021-23337 exp:2020-01-01\n\n';
  assert.equal(
    withIgnored(before, 'plain', request),
    '# Accepted\nCVE-2020-1\n# Not reachable: we never use template()\nCVE-2021-23337 exp:2030-12-31\n',
  );
  assert.equal(withIgnored('', 'plain', { finding: lodash, reason: '' }), 'CVE-2021-23337\n');
  assert.equal(ignoreFormatOf('/a/.trivyignore'), 'plain');
  assert.equal(ignoreFormatOf('/a/.trivyignore.yaml'), 'yaml');
});

test('what goes from the view is what Trivy will leave out', () => {
  const other = { ...lodash, packageUrl: 'pkg:npm/lodash@3.0.0' };
  assert.equal(isIgnoredBy(lodash, request, 'yaml'), true);
  assert.equal(isIgnoredBy(other, request, 'yaml'), false, 'another package');
  assert.equal(isIgnoredBy(other, request, 'plain'), true, 'the plain file knows ids only');
  const found = misconfiguration({ id: 'DS-0026', target: 'a/Dockerfile' });
  const elsewhere = { ...found, target: 'b/Dockerfile' };
  assert.equal(isIgnoredBy(elsewhere, { finding: found, reason: '' }, 'yaml'), false);
});

test('a comment over the instruction makes Trivy leave a misconfiguration out there', () => {
  const text = 'FROM debian:12\n# Why it is so\nRUN sudo \\\n    make\n';
  const found = misconfiguration({ id: 'DS-0010', aliases: ['AVD-DS-0010', 'DS010'], lines: { first: 3, last: 4 } });
  const edit = inlineIgnore(text, found, { reason: 'Only here', until: '2030-12-31' });
  assert.ok(edit);
  assert.equal(
    applyEdits(text, [edit]),
    'FROM debian:12\n# Why it is so\n# Only here\n# trivy:ignore:AVD-DS-0010:exp:2030-12-31\nRUN sudo \\\n    make\n',
  );
  assert.equal(
    inlineIgnore(text, misconfiguration({ id: 'DS-0026' }), { reason: '' }),
    undefined,
    'Trivy would not see it',
  );
});

test('the ignore file of trivy.yaml is taken if it lies in the project', () => {
  assert.equal(configuredIgnoreFile('ignorefile: ci/ignored.yaml\n'), 'ci/ignored.yaml');
  for (const other of ['', 'ignorefile: /etc/passwd', 'ignorefile: ../x', 'ignorefile: [', 'a: b']) {
    assert.equal(configuredIgnoreFile(other), undefined, other);
  }
});
