import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { loadSettings } from '../../server/src/engine/config.ts';
import { readConfigFile } from '../../server/src/engine/config-file.ts';
import { globMatcher } from '../../server/src/engine/glob.ts';
import { readHadolintConfig } from '../../server/src/engine/hadolint-config.ts';
import { invalidConfiguration } from '../../server/src/engine/invalid-configuration.ts';
import type { KnownRule } from '../../server/src/engine/known-rules.ts';
import type { PartialSettings } from '../../server/src/engine/settings.ts';
import { draw, sourceOf } from '../../server/src/text/draw.ts';
import { filesOf, noFiles } from './lint-text.ts';

const rules: readonly KnownRule[] = [
  {
    id: 'bad-word',
    severity: 'warning',
    aliases: ['hadolint:DL9001', 'trivy:DS-0002'],
    options: {
      allow: { type: 'strings', default: [], description: '' },
      most: { type: 'number', default: 3, description: '' },
      loud: { type: 'boolean', default: false, description: '' },
      word: { type: 'string', default: '', description: '' },
    },
  },
  { id: 'worse-word', severity: 'error', aliases: ['hadolint:DL9002', 'hadolint:DL9003'] },
  { id: 'registry', severity: 'error', aliases: ['hadolint:DL3026'] },
  { id: 'label', severity: 'error', aliases: ['hadolint:DL3049'] },
  { id: 'unused-suppression', severity: 'hint' },
];

/** Settings as a reader would write them down. */
const plain = ({ rules: byId, ...rest }: PartialSettings): unknown => ({
  ...rest,
  rules: Object.fromEntries(byId ?? []),
});

suite('.shipshape.yaml', () => {
  test('is read', () => {
    const text = `
preset: strict
fail-on: warning
rules:
  worse-word: off
  bad-word:
    severity: info
    allow: [a, b]
    most: 4
    loud: true
    word: x
ignore: [vendor/]
x-note: mine
`;
    const { settings, findings, ignores } = readConfigFile(text, rules);
    assert.deepEqual(findings, []);
    assert.deepEqual(plain(settings), {
      preset: 'strict',
      failOn: 'warning',
      rules: {
        'worse-word': { severity: 'off' },
        'bad-word': { severity: 'info', options: { allow: ['a', 'b'], most: 4, loud: true, word: 'x' } },
      },
    });
    assert.deepEqual([ignores('vendor/a/Dockerfile'), ignores('a/Dockerfile')], [true, false]);
  });

  const wrong = [
    invalidConfiguration.bad,
    `
prest: strict
^^^^^ There is no setting 'prest': did you mean 'preset'?
fail-on: always
         ^^^^^^ Use one of error, warning, info, hint, never
ignore: {}
        ^^ Write a path or a glob, such as vendor/**
colour: blue
^^^^^^ There is no setting 'colour': there is preset, rules, ignore, fail-on
=> Change to 'preset'
preset: strict
fail-on: always
ignore: {}
colour: blue
`,
    `
rules:
  DL9001: off
  ^^^^^^ There is no rule 'DL9001': did you mean 'bad-word'?
  nothing-like-it: off
  ^^^^^^^^^^^^^^^ There is no rule 'nothing-like-it'
  worse-word: warn
              ^^^^ 'warn' is no severity: did you mean 'warning'?
  bad-word:
    severity:
    ^^^^^^^^ Use one of off, hint, info, warning, error
    allow: a
           ^ 'allow' takes a list of texts
    most: many
          ^^^^ 'most' takes a number
    lout: true
    ^^^^ There is no option 'lout': did you mean 'loud'?
=> Change to 'bad-word'; Change to 'warning'; Change to 'loud'
rules:
  bad-word: off
  nothing-like-it: off
  worse-word: warning
  bad-word:
    severity:
    allow: a
    most: many
    loud: true
`,
    `
rules: all
       ^^^ Write 'rule: severity' lines
`,
    `
- preset
^^^^^^^^ Write 'name: value' lines: preset, rules, ignore, fail-on
`,
  ];
  for (const written of wrong) {
    const drawn = written.replace(/^\n/, '');
    test(drawn, () => assert.equal(draw(sourceOf(drawn), readConfigFile(sourceOf(drawn), rules).findings), drawn));
  }

  test('keeps what can be read of broken YAML, and says what is broken', () => {
    const { settings, findings } = readConfigFile('preset: strict\nrules: [\n', rules);
    assert.equal(settings.preset, 'strict');
    assert.ok(findings.some(({ severity }) => severity === 'error'));
    assert.deepEqual(plain(readConfigFile('', rules).settings), { rules: {} });
  });

  test('takes the off of older YAML', () => {
    assert.deepEqual(plain(readConfigFile('rules: {bad-word: false}', rules).settings), {
      rules: { 'bad-word': { severity: 'off' } },
    });
  });
});

