import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameOfExisting, readNameThere } from '../../../client/src/registry/existing-image.ts';

const id = '4f3a9c1b2d00';
const nothing = { names: [], tags: [] };

test('an image keeps the tag of a commit only where that is known to be true', () => {
  const shown = (name: string, vouched: Parameters<typeof nameOfExisting>[1]): string => {
    const { repository, tag, isOfCommit } = nameOfExisting({ name, id }, vouched);
    return `${repository}:${tag}${isOfCommit ? ' (commit)' : ''}`;
  };
  assert.equal(shown('shop:dev', nothing), 'shop:id-4f3a9c1b2d00');
  assert.equal(shown('shop:latest', { names: ['shop:latest'], tags: ['1a2b3c4'] }), 'shop:id-4f3a9c1b2d00');
  // Somebody may have called it so.
  assert.equal(shown('shop:1a2b3c4', nothing), 'shop:id-4f3a9c1b2d00');
  assert.equal(shown('shop:1a2b3c4', { names: [], tags: ['1a2b3c4-99ab012', '1a2b3c4'] }), 'shop:1a2b3c4 (commit)');
  // Of an older commit, built by us.
  const older = '127.0.0.1:5000/team/shop:0f0f0f0-99ab012';
  assert.equal(shown(older, { names: [older], tags: ['1a2b3c4'] }), 'team/shop:0f0f0f0-99ab012 (commit)');
  assert.equal(shown('shop:dev', { names: ['shop:dev'], tags: [] }), 'shop:id-4f3a9c1b2d00');
});

test('the registry it came from is no part of its name', () => {
  const repository = (name: string): string => nameOfExisting({ name, id: `sha256:${id}ff` }, nothing).repository;
  assert.equal(repository('shopreg.azurecr.io/team/shop:1'), 'team/shop');
  assert.equal(repository('localhost/shop:1'), 'shop');
  assert.equal(repository('127.0.0.1:5000/shop'), 'shop');
  assert.equal(repository('library/debian:12'), 'library/debian');
  assert.equal(nameOfExisting({ name: 'shop', id: `sha256:${id}ff` }, nothing).tag, `id-${id}`);
});

test('what is typed is a repository and a tag, and never latest', () => {
  assert.deepEqual(readNameThere('team/shop:v1.2.3'), { repository: 'team/shop', tag: 'v1.2.3' });
  assert.equal(readNameThere('shop:latest'), "'latest' says nothing of what it is: choose another tag");
  for (const text of ['shop', 'shop:', 'shop:a:b', 'shop:-a', 'shop:a b']) {
    assert.equal(readNameThere(text), "Write it as 'repository:tag'", text);
  }
  for (const text of ['', 'Shop:1', 'shop reg/shop:1', '../shop:1', '-f:1']) {
    assert.equal(typeof readNameThere(text), 'string', text);
  }
});
