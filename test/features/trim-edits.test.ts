import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { trimEdits } from '../../server/src/features/trim-edits.ts';
import { applyEdits } from '../../server/src/text/problem.ts';

/** `before|old|after` and what `old` becomes; the answer names what is really replaced. */
function trimmed(marked: string, text: string): readonly string[] {
  const [before = '', old = '', after = ''] = marked.split('|');
  const source = before + old + after;
  const edit = { range: { start: before.length, end: before.length + old.length }, text };
  const edits = trimEdits(source, [edit]);
  assert.equal(applyEdits(source, edits), before + text + after);
  return edits.map(({ range, text: replacement }) => `${source.slice(range.start, range.end)} => ${replacement}`);
}

suite('trimming edits', () => {
  test('leaves the ends that stay as they are', () => {
    assert.deepEqual(trimmed('|ADD a b\n|', 'COPY a b\n'), ['ADD => COPY']);
    assert.deepEqual(trimmed('x |aa| x', 'aaa'), [' => a']);
    assert.deepEqual(trimmed('x |same| x', 'same'), []);
  });

  test('makes an edit of each line where the lines match up', () => {
    assert.deepEqual(trimmed('|a 1\nb 2\nc 3\n|', 'a 1\nb 4\nc 5\n'), ['2 => 4', '3 => 5']);
    assert.deepEqual(trimmed('|a\nb\n|', 'x\nb\nc\n'), ['a\nb => x\nb\nc']);
  });

  test('never cuts a character or a line break in two', () => {
    assert.deepEqual(trimmed('|🐳|', '🐋'), ['🐳 => 🐋']);
    assert.deepEqual(trimmed('|a\r\n|', 'a\n'), ['\r\n => \n']);
  });
});
