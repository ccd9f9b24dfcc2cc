import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detailsPage } from '../../../client/src/scan/details-page.ts';
import { advisoryOf, webLink } from '../../../client/src/scan/web-link.ts';
import { misconfiguration, secret, vulnerability } from './sample-findings.ts';

const around = { subject: 'app:1', isStale: false, canIgnore: true, nonce: 'abc' };

test('whatever a report says is text on the page, never markup', () => {
  const hostile = '<img src=x onerror=alert(1)>"\'&</style><script>x</script>';
  const finding = vulnerability({
    id: hostile,
    packageName: hostile,
    installedVersion: hostile,
    fixedVersions: [hostile],
    title: hostile,
    description: `${hostile}\n\n## ${hostile}`,
    target: hostile,
    status: hostile,
    references: [`https://example.com/${hostile}`, `javascript:alert(1)`, hostile],
    layer: { createdBy: hostile },
    link: 'javascript:alert(1)',
  });
  for (const page of [
    detailsPage({ ...around, finding, place: hostile, subject: hostile, coveredBy: hostile }),
    detailsPage({ ...around, finding: secret({ match: hostile, title: hostile }) }),
    detailsPage({ ...around, finding: misconfiguration({ id: hostile, message: hostile, resolution: hostile }) }),
  ]) {
    assert.doesNotMatch(page, /<img|<script|javascript:/);
    assert.equal(page.match(/<style/g)?.length, 1);
    assert.match(page, /content="default-src 'none'; style-src 'nonce-abc'"/);
  }
});

test('a vulnerability says what to go to, and where to read on', () => {
  const finding = vulnerability({
    id: 'CVE-2021-23337',
    packageName: 'lodash',
    installedVersion: '4.17.20',
    fixedVersions: ['4.17.21'],
    link: 'https://avd.aquasec.com/nvd/cve-2021-23337',
  });
  const page = detailsPage({ ...around, finding, isStale: true });
  assert.match(page, /<dt>Fixed in<\/dt><dd>4\.17\.21<\/dd>/);
  assert.match(page, /href="https:\/\/avd\.aquasec\.com\/nvd\/cve-2021-23337">Open the advisory/);
  assert.match(page, /before your last change/);
  assert.doesNotMatch(detailsPage({ ...around, finding, canIgnore: false }), /ignoreShown/);
});

test('only links for a browser are opened', () => {
  assert.equal(webLink('https://example.com/a b'), 'https://example.com/a%20b');
  for (const link of ['javascript:alert(1)', 'file:///etc/passwd', 'command:x', 'vscode://x', 'no link', '']) {
    assert.equal(webLink(link), undefined, link);
  }
  assert.equal(advisoryOf({ references: ['command:x', 'http://example.com/'] }), 'http://example.com/');
});
