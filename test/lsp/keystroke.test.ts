import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Parser } from 'web-tree-sitter';
import { Editor } from './editor.ts';

test('a keystroke has only the shell text read again that it changed', async (t) => {
  const editor = await Editor.start(t);
  await editor.open(
    'Dockerfile',
    'FROM debian:12.5\nRUN apt-get update | tee a\nRUN apt-get upgrade | tee b\nRUN apt-get install c | tee d\nUSER 1\n',
  );
  assert.match(await editor.drawn('Dockerfile'), /apt-get-install-assume-yes/);
  const parsed = t.mock.method(Parser.prototype, 'parse').mock;
  await editor.type('Dockerfile', 'tee b', 'tee bb');
  assert.match(await editor.drawn('Dockerfile'), /apt-get-install-assume-yes/);
  assert.deepEqual(
    parsed.calls.map(({ arguments: [text] }) => text),
    ['apt-get upgrade | tee bb'],
  );
  await editor.type('Dockerfile', 'debian:12.5', 'debian:12');
  await editor.diagnostics('Dockerfile');
  assert.equal(parsed.callCount(), 1);
});
