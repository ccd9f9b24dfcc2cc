import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import { dockerTest } from '../../docker/docker.ts';
import type { Answer, Calling } from './calling.ts';
import { until } from './images.ts';
import { addressesOf, letPull, site, startShop, type Shop } from './shop.ts';

const slot = `${site}/slots/staging`;

interface Swapping extends Shop {
  readonly staging: string;
}

/** Production with version 1 in blue, staging with version 2 in green; colours stay with their slots. */
async function startSwapping(context: TestContext): Promise<Swapping> {
  const shop = await startShop(context, { COLOR: 'blue', SHARED: 'one' });
  const { calling, registry, made, url } = shop;
  const { done, get } = calling;
  await letPull(shop, textAt(made, 'identity.principalId'));
  await done('POST', `${site}/restart`);
  const image = `DOCKER|${registry.loginServer}/shop:2`;
  const there = await done('PUT', slot, {
    location: 'westeurope',
    identity: { type: 'SystemAssigned' },
    properties: { siteConfig: { linuxFxVersion: image, acrUseManagedIdentityCreds: true } },
  });
  const staging = addressesOf(there).url;
  // Its identity is its own, and may not pull what production's may.
  assert.notEqual(textAt(there, 'identity.principalId'), textAt(made, 'identity.principalId'));
  assert.equal((await get(staging)).status, 503);
  await letPull(shop, textAt(there, 'identity.principalId'));
  const properties = { WEBSITES_PORT: '8080', COLOR: 'green', SHARED: 'two' };
  await done('PUT', `${slot}/config/appsettings`, { properties });
  await done('PUT', `${site}/config/slotConfigNames`, { properties: { appSettingNames: ['COLOR'] } });
  assert.equal((await get(staging)).text, 'version 2 green\n');
  assert.equal((await get(url)).text, 'version 1 blue\n');
  return { ...shop, staging };
}

dockerTest('A swap changes places without a moment of silence; what is sticky stays', async (context) => {
  const { calling, url, staging } = await startSwapping(context);
  const { call, done, get, azure } = calling;
  const target = { targetSlot: 'production', preserveVnet: true };
  const differences = (await done('POST', `${slot}/slotsdiffs`, target))['value'] as readonly JsonObject[];
  assert.deepEqual(differences.map((one) => textAt(one, 'name')).sort(), ['SHARED', 'linuxFxVersion']);

  const begun = await call('POST', `${slot}/slotsswap`, target);
  assert.equal(begun.status, 202);
  assert.equal(begun.text, '');
  assert.equal((await call('POST', `${slot}/slotsswap`, target)).status, 409);
  const seen = new Set<string>();
  const ended = await followed(calling, begun, async () => {
    const answer = await get(url);
    assert.equal(answer.status, 200);
    seen.add(answer.text);
  });
  assert.equal(ended.status, 204, ended.text);
  seen.add((await get(url)).text);
  assert.deepEqual([...seen], ['version 1 blue\n', 'version 2 blue\n']);
  await until(
    () => get(staging),
    ({ text, status }) => status < 500 && text === 'version 1 green\n',
  );

  const production = await done('GET', site);
  assert.equal(textAt(production, 'properties.slotSwapStatus.sourceSlotName'), 'staging');
  assert.equal(textAt(production, 'properties.slotSwapStatus.destinationSlotName'), 'Production');
  const settings = (app: string) => done('POST', `${app}/config/appsettings/list`);
  assert.deepEqual((await settings(site))['properties'], { WEBSITES_PORT: '8080', SHARED: 'two', COLOR: 'blue' });
  assert.deepEqual((await settings(slot))['properties'], { WEBSITES_PORT: '8080', SHARED: 'one', COLOR: 'green' });
  assert.match(
    textAt(azure.resource(`${calling.group}/providers/${site}/config/web`), 'properties.linuxFxVersion') ?? '',
    /shop:2$/,
  );

  // And back, told from production.
  const back = await call('POST', `${site}/slotsswap`, { targetSlot: 'staging', preserveVnet: true });
  assert.equal(back.status, 202);
  await azure.settled();
  assert.equal((await get(url)).text, 'version 1 blue\n');
});

dockerTest(
  'A swap with preview shows the slot with the settings of production, and can be taken back',
  async (context) => {
    const { calling, url, staging } = await startSwapping(context);
    const { done, get, azure } = calling;
    const target = { targetSlot: 'production', preserveVnet: true };
    await done('POST', `${slot}/applySlotConfig`, target);
    await until(
      () => get(staging),
      ({ text }) => text === 'version 2 blue\n',
    );
    assert.equal(textAt(await done('GET', slot), 'properties.targetSwapSlot'), 'Production');
    assert.equal((await get(url)).text, 'version 1 blue\n');

    await done('POST', `${site}/resetSlotConfig`);
    await until(
      () => get(staging),
      ({ text }) => text === 'version 2 green\n',
    );
    assert.equal(textAt(await done('GET', slot), 'properties.targetSwapSlot'), undefined);

    await done('POST', `${slot}/applySlotConfig`, target);
    await done('POST', `${slot}/slotsswap`, target);
    await azure.settled();
    assert.equal((await get(url)).text, 'version 2 blue\n');
    await until(
      () => get(staging),
      ({ text }) => text === 'version 1 green\n',
    );
  },
);

dockerTest('A slot that does not start is not swapped', async (context) => {
  const { calling, url, staging } = await startSwapping(context);
  const { call, done, get } = calling;
  const properties = { WEBSITES_PORT: '8080', BROKEN: 'yes', WEBSITES_CONTAINER_START_TIME_LIMIT: '1' };
  await done('PUT', `${slot}/config/appsettings`, { properties });
  const begun = await call('POST', `${slot}/slotsswap`, { targetSlot: 'production', preserveVnet: true });
  const ended = await followed(calling, begun);
  assert.equal(ended.status, 409);
  assert.equal(ended.body['Code'], 'Conflict');
  assert.match(ended.text, /application initialization in 'staging' slot either took too long or failed/);
  assert.equal((await get(url)).text, 'version 1 blue\n');
  const { properties: kept } = await done('POST', `${slot}/config/appsettings/list`);
  assert.deepEqual(kept, properties);
  assert.equal((await get(staging)).status, 503);
});

/** Polls each newest address until the operation has ended. */
async function followed({ get, token }: Calling, begun: Answer, between = () => Promise.resolve()): Promise<Answer> {
  let latest = begun;
  return await until(
    async () => {
      await between();
      latest = await get(latest.header('location') ?? '', { authorization: `Bearer ${token}` });
      return latest;
    },
    ({ status }) => status !== 202,
  );
}
