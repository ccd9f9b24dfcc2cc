import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTask } from '../../../client/src/build/task-definition.ts';

const absolute = (path: string): string => (path.startsWith('/') ? path : `/shop/${path}`);

test('a task says all that a build can be told', () => {
  const task = {
    type: 'shipshape-build',
    dockerfile: 'api/Dockerfile',
    context: '.',
    target: 'build',
    platforms: ['linux/amd64', 'linux/arm64'],
    args: { VERSION: '1', DEBUG: false, COUNT: 2 },
    secrets: [{ id: 'npm', env: 'NPM_TOKEN' }, { id: 'key', src: 'key.pem' }, { id: 'PLAIN' }],
    tags: ['api:1'],
    pull: true,
    noCache: true,
  };
  assert.deepEqual(readTask(task, absolute), {
    dockerfile: '/shop/api/Dockerfile',
    given: {
      context: '/shop/.',
      target: 'build',
      platforms: ['linux/amd64', 'linux/arm64'],
      arguments: [
        { name: 'VERSION', value: '1' },
        { name: 'DEBUG', value: 'false' },
        { name: 'COUNT', value: '2' },
      ],
      secrets: [
        { id: 'npm', from: { kind: 'environment', name: 'NPM_TOKEN' } },
        { id: 'key', from: { kind: 'file', path: '/shop/key.pem' } },
        { id: 'PLAIN', from: { kind: 'environment', name: 'PLAIN' } },
      ],
      tags: ['api:1'],
      pull: true,
      useCache: false,
    },
  });
});

test('what is not of the right kind is left out', () => {
  const wrong = {
    dockerfile: 7,
    context: [],
    target: '',
    platforms: 'linux',
    args: [1],
    secrets: [1, {}],
    tags: [2, 'a'],
    pull: 'yes',
  };
  assert.deepEqual(readTask(wrong, absolute), { dockerfile: '/shop/Dockerfile', given: { secrets: [], tags: ['a'] } });
});
