import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, type JsonObject } from '../../../client/src/azure/json.ts';
import { plan, startCalling } from './calling.ts';

const site = 'Microsoft.Web/sites/shop';
const slot = `${site}/slots/staging`;

/** What the Azure CLI sends for its commands on web apps, in its form, in its order. */
void test('What the Azure CLI sends is taken', async (context) => {
  const calling = await startCalling(context);
  const { azure, call, done, group } = calling;
  const location = 'westeurope';
  // az appservice plan create --is-linux --sku S1
  await done('PUT', plan, {
    location,
    sku: { name: 'S1', tier: 'STANDARD', capacity: 1 },
    properties: { perSiteScaling: false, reserved: true, isXenon: false, zoneRedundant: false },
  });
  const made = await done('GET', plan);
  assert.equal(made['kind'], 'linux');
  assert.equal(at(made, 'sku.tier'), 'Standard');
  const serverFarmId = `${group}/providers/${plan}`;

  // az webapp create --deployment-container-image-name: no kind, and `reserved` is false
  const names = `/subscriptions/${azure.subscription}/providers/Microsoft.Web/checknameavailability`;
  await done('POST', names, { name: 'shop', type: 'Site' });
  const flags = { reserved: false, isXenon: false, hyperV: false, scmSiteAlsoStopped: false };
  const config: JsonObject = {
    netFrameworkVersion: 'v4.6',
    appSettings: [{ name: 'WEBSITES_ENABLE_APP_SERVICE_STORAGE', value: 'false' }],
    alwaysOn: true,
    localMySqlEnabled: false,
    http20Enabled: true,
  };
  const created = await done('PUT', site, {
    location,
    properties: { serverFarmId, ...flags, siteConfig: config, httpsOnly: false },
  });
  assert.equal(at(created, 'properties.reserved'), true);
  assert.equal(created['kind'], 'app,linux,container');
  assert.match((await call('POST', `${site}/publishxml`, { format: 'WebDeploy' })).text, /^<publishData>/);
  const merged = {
    DOCKER_REGISTRY_SERVER_URL: 'https://shopreg.azurecr.io',
    WEBSITES_ENABLE_APP_SERVICE_STORAGE: 'false',
  };
  await done('PUT', `${site}/config/appsettings`, { properties: merged });
  await done('PATCH', `${site}/config/web`, { properties: config });

  // az webapp identity assign: what was read goes back, with an identity
  const read = await done('GET', site);
  const assigned = await done('PUT', site, { ...read, identity: { type: 'SystemAssigned' } });
  assert.equal(typeof at(assigned, 'identity.principalId'), 'string');
  // az webapp config set, az webapp config appsettings set --slot-settings
  const more = { acrUseManagedIdentityCreds: true, minTlsVersion: '1.2', ftpsState: 'Disabled' };
  const web = await done('PATCH', `${site}/config/web`, { properties: { ...config, ...more } });
  assert.equal(at(web, 'properties.ftpsState'), 'Disabled');
  await done('PUT', `${site}/config/appsettings`, { properties: { ...merged, ENV: 'prod' } });
  await done('PUT', `${site}/config/slotConfigNames`, { properties: { appSettingNames: ['ENV'] } });
  assert.deepEqual(at(await done('GET', `${site}/config/slotConfigNames`), 'properties.appSettingNames'), ['ENV']);

  // az webapp deployment slot create --configuration-source
  const bare = { netFrameworkVersion: 'v4.6', localMySqlEnabled: false, http20Enabled: true };
  await done('PUT', slot, { location, properties: { serverFarmId, ...flags, siteConfig: bare } });
  await done('PATCH', `${slot}/config/web`, { properties: config });
  await done('POST', `${site}/config/connectionstrings/list`);
  await done('PUT', `${slot}/config/appsettings`, { properties: merged });
  await done('PUT', `${slot}/config/connectionstrings`, { properties: {} });
  const secret = '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s/)';
  await done('PUT', `${slot}/config/appsettings`, { properties: { ...merged, SECRET: secret } });

  // az webapp deployment slot swap --action preview, reset, swap
  const target = { targetSlot: 'production', preserveVnet: true };
  await done('POST', `${slot}/applySlotConfig`, target);
  await done('POST', `${site}/resetSlotConfig`);
  assert.equal((await call('POST', `${slot}/slotsswap`, target)).status, 202);
  await azure.settled();
  // az webapp log config --docker-container-logging filesystem
  const fileSystem = { retentionInMb: 100, retentionInDays: 3, enabled: true };
  const logs = await done('PUT', `${site}/config/logs`, { properties: { httpLogs: { fileSystem } } });
  assert.deepEqual(at(logs, 'properties.httpLogs.fileSystem'), fileSystem);
  assert.equal((await call('POST', `${site}/restart`)).status, 200);
});
