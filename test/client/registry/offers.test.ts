import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../client/src/azure/json.ts';
import { createOffers, type Reach } from '../../../client/src/registry/offers.ts';
import type { RegistryCalls } from '../../../client/src/registry/manifest.ts';
import { memoryArm } from '../deploy/engine/support.ts';

const registries = '/subscriptions/s/providers/Microsoft.ContainerRegistry/registries';

void test("looks for Azure's registries in the subscription, and for no others", async () => {
  const { reach, asked } = inMemory();
  const failures: unknown[] = [];
  const { of } = createOffers(
    () => Promise.resolve([reach]),
    (error) => failures.push(error),
  );
  const ask = async (host: string): Promise<readonly string[]> =>
    (await of({ host, repository: '', isTag: false })).map(({ name }) => name);
  assert.deepEqual(await ask('ghcr.io'), []);
  assert.deepEqual(asked, []);
  assert.deepEqual(await ask('shopreg.azurecr.io'), ['shop']);
  assert.deepEqual(asked, ['GET s', 'GET https://shopreg.azurecr.io/acr/v1/_catalog?n=100']);
  // No token goes to a registry that the user's Azure does not have.
  assert.deepEqual(await ask('evil.azurecr.io'), []);
  assert.deepEqual(await ask('evil.example/shopreg.azurecr.io'), []);
  assert.equal(asked.length, 2);
  assert.deepEqual(failures, []);
});

void test('what fails is told once and offers nothing', async () => {
  const failures: unknown[] = [];
  const { of } = createOffers(
    () => Promise.reject(new Error('nobody is signed in')),
    (error) => failures.push(error),
  );
  const typed = { host: 'shopreg.azurecr.io', repository: '', isTag: false };
  assert.deepEqual(await of(typed), []);
  assert.deepEqual(await of(typed), []);
  assert.deepEqual(failures.map(String), ['Error: nobody is signed in']);
});

function inMemory(): { readonly reach: Reach; readonly asked: readonly string[] } {
  const asked: string[] = [];
  const arm = memoryArm();
  arm.answer = ({ method, path }) => {
    if (path !== registries) return undefined;
    asked.push(`${method} s`);
    const registry: JsonObject = { id: 'r', name: 'shopreg', properties: { loginServer: 'shopreg.azurecr.io' } };
    return { value: [registry] };
  };
  const text = JSON.stringify({ repositories: ['shop'] });
  const calls: RegistryCalls = {
    http: {
      send: ({ method, url }) => {
        asked.push(`${method} ${url}`);
        return Promise.resolve({ status: 200, header: () => undefined, bytes: Buffer.from(text), text });
      },
    },
    tokens: {
      refresh: () => Promise.resolve('r'),
      access: () => Promise.resolve('a'),
      forget: () => undefined,
    },
  };
  return { reach: { arm, calls, registries: [], subscriptions: ['s'] }, asked };
}
