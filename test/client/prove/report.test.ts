import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { dockerfileOf } from '../../../client/src/dockerfile-model.ts';
import { formatProof } from '../../../client/src/prove/formats/formats.ts';
import { proofPage } from '../../../client/src/prove/page.ts';
import { placeOf } from '../../../client/src/prove/place.ts';
import type { Proof, Verdict } from '../../../client/src/prove/promise.ts';
import { reportOf, summaryLine } from '../../../client/src/prove/report.ts';

const hostile = '"><script>alert(1)</script>\u001b[31m\u0000 \' & ]]>';
const text = 'FROM a\n# nothing\nCOPY . .\nCMD ["b"]\n';
const verdict = (more: Partial<Verdict>): Verdict => {
  return { promise: 'size', outcome: 'kept', message: 'fine', concerns: [], seconds: 0.1234, ...more };
};
const proof: Proof = {
  image: `tide:1 ${hostile}`,
  imageId: 'sha256:0123456789abcdef',
  seconds: 12.3456,
  verdicts: [
    verdict({}),
    verdict({ promise: 'healthy', outcome: 'not-applicable', message: 'It has no HEALTHCHECK' }),
    verdict({
      promise: 'no-git',
      outcome: 'broken',
      message: `History is in '/app/${hostile}'`,
      advice: "List '.git' in '.dockerignore'",
      details: ['/app/.git: 1 kB', `/${hostile}: 2 kB`],
      concerns: [{ kind: 'layer', createdBy: 'COPY . . # buildkit' }],
    }),
  ],
};
const report = reportOf(proof, { file: 'a b/Dockerfile', text, placeOf: (each) => placeOf(each, dockerfileOf(text)) });

test('json is a contract', () => {
  const plain = reportOf({ ...proof, image: 'tide:1', verdicts: proof.verdicts.slice(0, 2) });
  assert.equal(
    formatProof('json', plain, { colours: false }),
    `{
  "schema": "shipshape-proof",
  "schemaVersion": 1,
  "image": "tide:1",
  "imageId": "sha256:0123456789abcdef",
  "outcome": "kept",
  "summary": {
    "kept": 1,
    "broken": 0,
    "notApplicable": 1
  },
  "seconds": 12.35,
  "promises": [
    {
      "id": "size",
      "title": "Stays under its target size",
      "outcome": "kept",
      "message": "fine",
      "details": [],
      "seconds": 0.12
    },
    {
      "id": "healthy",
      "title": "Becomes healthy",
      "outcome": "not-applicable",
      "message": "It has no HEALTHCHECK",
      "details": [],
      "seconds": 0.12
    }
  ]
}
`,
  );
  const [, , broken] = (JSON.parse(formatProof('json', report, { colours: false })) as typeof report).promises;
  assert.deepEqual(broken?.place, { file: 'a b/Dockerfile', line: 3, instruction: 'COPY' });
  assert.equal(broken.message, `History is in '/app/${hostile}'`);
});

test('junit is XML whatever is in it, with each promise as a case', () => {
  const xml = formatProof('junit', report, { colours: false });
  const values = readXml(xml);
  assert.deepEqual(values['cases'], [
    ['Stays under its target size (size)', null, null],
    ['Becomes healthy (healthy)', 'skipped', 'It has no HEALTHCHECK'],
    [
      'Contains no Git history (no-git)',
      'failure',
      `History is in '/app/${hostile.replace(/[\u001b\u0000]/g, '\ufffd')}'`,
    ],
  ]);
  assert.deepEqual(values['counts'], ['3', '1', '0', '1']);
});

test('pretty has a line for each promise, and no control characters', () => {
  const shown = formatProof('pretty', { ...report, image: 'tide:1' }, { colours: false });
  assert.equal(
    shown,
    `tide:1 0123456789ab

✓ size                   fine
- healthy                It has no HEALTHCHECK
✗ no-git                 History is in '/app/"><script>alert(1)</script>\\u{1b}[31m\\u{0} ' & ]]>'
    a b/Dockerfile:3 COPY
    /app/.git: 1 kB
    /"><script>alert(1)</script>\\u{1b}[31m\\u{0} ' & ]]>: 2 kB
    => List '.git' in '.dockerignore'

1 of 2 promises broken, 1 not applicable in 12.3 s
`,
  );
  assert.ok(formatProof('pretty', report, { colours: true }).includes('\u001b[31m✗\u001b[0m'));
});

test('sums up in a line', () => {
  const line = (kept: number, broken: number, notApplicable: number): string =>
    summaryLine({ summary: { kept, broken, notApplicable } });
  assert.equal(line(12, 0, 0), 'All 12 promises kept');
  assert.equal(line(1, 0, 2), 'All 1 promise kept, 2 not applicable');
  assert.equal(line(0, 0, 2), 'No promise could be asked for, 2 not applicable');
});

test('the page lets nothing of the image in as markup', () => {
  const parts = {
    nonce: 'N',
    when: 'today',
    again: 'command:a',
    copy: 'command:c',
    reveal: () => 'command:r?"',
    isChanged: true,
  };
  const html = proofPage(report, parts);
  assert.doesNotMatch(html, /<script/);
  assert.match(html, /content="default-src 'none'; style-src 'nonce-N'"/);
  assert.match(html, /&lt;script&gt;alert\(1\)/);
  // Broken ones first.
  assert.ok(html.indexOf('Contains no Git history') < html.indexOf('Stays under its target size'));
});

/** By a parser that is not ours and forgives nothing. */
function readXml(xml: string): Record<string, unknown> {
  const script = `
import sys, json
from xml.dom.minidom import parseString
root = parseString(sys.stdin.buffer.read()).documentElement
cases = []
for case in root.getElementsByTagName('testcase'):
    child = next((n for n in case.childNodes if n.nodeType == 1), None)
    cases.append([case.getAttribute('name'), child and child.tagName, child and child.getAttribute('message')])
print(json.dumps({'cases': cases, 'counts': [root.getAttribute(n) for n in ('tests', 'failures', 'errors', 'skipped')]}))
`;
  return JSON.parse(execFileSync('python3', ['-c', script], { input: xml, encoding: 'utf8' })) as Record<
    string,
    unknown
  >;
}