suite('.hadolint.yaml', () => {
  test('is read as it is', () => {
    const text = `
ignored: [DL9003, DL1234]
override:
  error: [DL9001]
  style: [DL9001, DL3026]
trustedRegistries:
  - ghcr.io
  - "*.example.com"
label-schema:
  author: text
strict-labels: true
failure-threshold: style
disable-ignore-pragma: true
format: tty
`;
    const { settings, findings } = readHadolintConfig(text, rules);
    assert.deepEqual(findings, []);
    assert.deepEqual(plain(settings), {
      failOn: 'hint',
      withoutHadolintComments: true,
      rules: {
        'bad-word': { severity: 'error', options: {} },
        'worse-word': { severity: 'off', options: {} },
        registry: { severity: 'hint', options: { registries: ['ghcr.io', '*.example.com'] } },
        label: { options: { labels: ['author:text'], strict: true } },
      },
    });
  });

  test('may never fail', () => {
    for (const text of ['no-fail: true', 'failure-threshold: ignore', 'failure-threshold: none']) {
      assert.equal(readHadolintConfig(text, rules).settings.failOn, 'never', text);
    }
  });

  test('is of use when it is broken', () => {
    for (const text of ['', '- x', 'ignored: DL9001', 'ignored: {', 'override: [x]']) {
      assert.doesNotThrow(() => readHadolintConfig(text, rules), text);
    }
    assert.equal(readHadolintConfig('ignored: [', rules).findings[0]?.severity, 'error');
  });
});

suite('settings for a file', () => {
  const id = 'unused-suppression';
  const dockerfile = 'file:///work/app/api/Dockerfile';

  test('are the defaults where nobody says anything', async () => {
    const { preset, rules: byId, problems, sources } = await loadSettings(noFiles, dockerfile);
    assert.deepEqual({ preset, byId, problems }, { preset: 'recommended', byId: new Map(), problems: [] });
    assert.ok(sources.includes('file:///.shipshape.yaml'));
    assert.ok(sources.includes('file:///work/app/api/.hadolint.yml'));
  });

  test('come from the nearest file, which wins over the editor', async () => {
    const files = filesOf({
      'file:///work/.shipshape.yaml': 'preset: all\n',
      'file:///work/app/.shipshape.yml': `rules: {${id}: error}\n`,
    });
    const editor = { preset: 'strict', rules: new Map([[id, { severity: 'off' as const }]]) } as const;
    const { preset, rules: byId, sources } = await loadSettings(files, dockerfile, editor);
    assert.equal(preset, 'strict');
    assert.deepEqual(byId.get(id), { severity: 'error' });
    assert.deepEqual(
      sources.filter((uri) => uri.includes('shipshape')),
      [
        'file:///work/app/api/.shipshape.yaml',
        'file:///work/app/api/.shipshape.yml',
        'file:///work/app/.shipshape.yaml',
        'file:///work/app/.shipshape.yml',
      ],
    );
  });

  test('take the threshold of hadolint unless our own file has one', async () => {
    const hadolint = { 'file:///work/.hadolint.yaml': 'failure-threshold: warning\n' };
    assert.equal((await loadSettings(filesOf(hadolint), dockerfile)).failOn, 'warning');
    const both = { ...hadolint, 'file:///work/.shipshape.yaml': 'fail-on: hint\n' };
    assert.equal((await loadSettings(filesOf(both), dockerfile)).failOn, 'hint');
  });

  test('say when the file is not to be looked at', async () => {
    const files = filesOf({ 'file:///work/.shipshape.yaml': 'ignore:\n  - app/*/Dockerfile\n' });
    assert.equal((await loadSettings(files, dockerfile)).isIgnored, true);
    assert.equal((await loadSettings(files, 'file:///work/Dockerfile')).isIgnored, undefined);
  });

  test('come with what is wrong in the files', async () => {
    const uri = 'file:///work/.shipshape.yaml';
    const { problems } = await loadSettings(filesOf({ [uri]: 'prest: all\n' }), dockerfile);
    assert.deepEqual(
      problems.map(({ uri: at, finding }) => [at, finding.rule, finding.severity]),
      [[uri, 'invalid-configuration', 'warning']],
    );
  });

  test('do without files that cannot be read, and without folders', async () => {
    const broken = { read: () => Promise.reject(new Error('denied')), list: () => Promise.reject(new Error('denied')) };
    assert.equal((await loadSettings(broken, dockerfile)).preset, 'recommended');
    assert.deepEqual((await loadSettings(broken, 'untitled:Untitled-1')).sources, []);
  });
});

suite('globs', () => {
  const cases: readonly (readonly [pattern: string, yes: readonly string[], no: readonly string[]])[] = [
    ['vendor/', ['vendor/Dockerfile', 'a/vendor/b/Dockerfile'], ['vendors/Dockerfile']],
    ['*.test.Dockerfile', ['a.test.Dockerfile', 'b/c.test.Dockerfile'], ['aXtestXDockerfile']],
    ['./a/Dockerfile', ['a/Dockerfile'], ['b/a/Dockerfile', 'a/DockerfileX']],
    ['/Dockerfile', ['Dockerfile'], ['a/Dockerfile']],
    ['a/**/Dockerfile', ['a/Dockerfile', 'a/b/c/Dockerfile'], ['Dockerfile', 'a/xDockerfile']],
    ['a/**', ['a/b', 'a/b/c'], ['b/a']],
    ['a/?[bc]', ['a/xb', 'a/xc'], ['a/b', 'a/xd', 'a//b']],
    ['{a,b}/x', ['a/x', 'b/x'], ['c/x', 'a,b/x']],
    ['a,b', ['a,b'], ['a', 'b']],
    ['a+(b', ['a+(b'], ['aab']],
    ['a}{', ['a}{'], ['a']],
    ['[z-a]', ['[z-a]'], ['z']],
    ['', [], ['', 'a']],
  ];
  for (const [pattern, yes, no] of cases) {
    test(pattern, () => {
      const matches = globMatcher(pattern);
      assert.deepEqual(
        yes.filter((path) => !matches(path)),
        [],
      );
      assert.deepEqual(no.filter(matches), []);
    });
  }
});
