import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exceptionFor, hidingLine } from '../../../client/src/build/failure/dockerignore.ts';
import { cpuTime } from '../../cpu-time.ts';

function hidden(path: string, ...lines: readonly string[]): string | undefined {
  const text = lines.join('\n');
  const line = hidingLine(text, path);
  if (line) assert.equal(text.slice(line.range.start, line.range.end), line.text);
  return line && `${line.number}: ${line.text}`;
}

test('the last line that matches decides', () => {
  assert.equal(hidden('a.txt', '*.txt'), '1: *.txt');
  assert.equal(hidden('a.txt', '*.txt', '!a.txt'), undefined);
  assert.equal(hidden('a.txt', '!a.txt', '*.txt'), '2: *.txt');
  assert.equal(hidden('a.txt', '*', '!*.txt', 'a*'), '3: a*');
  assert.equal(hidden('b.txt', '*', '!*.txt', 'a*'), undefined);
});

test('a folder hides all that is in it, and an exception shows all of it', () => {
  assert.equal(hidden('docs/a/b.md', 'docs'), '1: docs');
  assert.equal(hidden('docs/a/b.md', '/docs/'), '1: /docs/');
  assert.equal(hidden('docs/a/b.md', 'docs', '!docs/a'), undefined);
  assert.equal(hidden('docs/c/b.md', 'docs', '!docs/a'), '1: docs');
});

test('stars stay in their folder, two of them do not', () => {
  assert.equal(hidden('src/a.txt', '*.txt'), undefined);
  assert.equal(hidden('src/a.txt', '*/*.txt'), '1: */*.txt');
  assert.equal(hidden('src/x/a.txt', '**/*.txt'), '1: **/*.txt');
  assert.equal(hidden('a.txt', '**/a.txt'), '1: **/a.txt');
  assert.equal(hidden('src/x/a.txt', 'src/**'), '1: src/**');
  assert.equal(hidden('a/x/y/b', 'a/**/b'), '1: a/**/b');
  assert.equal(hidden('a/b', 'a/**/b'), '1: a/**/b');
  assert.equal(hidden('ab', 'a?'), '1: a?');
  assert.equal(hidden('a/b', 'a?b'), undefined);
});

test('classes and escapes are as in Go', () => {
  assert.equal(hidden('a1', 'a[0-9]'), '1: a[0-9]');
  assert.equal(hidden('ab', 'a[^0-9]'), '1: a[^0-9]');
  assert.equal(hidden('a*', 'a\\*'), '1: a\\*');
  assert.equal(hidden('ab', 'a\\*'), undefined);
  assert.equal(hidden('a+b(1).txt', 'a+b(1).txt'), '1: a+b(1).txt');
  assert.equal(hidden('axb', 'a.b'), undefined);
});

test('comments, blank lines, white space and what cannot be read hide nothing', () => {
  assert.equal(hidden('#a', '#a'), undefined);
  assert.equal(hidden('a', '', '  ', '# a', '  a  \r'), '4: a');
  assert.equal(hidden('a', '\uFEFFa'), '1: a');
  assert.equal(hidden('a', '[', '.', '/', '!'), undefined);
  assert.equal(hidden('b/c', './a/../b'), '1: ./a/../b');
});

test('an exception is for that path alone, whatever is in its name', () => {
  for (const path of ['a.txt', 'a*b?[c].txt', 'a\\b', '!a', '#a', 'a b', '$(x)', '-x']) {
    const line = exceptionFor(path);
    assert.ok(line !== undefined, path);
    assert.equal(hidden(path, '**', line), undefined, path);
    assert.equal(hidden('aXb', '**', line), '1: **', path);
  }
  for (const path of ['a\nb', ' a', 'a ']) assert.equal(exceptionFor(path), undefined);
});

test('a pattern of many stars takes no time', () => {
  const taken = cpuTime(() => void hidden(`${'a/'.repeat(60)}b`, `${'**/'.repeat(40)}c`));
  assert.ok(taken < 1000, `${taken} ms`);
});
