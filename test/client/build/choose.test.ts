import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseContext, chooseTarget, requestOf, unanswered, type Chosen } from '../../../client/src/build/choose.ts';
import type { BuildContext, BuildFacts } from '../../../client/src/build/facts.ts';

const own: BuildContext = { folder: '/shop/api', missing: [] };
const facts: BuildFacts = {
  dockerfile: '/shop/api/Dockerfile',
  text: '',
  commit: { id: '1a2b3c4', isDirty: false },
  contexts: [own],
  targets: [
    { name: 'build', isFinal: false, arguments: [{ name: 'VERSION' }], secrets: [] },
    {
      name: 'run',
      isFinal: true,
      arguments: [{ name: 'VERSION' }, { name: 'NPM_TOKEN' }, { name: 'PORT', default: '8080' }],
      secrets: [
        { id: 'npm', isRequired: true },
        { id: 'extra', isRequired: false },
      ],
    },
  ],
};

test('without anything said, the last stage is built from the likeliest folder', () => {
  assert.deepEqual(chooseTarget(facts, {}, undefined), { kind: 'known', value: '' });
  assert.deepEqual(chooseContext(facts, '', {}, undefined), { kind: 'known', value: own });
  assert.equal(requestOf(facts, chosen()).target, undefined);
});

test('the last stage by its name or number is the last stage', () => {
  for (const target of ['run', 'RUN', '1', '']) {
    assert.deepEqual(chooseTarget(facts, { target }, 'build'), { kind: 'known', value: '' });
  }
  assert.deepEqual(chooseTarget(facts, { target: 'Build' }, undefined), { kind: 'known', value: 'build' });
  assert.deepEqual(chooseTarget(facts, { target: '0' }, undefined), { kind: 'known', value: 'build' });
  assert.deepEqual(chooseTarget(facts, {}, 'build'), { kind: 'known', value: 'build' });
});

test('the stage is asked for only when services build different ones', () => {
  const one = { ...facts, contexts: [service('api', '/shop', 'build')] };
  assert.deepEqual(chooseTarget(one, {}, undefined), { kind: 'known', value: 'build' });
  const two = { ...facts, contexts: [service('api', '/shop', 'build'), service('web', '/shop')] };
  assert.deepEqual(chooseTarget(two, {}, undefined), { kind: 'ask', candidates: ['', 'build'] });
  assert.deepEqual(chooseTarget(two, { service: 'api' }, ''), { kind: 'known', value: 'build' });
  assert.deepEqual(chooseTarget(two, {}, ''), { kind: 'known', value: '' });
});

test('the context is asked for only when no folder is clearly right', () => {
  const bad = { folder: '/shop', missing: ['package.json'] };
  const worse = { folder: '/shop/api', missing: ['src'] };
  assert.deepEqual(chooseContext({ ...facts, contexts: [own, bad] }, '', {}, undefined), { kind: 'known', value: own });
  const unclear = { ...facts, contexts: [bad, worse] };
  assert.deepEqual(chooseContext(unclear, '', {}, undefined), { kind: 'ask', candidates: [bad, worse] });
  assert.deepEqual(chooseContext(unclear, '', {}, '/shop/api'), { kind: 'known', value: worse });
  assert.deepEqual(chooseContext(unclear, '', { context: '/else' }, '/shop/api'), {
    kind: 'known',
    value: { folder: '/else', missing: [] },
  });
});

test('of several services the one that builds the stage gives the context', () => {
  const api = service('api', '/shop/api', 'build');
  const web = service('web', '/shop/web');
  const both = { ...facts, contexts: [api, web] };
  assert.deepEqual(chooseContext(both, 'build', {}, undefined), { kind: 'known', value: api });
  assert.deepEqual(chooseContext(both, '', {}, undefined), { kind: 'known', value: web });
  const other = service('other', '/shop/other');
  const unclear = chooseContext({ ...facts, contexts: [web, other] }, '', {}, undefined);
  assert.deepEqual(unclear, { kind: 'ask', candidates: [web, other] });
  const asked = chooseContext({ ...facts, contexts: [web, other] }, '', { service: 'other' }, '/shop/web');
  assert.deepEqual(asked, { kind: 'known', value: other });
});

test('a task has the first word, then the user, then the project', () => {
  const context = service('api', '/shop/api');
  const request = requestOf(
    { ...facts, contexts: [context] },
    chosen({
      context,
      remembered: {
        arguments: { VERSION: '2', PORT: '9' },
        secrets: { npm: { kind: 'file', path: '/n' } },
        tags: ['a:1'],
      },
      given: { arguments: [{ name: 'PORT', value: '10' }], pull: true },
    }),
  );
  assert.deepEqual(request.arguments, [
    { name: 'VERSION', value: '2' },
    { name: 'PORT', value: '10' },
  ]);
  assert.deepEqual(request.secrets, [{ id: 'npm', from: { kind: 'file', path: '/n' } }]);
  assert.deepEqual([request.tags, request.pull, request.useCache], [['a:1'], true, true]);
});

test('only what nobody has said is asked for', () => {
  const nothing = chosen();
  const open = unanswered(facts, requestOf(facts, nothing), nothing);
  assert.deepEqual(open.arguments, ['VERSION', 'NPM_TOKEN']);
  assert.deepEqual(
    open.secrets.map(({ id }) => id),
    ['npm', 'extra'],
  );
  const all = chosen({
    remembered: { arguments: { VERSION: '' }, secrets: { extra: { kind: 'none' } } },
    secretArgument: (name) => (name === 'NPM_TOKEN' ? 'hush' : undefined),
    given: { secrets: [{ id: 'npm', from: { kind: 'environment', name: 'NPM' } }] },
  });
  const request = requestOf(facts, all);
  assert.deepEqual(unanswered(facts, request, all), { arguments: [], secrets: [] });
  assert.deepEqual(request.arguments, [{ name: 'NPM_TOKEN', value: 'hush' }]);
  assert.deepEqual(request.secrets, [{ id: 'npm', from: { kind: 'environment', name: 'NPM' } }]);
});

function service(name: string, folder: string, target?: string): BuildContext {
  const built = { platforms: [], secrets: [], arguments: [{ name: 'VERSION', value: '1' }] };
  const stage = target === undefined ? {} : { target };
  return { folder, missing: [], service: { name, file: '/shop/compose.yaml', ...built, ...stage } };
}

function chosen(more: Partial<Chosen> = {}): Chosen {
  return { target: '', context: own, given: {}, remembered: {}, secretArgument: () => undefined, ...more };
}
