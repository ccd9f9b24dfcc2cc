import assert from 'node:assert/strict';
import { createHttp } from '../../../client/src/registry/http.ts';
import { createOffers } from '../../../client/src/registry/offers.ts';
import { createTokens } from '../../../client/src/registry/token.ts';
import { startLab } from '../../azure/app/lab.ts';
import { dockerTest } from '../../docker/docker.ts';
import { armOf } from './registry-lab.ts';

dockerTest('offers what is in the registry of a target: names, then tags, the newest first', async (context) => {
  const lab = await startLab(context);
  await lab.push('shop/web:1', 'one');
  await lab.push('api:1', 'api');
  await lab.push('shop/web:2', 'two');
  const arm = armOf(lab.azure, lab.token);
  const http = createHttp(lab.azure.httpClient);
  const calls = { http, tokens: createTokens({ arm, http }) };
  const failures: unknown[] = [];
  const { of } = createOffers(
    () => Promise.resolve([{ arm, calls, registries: [lab.id('gone'), lab.id('shopreg')], subscriptions: [] }]),
    (error) => failures.push(error),
  );
  const names = async (repository: string, isTag: boolean): Promise<readonly string[]> =>
    (await of({ host: lab.server, repository, isTag })).map(({ name }) => name);
  assert.deepEqual(await names('', false), ['api', 'shop/web']);
  assert.deepEqual(await names('shop/web', true), ['2', '1']);
  assert.deepEqual(await names('missing', true), []);
  // A target may not be deployed yet.
  assert.equal(failures.length, 1);
  const asked = lab.azure.traffic.length;
  await names('sh', false);
  await names('shop/web', true);
  assert.equal(lab.azure.traffic.length, asked);
});
