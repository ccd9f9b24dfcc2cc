import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode, kindOf } from '../../server/src/command-line/source.ts';

test('a byte order mark is no text, and comes back', () => {
  const bytes = new TextEncoder().encode('\ufeffFROM a\r\n');
  const source = decode(bytes);
  assert.ok(source);
  assert.equal(source.text, 'FROM a\r\n');
  assert.deepEqual(encode(source.text, source), bytes);
});

test('what is no text is not read, and what is no UTF-8 is known', () => {
  assert.equal(decode(Uint8Array.of(0x7f, 0x45, 0, 1)), undefined);
  assert.deepEqual(decode(Uint8Array.of(0x23, 0xe9)), { text: '#\ufffd', hasMark: false, isLossy: true });
});

test('the name says what a file is, else what it says', () => {
  assert.equal(kindOf('/a/Dockerfile', 'services:\n'), 'dockerfile');
  assert.equal(kindOf('/a/compose.yaml', 'FROM a\n'), 'compose');
  assert.equal(kindOf('/a/stack.yml', ''), 'compose');
  assert.equal(kindOf('/a/build.txt', '# x\nARG A\n  from node\n'), 'dockerfile');
  assert.equal(kindOf('', 'name: x\nservices:\n  web:\n    image: a\n'), 'compose');
  assert.equal(kindOf('', ''), 'dockerfile');
});
