import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Finding } from '../../server/src/engine/finding.ts';
import { hoverAt } from '../../server/src/features/hover.ts';

const text = 'one two three\nfour\n';

function finding(rule: string, words: string, more: Partial<Finding> = {}): Finding {
  const start = text.indexOf(words);
  return { rule, range: { start, end: start + words.length }, message: 'm', severity: 'info', aliases: [], ...more };
}

function hover(at: string, findings: readonly Finding[]): ReturnType<typeof hoverAt> {
  const ruleOf = (id: string) =>
    id === 'unknown' ? undefined : { id, summary: `S ${id}`, why: 'W\n', good: '\ngood\n' };
  return hoverAt({ text, findings, offset: text.indexOf(at), fence: 'f', ruleOf, pageOf: (id) => `/${id}` });
}

suite('hover', () => {
  test('merges what overlaps, each rule once, over the smallest range', () => {
    const result = hover('wo', [
      finding('a', 'one two'),
      finding('a', 'two'),
      finding('b', 'two three'),
      finding('c', 'four'),
    ]);
    assert.deepEqual(result?.range, { start: 4, end: 7 });
    assert.deepEqual(result.markdown.match(/^\*\*.*|^---/gm), ['**S a**', '---', '**S b**']);
  });

  test('shows the good example where there is no fix to show', () => {
    const markdown = '**S a**\n\nW\n\nFor example:\n\n```f\ngood\n```\n\n[a](/a)';
    assert.equal(hover('one', [finding('a', 'one')])?.markdown, markdown);
    const gone = { title: 'Delete', safe: true, edits: [{ range: { start: 0, end: 14 }, text: '' }] };
    assert.equal(hover('one', [finding('a', 'one', { fix: gone })])?.markdown, markdown);
  });

  test('shows the fixed lines, in a fence they cannot end', () => {
    const fix = { title: 'Change', safe: true, edits: [{ range: { start: 4, end: 7 }, text: '```' }] };
    const markdown = hover('one', [finding('a', 'one', { fix, aliases: ['hadolint:DL1'] })])?.markdown;
    assert.equal(
      markdown,
      '**S a**\n\nW\n\nBetter:\n\n````f\none ``` three\n````\n\n[a](/a) · elsewhere: `hadolint DL1`',
    );
  });

  test('has nothing to say elsewhere, or of what it does not know', () => {
    assert.equal(hover('four', [finding('a', 'one')]), undefined);
    assert.equal(hover('one', [finding('unknown', 'one')]), undefined);
  });
});
