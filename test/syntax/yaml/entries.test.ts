import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entriesOf, isReset, textOf } from '../../../server/src/syntax/yaml/entries.ts';
import { parseYaml } from '../../../server/src/syntax/yaml/parse.ts';

/** The entries of the key `it`, as `key=value`; `^` marks what came through a merge key. */
function entries(text: string): string {
  const it = entriesOf(parseYaml(text).roots[0]).get('it')?.value;
  return [...entriesOf(it).values()]
    .map(({ key, value, isMerged }) => `${isMerged ? '^' : ''}${key}=${textOf(value) ?? value.kind}`)
    .join(' ');
}

test('merge keys are merged, and what is nearer wins', () => {
  assert.equal(entries('a: &a { x: 1, y: 1 }\nb: &b { y: 2, z: 2 }\nit:\n  <<: [*b, *a]\n  z: 3\n'), 'z=3 ^y=2 ^x=1');
  assert.equal(entries('a: &a { x: 1 }\nb: &b { <<: *a, y: 2 }\nit: { <<: *b }\n'), '^y=2 ^x=1');
});

test('a quoted merge key is an ordinary one, and a merged scalar is nothing', () => {
  assert.equal(entries('a: &a { x: 1 }\nit: { "<<": *a }\n'), '<<=mapping');
  assert.equal(entries('it: { <<: 5, y: 1 }\n'), 'y=1');
});

test('a cycle of merges ends', () => {
  assert.equal(entries('it: &it\n  <<: *it\n  x: 1\n'), 'x=1');
});

test('!reset is seen', () => {
  const { value } = entriesOf(parseYaml('it: !reset []\n').roots[0]).get('it') ?? assert.fail();
  assert.ok(isReset(value));
});
