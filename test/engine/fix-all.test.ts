import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fixAll, type FixAllResult } from '../../server/src/engine/fix-all.ts';
import { reparse } from '../../server/src/engine/open.ts';
import { defaultSettings } from '../../server/src/engine/settings.ts';
import { editsOf } from '../../server/src/engine/text-edits.ts';
import type { Dockerfile } from '../../server/src/model/dockerfile.ts';
import { dockerfileRule } from '../../server/src/rules/rule.ts';
import { applyEdits, type Fix } from '../../server/src/text/problem.ts';
import { open, shell } from './lint-text.ts';

/** A rule with a fix for every match of a pattern. */
const rewrite = (pattern: RegExp, fixOf: (start: number, end: number, match: string) => Partial<Fix>, id = 'rewrite') =>
  dockerfileRule({
    id,
    summary: '',
    why: '',
    category: 'style',
    severity: 'warning',
    bad: '',
    good: '',
    *check({ text }: Dockerfile) {
      for (const { 0: match, index } of text.matchAll(pattern)) {
        const range = { start: index, end: index + match.length };
        const fix = { title: id, safe: true, edits: [], ...fixOf(range.start, range.end, match) };
        yield { range, message: 'x', fix };
      }
    },
  });

const replace = (text: string) => (start: number, end: number) => ({ edits: [{ range: { start, end }, text }] });

async function run(
  text: string,
  rules: readonly ReturnType<typeof rewrite>[],
  options: { readonly include?: 'safe' | 'all'; readonly rule?: string; readonly allowsNewFiles?: boolean } = {},
): Promise<FixAllResult> {
  const document = await open(text);
  return fixAll({
    text,
    open: (next) => reparse(document, next, shell),
    settings: defaultSettings,
    include: 'safe',
    rules: { dockerfile: rules, compose: [] },
    ...options,
  });
}

suite('fix all', () => {
  test('makes every fix and says which', async () => {
    const { text, applied } = await run('FROM a\nRUN b b\n', [rewrite(/b/g, replace('c'))]);
    assert.equal(text, 'FROM a\nRUN c c\n');
    assert.deepEqual(applied, [
      { rule: 'rewrite', title: 'rewrite' },
      { rule: 'rewrite', title: 'rewrite' },
    ]);
  });

  test('makes overlapping fixes one after the other', async () => {
    const twice = [rewrite(/one two/g, replace('two')), rewrite(/two/g, replace('three'), 'other')];
    assert.equal((await run('RUN one two\n', twice)).text, 'RUN three\n');
  });

  test('makes a fix of several edits whole or not at all', async () => {
    const both = rewrite(/a(?=.*z)/g, (start, end) => ({
      edits: [
        { range: { start, end }, text: 'A' },
        { range: { start: start + 4, end: start + 5 }, text: 'Z' },
      ],
    }));
    const first = rewrite(/RUN a/g, replace('RUN b'), 'first');
    assert.equal((await run('RUN a x z\n', [first, both])).text, 'RUN b x z\n');
  });

  test('leaves unsafe fixes unless asked', async () => {
    const unsafe = rewrite(/b/g, (start, end) => ({ safe: false, ...replace('c')(start, end) }));
    assert.equal((await run('RUN b\n', [unsafe])).text, 'RUN b\n');
    assert.equal((await run('RUN b\n', [unsafe], { include: 'all' })).text, 'RUN c\n');
  });

  test('can be about one rule', async () => {
    const rules = [rewrite(/b/g, replace('x'), 'b'), rewrite(/c/g, replace('x'), 'c')];
    assert.equal((await run('RUN b c\n', rules, { rule: 'c' })).text, 'RUN b x\n');
  });

  test('ends when fixes undo each other, with the text that stays', async () => {
    const rules = [rewrite(/ping/g, replace('pong'), 'ping'), rewrite(/pong/g, replace('ping'), 'pong')];
    const { text, applied } = await run('RUN ping\n', rules);
    assert.deepEqual({ text, applied }, { text: 'RUN ping\n', applied: [] });
  });

  test('ends when a fix never has enough', async () => {
    const { text } = await run('RUN a\n', [rewrite(/a$/gm, replace('aa'))]);
    assert.match(text, /^RUN a{2,50}\n$/);
  });

  test('drops the one fix that breaks the file and makes the others', async () => {
    const rules = [rewrite(/RUN(?= b)/g, replace('RUNN'), 'breaks'), rewrite(/c/g, replace('d'), 'works')];
    assert.equal((await run('FROM a\nRUN b\nRUN c\n', rules)).text, 'FROM a\nRUN b\nRUN d\n');
  });

  test('makes no edits that overlap each other or leave the text', async () => {
    const overlapping = rewrite(/b/g, (start, end) => ({
      edits: [
        { range: { start, end: end + 1 }, text: 'x' },
        { range: { start, end }, text: 'y' },
      ],
    }));
    const outside = rewrite(/b/g, (start) => ({ edits: [{ range: { start, end: 1000 }, text: '' }] }), 'outside');
    assert.equal((await run('RUN b\n', [overlapping, outside])).text, 'RUN b\n');
  });

  test('writes a file once, or not at all where none can be written', async () => {
    const newFiles = [{ path: '.dockerignore', text: '.git\n' }];
    const rules = [rewrite(/COPY/g, () => ({ newFiles }))];
    assert.deepEqual((await run('COPY a b\nCOPY c d\n', rules)).newFiles, newFiles);
    assert.deepEqual((await run('COPY a b\n', rules, { allowsNewFiles: false })).newFiles, []);
  });

  test('removes ignore comments that do nothing, and keeps those that do', async () => {
    const text = '# shipshape ignore=rewrite\nRUN b\n# shipshape ignore=rewrite,rewrite\nRUN c\n';
    assert.equal(
      (await run(text, [rewrite(/RUN b/g, replace('x'))])).text,
      '# shipshape ignore=rewrite\nRUN b\nRUN c\n',
    );
  });
});

suite('edits between two texts', () => {
  const cases = [
    ['', 'a\n', 1],
    ['a\nb\nc\n', 'a\nc\n', 1],
    ['a\nb\nc\n', 'x\na\nb\ny\nc', 2],
    ['a\r\nb\r\n', 'a\r\nB\r\nb\r\n', 1],
    ['one\ntwo\nthree\nfour\n', 'one\n2\nthree\n4\n', 2],
    ['same\n', 'same\n', 0],
  ] as const;
  for (const [before, after, count] of cases) {
    test(`${JSON.stringify(before)} to ${JSON.stringify(after)}`, () => {
      const edits = editsOf(before, after);
      assert.equal(applyEdits(before, edits), after);
      assert.equal(edits.length, count);
    });
  }

  test('a large difference is one edit', () => {
    const before = Array.from({ length: 3000 }, (_, i) => `a${i}\n`).join('');
    const after = Array.from({ length: 3000 }, (_, i) => `b${i}\n`).join('');
    assert.deepEqual(editsOf(before, after), [{ range: { start: 0, end: before.length }, text: after }]);
  });
});
