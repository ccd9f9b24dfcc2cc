import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lint } from '../../server/src/engine/lint.ts';
import { defaultSettings } from '../../server/src/engine/settings.ts';
import { ignoreHere, ignoreInFile } from '../../server/src/engine/suppress.ts';
import { applyEdits } from '../../server/src/text/problem.ts';
import { fakeRules, open } from './lint-text.ts';

type Case = readonly [before: string, after: string];

/** The first finding is ignored; afterwards it is gone, and all others are still there. */
function cases(title: string, ignore: typeof ignoreHere, fileName: string, list: readonly Case[]): void {
  suite(title, () => {
    for (const [before, after] of list) {
      test(JSON.stringify(before), async () => {
        const document = await open(before, fileName);
        const findings = lint(document, defaultSettings, { rules: fakeRules });
        const finding = findings.find(({ rule }) => rule.startsWith('bad'));
        assert.ok(finding, 'there is something to ignore');
        const others = findings.filter((each) => each !== finding);
        const ignored = applyEdits(before, ignore(document, finding));
        assert.equal(ignored, after);
        const left = lint(await open(ignored, fileName), defaultSettings, { rules: fakeRules });
        assert.deepEqual(
          left.map(({ rule }) => rule),
          ignore === ignoreHere ? others.map(({ rule }) => rule) : [],
        );
      });
    }
  });
}

cases('ignore here in Dockerfiles', ignoreHere, 'Dockerfile', [
  ['FROM bad\n', '# shipshape ignore=bad-word\nFROM bad\n'],
  ['\uFEFFFROM bad\r\nRUN x\r\n', '\uFEFF# shipshape ignore=bad-word\r\nFROM bad\r\nRUN x\r\n'],
  [
    '# syntax=docker/dockerfile:1\n# check=skip=Other\nFROM bad\n',
    '# syntax=docker/dockerfile:1\n# check=skip=Other\n# shipshape ignore=bad-word\nFROM bad\n',
  ],
  [
    'FROM a\nRUN x \\\n  && \\\n  bad\nRUN bad\n',
    'FROM a\n# shipshape ignore=bad-word\nRUN x \\\n  && \\\n  bad\nRUN bad\n',
  ],
  ['FROM a\n  RUN bad', 'FROM a\n  # shipshape ignore=bad-word\n  RUN bad'],
  [
    '# shipshape ignore=DL3006 because we know\nFROM bad\n',
    '# shipshape ignore=DL3006,bad-word because we know\nFROM bad\n',
  ],
  [
    'RUN x \\\n  # shipshape ignore = many-words\n  bad\n',
    'RUN x \\\n  # shipshape ignore = many-words,bad-word\n  bad\n',
  ],
  [
    '# shipshape ignore=many-words\nFROM a\nRUN bad\n',
    '# shipshape ignore=many-words\nFROM a\n# shipshape ignore=bad-word\nRUN bad\n',
  ],
  ['# hadolint ignore=DL3006\nRUN bad\n', '# hadolint ignore=DL3006\n# shipshape ignore=bad-word\nRUN bad\n'],
]);

cases('ignore here in Compose files', ignoreHere, 'compose.yaml', [
  ['services:\n  a:\n    image: bad\n', 'services:\n  a:\n    # shipshape ignore=bad-value\n    image: bad\n'],
  ['a:\r\n  - x: 1\r\n    y: bad\r\n', 'a:\r\n  - x: 1\r\n    # shipshape ignore=bad-value\r\n    y: bad\r\n'],
  ['a:\n  - bad: 1\n    y: 2\n', 'a:\n  # shipshape ignore=bad-value\n  - bad: 1\n    y: 2\n'],
  ['a:\n  b: |\n    one\n    bad\n', 'a:\n  # shipshape ignore=bad-value\n  b: |\n    one\n    bad\n'],
  ['a:\n  b: [x,\n    bad]\n', 'a:\n  b: [x,\n    # shipshape ignore=bad-value\n    bad]\n'],
  ['a: "x\n  bad"\n', '# shipshape ignore=bad-value\na: "x\n  bad"\n'],
  ['a: bad # shipshape ignore=bad-word because\n', 'a: bad # shipshape ignore=bad-word,bad-value because\n'],
  [
    'a:\n  # shipshape ignore=bad-word\n  - x: bad\n    y: 1\n',
    'a:\n  # shipshape ignore=bad-word,bad-value\n  - x: bad\n    y: 1\n',
  ],
]);

cases('ignore in the file', ignoreInFile, 'Dockerfile', [
  ['FROM bad\nRUN bad\n', '# shipshape ignore-file=bad-word\nFROM bad\nRUN bad\n'],
  ['# syntax=x\n# escape=`\nRUN bad\n', '# syntax=x\n# escape=`\n# shipshape ignore-file=bad-word\nRUN bad\n'],
  ['\uFEFF# about\r\nRUN bad\r\n', '\uFEFF# shipshape ignore-file=bad-word\r\n# about\r\nRUN bad\r\n'],
  ['#!/usr/bin/env docker\nRUN bad', '#!/usr/bin/env docker\n# shipshape ignore-file=bad-word\nRUN bad'],
  [
    'RUN bad\n# shipshape ignore-file=many-words because\n',
    'RUN bad\n# shipshape ignore-file=many-words,bad-word because\n',
  ],
]);

cases('ignore in a Compose file', ignoreInFile, 'compose.yaml', [
  ['# yes\n# no\na: bad\n', '# yes\n# no\n# shipshape ignore-file=bad-value\na: bad\n'],
  ['---\na: bad\n', '# shipshape ignore-file=bad-value\n---\na: bad\n'],
]);
