import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fixKindOf, rulePage, type DescribedRule } from '../../server/src/report/rule-page.ts';

const plain: DescribedRule = {
  language: 'compose',
  rule: {
    id: 'some-rule',
    summary: 'Do it right.',
    why: '\nBecause.\n',
    category: 'size',
    severity: 'hint',
    bad: '\na: 1\n^ is wrong\n',
    good: '\nb: 1\n',
  },
};

suite("a rule's page", () => {
  test('of the plainest rule', () => {
    assert.equal(
      rulePage(plain),
      `# some-rule

Do it right.

Category: size · Severity: hint · Preset: \`recommended\`

## Why

Because.

## Reported

~~~yaml
a: 1
^ is wrong
~~~

## Accepted

~~~yaml
b: 1
~~~

## Switching it off

For one instruction or entry, with a comment above it: \`# shipshape ignore=some-rule because ...\`

For all files, in \`.shipshape.yaml\`:

~~~yaml
rules:
  some-rule: off
~~~
`.replaceAll('~~~', '```'),
    );
  });

  test('says what its fixes are like', () => {
    const facts = (id: string): string | undefined =>
      /^Category: .*$/m.exec(rulePage({ ...plain, rule: { ...plain.rule, id } }))?.[0];
    assert.equal(fixKindOf({ id: 'maintainer-deprecated' }), 'safe');
    assert.match(facts('maintainer-deprecated') ?? '', / · Fixable$/);
    assert.equal(fixKindOf({ id: 'base-image-latest' }), 'unsafe');
    assert.match(facts('base-image-latest') ?? '', / · Fixable, with a look at the result \(`--fix-unsafe`\)$/);
  });

  test('of one with everything', () => {
    const rule: DescribedRule['rule'] = {
      ...plain.rule,
      preset: 'all',
      aliases: ['hadolint:DL1', 'trivy:2', 'kics:A name'],
      options: {
        allow: { type: 'strings', default: ['x'], description: 'What may be.' },
        most: { type: 'number', default: 3, description: 'How many.' },
      },
      bad: '\nRUN x\n    ^ is wrong\n=> Fix it\nRUN y\n+++ .dockerignore\n.git\n+++ b/c\nd\n',
      good: '\nRUN y\n',
    };
    const page = rulePage({ language: 'dockerfile', rule }).replaceAll('```', '~~~');
    assert.match(page, /Preset: only in `all`\n\nAlso known as `hadolint:DL1`, `trivy:2` and `kics:A name`\.\n/);
    const fixed = page.slice(page.indexOf('## Fixed'), page.indexOf('## Accepted'));
    assert.equal(
      fixed,
      '## Fixed\n\nFix it:\n\n~~~dockerfile\nRUN y\n~~~\n\n`.dockerignore`:\n\n~~~text\n.git\n~~~\n\n`b/c`:\n\n~~~text\nd\n~~~\n\n',
    );
    const options = page.slice(page.indexOf('## Options'), page.indexOf('## Switching'));
    assert.equal(
      options,
      `## Options

- \`allow\` (list of texts, default \`["x"]\`): What may be.
- \`most\` (number, default \`3\`): How many.

~~~yaml
rules:
  some-rule:
    allow: ["x"]
    most: 3
~~~

`,
    );
  });
});
