import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Memento } from 'vscode';
import { Remembered } from '../../../client/src/build/remembered.ts';

const file = 'file:///shop/Dockerfile';

test('each Dockerfile and target has answers of its own, which outlive the window', async () => {
  const memento = inMemory();
  const remembered = new Remembered(memento);
  await remembered.set(file, '', { arguments: { VERSION: '1' } });
  await remembered.set(file, 'tests', { secrets: { npm: { kind: 'environment', name: 'NPM' } } });
  await remembered.setTarget(file, 'tests');
  const later = new Remembered(memento);
  assert.deepEqual(later.of(file, ''), { arguments: { VERSION: '1' } });
  assert.deepEqual(later.of(file, 'tests'), { secrets: { npm: { kind: 'environment', name: 'NPM' } } });
  assert.equal(later.target(file), 'tests');
  assert.deepEqual(later.of('file:///other/Dockerfile', ''), {});
  assert.equal(later.target('file:///other/Dockerfile'), undefined);
});

test('an ARG that looks like a secret is known until the window is closed, and never stored', async () => {
  const memento = inMemory();
  const remembered = new Remembered(memento);
  await remembered.setTarget(file, '');
  remembered.setSecretArgument(file, 'NPM_TOKEN', 'hush');
  assert.equal(remembered.secretArgument(file, 'NPM_TOKEN'), 'hush');
  assert.ok(!JSON.stringify(memento.keys().map((key) => memento.get(key))).includes('hush'));
  assert.equal(new Remembered(memento).secretArgument(file, 'NPM_TOKEN'), undefined);
});

test('what is forgotten is asked again, and nothing else is', async () => {
  const remembered = new Remembered(inMemory());
  const other = 'file:///shop/Dockerfile.other';
  for (const uri of [file, other]) {
    await remembered.set(uri, '', { context: '/shop' });
    remembered.setSecretArgument(uri, 'NPM_TOKEN', 'hush');
  }
  await remembered.forget(file);
  assert.deepEqual(remembered.of(file, ''), {});
  assert.equal(remembered.secretArgument(file, 'NPM_TOKEN'), undefined);
  assert.deepEqual(remembered.of(other, ''), { context: '/shop' });
  assert.equal(remembered.secretArgument(other, 'NPM_TOKEN'), 'hush');
});

function inMemory(): Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, usual?: T) => (values.has(key) ? (values.get(key) as T) : usual) as T,
    update: (key, value) => {
      values.set(key, structuredClone(value));
      return Promise.resolve();
    },
  };
}
