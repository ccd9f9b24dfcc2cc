import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lensStages, targetsInCompose } from '../../../client/src/build/lens-stages.ts';
import { dockerfileOf } from '../../../client/src/dockerfile-model.ts';

const text = `\
FROM node AS build
RUN make
FROM node
FROM build AS tests
FROM build
`;

test('lenses stand over the last stage and those that somebody builds', () => {
  assert.deepEqual(shown(), ['4: 3']);
  assert.deepEqual(shown('Tests', 'build', 'gone', ''), ['0: build', '3: tests', '4: 3']);
  assert.deepEqual(shown('1'), ['2: 1', '4: 3']);
  assert.deepEqual(lensStages(dockerfileOf(''), []), []);
});

test('Compose names targets for the Dockerfiles of its services', () => {
  const compose = `
services:
  api: { build: { context: api, target: build } }
  tests: { build: { context: ., dockerfile: api/Dockerfile, target: tests } }
  web: { build: web }
  other: { build: { context: other, target: nothing } }
  db: { image: postgres }
`;
  assert.deepEqual(
    targetsInCompose(compose, (path) => path === 'api/Dockerfile'),
    ['build', 'tests'],
  );
  assert.deepEqual(
    targetsInCompose('services: [', () => true),
    [],
  );
});

/** As `line: target`, lines counted from 0. */
function shown(...targets: readonly string[]): readonly string[] {
  return lensStages(dockerfileOf(text), targets).map(
    ({ offset, target }) => `${text.slice(0, offset).split('\n').length - 1}: ${target}`,
  );
}
