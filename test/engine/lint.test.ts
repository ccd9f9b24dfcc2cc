import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lint } from '../../server/src/engine/lint.ts';
import { reparse } from '../../server/src/engine/open.ts';
import {
  defaultSettings,
  mergeSettings,
  reaches,
  type RuleSetting,
  type Settings,
} from '../../server/src/engine/settings.ts';
import { dockerfileRule } from '../../server/src/rules/rule.ts';
import { filesOf, findingsIn, open, shell } from './lint-text.ts';

const text = 'FROM a AS b\nRUN bad\n';

const settingsOf = (preset: Settings['preset'], rules: Readonly<Record<string, RuleSetting>> = {}): Settings => ({
  preset,
  rules: new Map(Object.entries(rules)),
});

const severitiesIn = async (settings: Settings): Promise<readonly string[]> =>
  (await findingsIn(text, { settings })).map(({ rule, severity }) => `${rule} ${severity}`);

suite('settings', () => {
  test('a preset has the rules of the milder ones', async () => {
    assert.deepEqual(await severitiesIn(settingsOf('recommended')), ['bad-word warning']);
    assert.deepEqual(await severitiesIn(settingsOf('strict')), ['bad-word warning']);
    assert.deepEqual(await severitiesIn(settingsOf('all')), ['many-words hint', 'bad-word warning']);
  });

  test('a severity turns a rule on or off, and wins over a milder case', async () => {
    const settings = settingsOf('recommended', {
      'many-words': { severity: 'error' },
      'bad-word': { severity: 'off' },
    });
    assert.deepEqual(await severitiesIn(settings), ['many-words error']);
  });

  test('options alone do not turn a rule on', async () => {
    assert.deepEqual(await severitiesIn(settingsOf('recommended', { 'many-words': { options: { x: 1 } } })), [
      'bad-word warning',
    ]);
  });

  test('options of the declared type are used, others are not', async () => {
    const found = async (word: unknown): Promise<readonly string[]> =>
      (await findingsIn(text, { settings: settingsOf('recommended', { 'bad-word': { options: { word } } }) })).map(
        ({ message }) => message,
      );
    assert.deepEqual(await found('AS'), ["'AS' is bad"]);
    assert.deepEqual(await found(1), ["'bad' is bad"]);
  });

  test('later sources win, each option by itself', () => {
    const merged = mergeSettings(
      settingsOf('strict', { a: { severity: 'error', options: { x: 1, y: 1 } }, b: { severity: 'off' } }),
      { failOn: 'info', rules: new Map([['a', { options: { y: 2 } }]]) },
    );
    assert.deepEqual(merged, {
      ...settingsOf('strict', { a: { severity: 'error', options: { x: 1, y: 2 } }, b: { severity: 'off' } }),
      failOn: 'info',
    });
  });

  test('a threshold is reached by what is as grave or graver', () => {
    assert.deepEqual(
      [
        reaches('error', 'warning'),
        reaches('warning', 'warning'),
        reaches('info', 'warning'),
        reaches('error', 'never'),
      ],
      [true, true, false, false],
    );
  });

  test('nothing is found in a file that is to be ignored', async () => {
    assert.deepEqual(await findingsIn(text, { settings: { ...defaultSettings, isIgnored: true } }), []);
  });
});

suite('lint', () => {
  const rule = (id: string, ranges: readonly (readonly [number, number])[], fails = false) =>
    dockerfileRule({
      id,
      summary: '',
      why: '',
      category: 'style',
      severity: 'warning',
      bad: '',
      good: '',
      *check() {
        for (const [start, end] of ranges) yield { range: { start, end }, message: 'x' };
        if (fails) throw new Error(`${id} failed`);
      },
    });

  test('a rule that fails costs only itself, and is told of', async () => {
    const errors: unknown[] = [];
    const findings = lint(await open('# shipshape ignore=fails\nFROM a\n'), defaultSettings, {
      rules: { dockerfile: [rule('fails', [[0, 1]], true), rule('works', [[0, 1]])], compose: [] },
      onRuleError: (id, error) => errors.push([id, String(error)]),
    });
    assert.deepEqual(
      findings.map((finding) => finding.rule),
      ['works'],
    );
    assert.deepEqual(errors, [['fails', 'Error: fails failed']]);
  });

  test('findings are in the order of the text, each once', async () => {
    const rules = [
      rule('b', [
        [5, 6],
        [0, 4],
      ]),
      rule('a', [
        [5, 6],
        [5, 6],
        [0, 9],
      ]),
    ];
    const findings = lint(await open('FROM a AS b\n'), defaultSettings, { rules: { dockerfile: rules, compose: [] } });
    assert.deepEqual(
      findings.map((finding) => [finding.rule, finding.range.start, finding.range.end]),
      [
        ['b', 0, 4],
        ['a', 0, 9],
        ['a', 5, 6],
        ['b', 5, 6],
      ],
    );
  });

  test('a finding knows its rule', async () => {
    const [finding] = await findingsIn('RUN a b c\n', { settings: settingsOf('all') });
    assert.deepEqual([finding?.rule, finding?.aliases, finding?.tag], ['many-words', [], 'unnecessary']);
  });
});

suite('open', () => {
  test('reads the files around a Dockerfile', async () => {
    const files = filesOf({
      'file:///work/.dockerignore': 'a',
      'file:///work/Dockerfile.dockerignore': 'b',
      'file:///work/src/x.ts': '',
    });
    const document = await open('FROM a\n', 'Dockerfile', files);
    assert.ok(document.kind === 'dockerfile');
    const { project } = document.dockerfile;
    assert.deepEqual(
      [
        project.fileName,
        project.text('.dockerignore'),
        project.text('./Dockerfile.dockerignore'),
        project.text('package.json'),
      ],
      ['Dockerfile', 'a', 'b', undefined],
    );
    assert.deepEqual(
      project.list('.')?.find(({ name }) => name === 'src'),
      { name: 'src', isFolder: true },
    );
    const again = reparse(document, 'FROM b\n', shell);
    assert.ok(again.kind === 'dockerfile');
    assert.equal(again.dockerfile.project, project);
  });

  test('reads the Dockerfiles that a Compose file builds', async () => {
    const files = filesOf({ 'file:///api/Dockerfile': 'FROM api', 'file:///work/Dockerfile': 'FROM web' });
    const text = 'services:\n  api:\n    build: ../api\n  web:\n    build: .\n';
    const document = await open(text, 'compose.yaml', files);
    assert.ok(document.kind === 'compose');
    const { project } = document.compose;
    assert.deepEqual([project.text('../api/Dockerfile'), project.text('Dockerfile')], ['FROM api', 'FROM web']);
  });

  test('does without files that cannot be read', async () => {
    const broken = { read: () => Promise.reject(new Error('denied')), list: () => Promise.reject(new Error('denied')) };
    const document = await open('FROM a\n', 'Dockerfile', broken);
    assert.ok(document.kind === 'dockerfile');
    assert.equal(document.dockerfile.project.list('.'), undefined);
  });
});
