import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import { text } from './ids.ts';
import { makePlan, plan, startCalling } from './calling.ts';
import { noQuota } from './refusals.ts';

const site = 'Microsoft.Web/sites/shop';

void test('A site needs its plan, in its region, and a name that nobody has', async (context) => {
  const calling = await startCalling(context);
  const { azure, call, group } = calling;
  const serverFarmId = `${group}/providers/${plan}`;
  const body = { location: 'westeurope', properties: { serverFarmId } };

  const early = await call('PUT', site, body);
  assert.equal(early.status, 404);
  assert.equal(early.body['Message'], 'Cannot find ServerFarm with name shop-plan.');

  await makePlan(calling);
  const elsewhere = await call('PUT', site, { ...body, location: 'eastus' });
  assert.equal(elsewhere.status, 404);

  azure.place('/subscriptions/x/resourceGroups/y/providers/Microsoft.Web/sites/Shop', { location: 'eastus' });
  const names = `/subscriptions/${azure.subscription}/providers/Microsoft.Web/checknameavailability`;
  const taken = await call('POST', names, { name: 'shop', type: 'Site' });
  assert.equal(taken.body['nameAvailable'], false);
  assert.equal(taken.body['reason'], 'AlreadyExists');
  const refused = await call('PUT', site, body);
  assert.equal(refused.status, 409);
  assert.equal(refused.body['Code'], 'Conflict');
  assert.equal(at(refused.body, 'Details.2.ErrorEntity.ExtendedCode'), '54001');

  const free = await call('POST', names, { name: 'shop-2', type: 'Site' });
  assert.deepEqual(free.body, { nameAvailable: true });
  const invalid = await call('POST', names, { name: '-shop', type: 'Site' });
  assert.equal(invalid.body['reason'], 'Invalid');
  assert.equal((await call('PUT', 'Microsoft.Web/sites/shop-2', body)).status, 200);
});

void test('Slots, always on and Linux images are a matter of the plan', async (context) => {
  const calling = await startCalling(context);
  const { call, done } = calling;
  const serverFarmId = await makePlan(calling, 'B1');
  await done('PUT', site, { location: 'westeurope', properties: { serverFarmId, siteConfig: { alwaysOn: true } } });
  const slot = await call('PUT', `${site}/slots/staging`, { location: 'westeurope' });
  assert.equal(slot.status, 409);
  assert.match(text(slot.body['Message']), /exceed the number of slots allowed for the 'Basic' SKU/);

  await makePlan(calling, 'S1');
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    await done('PUT', `${site}/slots/${name}`, { location: 'westeurope' });
  }
  assert.equal((await call('PUT', `${site}/slots/f`, { location: 'westeurope' })).status, 409);
  const down = { location: 'westeurope', sku: { name: 'B1' }, properties: { reserved: true } };
  assert.equal((await call('PUT', plan, down)).status, 409);
  assert.equal((await call('DELETE', plan)).status, 409);

  const free = 'Microsoft.Web/serverfarms/free-plan';
  await done('PUT', free, { location: 'westeurope', sku: { name: 'F1' }, properties: { reserved: true } });
  const windows = 'Microsoft.Web/serverfarms/windows-plan';
  await done('PUT', windows, { location: 'westeurope', kind: 'linux', sku: { name: 'B1' } });
  const other = (farm: string, siteConfig: { readonly [key: string]: string | boolean }) =>
    call('PUT', 'Microsoft.Web/sites/other', {
      location: 'westeurope',
      properties: { serverFarmId: serverFarmId.replace('shop-plan', farm), siteConfig },
    });
  const sleepless = await other('free-plan', { alwaysOn: true });
  assert.equal(sleepless.status, 409);
  assert.match(text(sleepless.body['Message']), /AlwaysOn cannot be set/);
  const wrong = await other('windows-plan', { linuxFxVersion: 'DOCKER|nginx:1' });
  assert.equal(wrong.status, 400);
  assert.match(text(wrong.body['Message']), /LinuxFxVersion has an invalid value/);
  assert.equal((await call('PUT', free, { location: 'westeurope', sku: { name: 'X9' } })).status, 400);
});

void test('Settings are hidden, replaced as a whole, and kept by a change of the site', async (context) => {
  const calling = await startCalling(context);
  const { call, done } = calling;
  const serverFarmId = await makePlan(calling);
  const made = await done('PUT', site, {
    location: 'West Europe',
    tags: { team: 'shop' },
    properties: {
      serverFarmId,
      httpsOnly: true,
      siteConfig: { appSettings: [{ name: 'A', value: '1' }], http20Enabled: true },
    },
  });
  assert.equal(at(made, 'properties.siteConfig.appSettings'), undefined);
  assert.equal(at(made, 'properties.httpsOnly'), true);
  const list = () => done('POST', `${site}/config/appsettings/list`);
  assert.deepEqual((await list())['properties'], { A: '1' });

  await done('PUT', `${site}/config/appsettings`, { properties: { B: '2' } });
  assert.deepEqual((await list())['properties'], { B: '2' });
  await done('PATCH', site, { properties: { siteConfig: { healthCheckPath: '/up' } } });
  assert.deepEqual((await list())['properties'], { B: '2' });
  const web = await done('GET', `${site}/config/web`);
  assert.equal(at(web, 'properties.http20Enabled'), true);
  assert.equal(at(web, 'properties.healthCheckPath'), '/up');
  assert.equal(textAt(await done('GET', site), 'tags.team'), 'shop');

  assert.equal((await call('PUT', `${site}/config/appsettings`, { properties: { 'A B': '1' } })).status, 400);
  assert.equal((await call('PATCH', site, { properties: { nonsense: true } })).status, 400);
  assert.equal((await call('PATCH', 'Microsoft.Web/sites/none', { properties: {} })).status, 404);
});

void test('Mounts are shown without their keys and need them; a subnet must be there, and be allowed to be joined', async (context) => {
  const calling = await startCalling(context);
  const { azure, call, done, group } = calling;
  const serverFarmId = await makePlan(calling);
  const files = { type: 'AzureFiles', accountName: 'shopfiles', shareName: 'data', mountPath: '/data' };
  const body = (properties: JsonObject): JsonObject => ({
    location: 'westeurope',
    properties: { serverFarmId, ...properties },
  });
  const mounted = (mount: JsonObject): JsonObject => body({ siteConfig: { azureStorageAccounts: { data: mount } } });
  // What `config/web` says of a mount is not enough to send it back.
  const keyless = await call('PUT', site, mounted(files));
  assert.equal(keyless.status, 400);
  assert.match(
    text(keyless.body['Message']),
    /^The parameter 'AzureStoragePropertyDictionary' .+'accessKey' of 'data'/,
  );
  assert.equal((await call('PUT', site, mounted({ ...files, accessKey: 'k', mountPath: 'data' }))).status, 400);
  await done('PUT', site, mounted({ ...files, accessKey: 'k' }));
  const web = await done('GET', `${site}/config/web`);
  assert.deepEqual(at(web, 'properties.azureStorageAccounts.data'), { ...files, accessKey: null, state: 'Ok' });
  const list = `${site}/config/azurestorageaccounts`;
  assert.deepEqual((await done('POST', `${list}/list`))['properties'], { data: { ...files, accessKey: 'k' } });
  assert.equal((await call('PUT', list, { properties: { data: files } })).status, 400);
  await done('PUT', list, { properties: { nfs: { ...files, protocol: 'Nfs' } } });

  const subnet = `${group}/providers/Microsoft.Network/virtualNetworks/shop-net/subnets/apps`;
  const inSubnet = (id: string): ReturnType<typeof call> => call('PUT', site, body({ virtualNetworkSubnetId: id }));
  assert.equal((await inSubnet('apps')).status, 400);
  const missing = await inSubnet(subnet);
  assert.equal(missing.status, 403);
  assert.equal(textAt(missing.body, 'error.code'), 'LinkedAuthorizationFailed');
  azure.place(subnet, { properties: { addressPrefix: '10.0.0.0/24' } });
  assert.equal((await inSubnet(subnet)).status, 200);
  assert.equal(at(await done('GET', site), 'properties.virtualNetworkSubnetId'), subnet);
});

void test('With the last site goes its plan, unless it is told to stay', async (context) => {
  const calling = await startCalling(context);
  const { azure, call, done } = calling;
  const serverFarmId = await makePlan(calling);
  const body = { location: 'westeurope', identity: { type: 'SystemAssigned' }, properties: { serverFarmId } };
  const made = await done('PUT', site, body);
  const principal = textAt(made, 'identity.principalId') ?? '';
  assert.match(principal, /^[0-9a-f-]{36}$/);
  await done('PUT', `${site}/slots/staging`, { location: 'westeurope' });
  assert.equal((await call('DELETE', `${site}?deleteEmptyServerFarm=false`)).status, 200);
  assert.notEqual(azure.resource(serverFarmId), undefined);
  assert.deepEqual(
    azure.ids().filter((id) => id.includes('/sites/')),
    [],
  );
  assert.equal((await call('DELETE', site)).status, 204);
  await done('PUT', site, body);
  await done('DELETE', site);
  assert.equal(azure.resource(serverFarmId), undefined);
});

void test('An identity of a user must be there; what the list does not name is not assigned any more', async (context) => {
  const calling = await startCalling(context);
  const { call, done, group } = calling;
  const serverFarmId = await makePlan(calling);
  const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller`;
  const body = {
    location: 'westeurope',
    identity: { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } },
    properties: { serverFarmId },
  };
  assert.equal((await call('PUT', site, body)).status, 404);
  const made = await done('PUT', identity, { location: 'westeurope' }, '2023-01-31');
  const answer = await done('PUT', site, body);
  const [assigned] = Object.values(at(answer, 'identity.userAssignedIdentities') ?? {}) as readonly {
    clientId?: string;
  }[];
  assert.equal(assigned?.clientId, textAt(made, 'properties.clientId'));
  const both = await done('PATCH', site, { identity: { ...body.identity, type: 'SystemAssigned, UserAssigned' } });
  assert.notEqual(textAt(both, 'identity.principalId'), undefined);
  const only = await done('PATCH', site, { identity: { type: 'SystemAssigned' } });
  assert.equal(at(only, 'identity.userAssignedIdentities'), undefined);
  assert.equal(textAt(only, 'identity.principalId'), textAt(both, 'identity.principalId'));
});

void test('A reference to a secret resolves when vault, secret and role are there', async (context) => {
  const calling = await startCalling(context, { times: { replication: 1 } });
  const { azure, done, group } = calling;
  const serverFarmId = await makePlan(calling);
  const body = {
    location: 'westeurope',
    properties: {
      serverFarmId,
      siteConfig: {
        appSettings: [
          { name: 'DB', value: '@Microsoft.KeyVault(SecretUri=https://shop-kv.vault.azure.net/secrets/db/)' },
        ],
      },
    },
  };
  await done('PUT', site, body);
  const status = async (): Promise<string | undefined> =>
    textAt(await done('GET', `${site}/config/configreferences/appsettings`), 'value.0.properties.status');
  assert.equal(await status(), 'MSINotEnabled');
  const principal = textAt(await done('PATCH', site, { identity: { type: 'SystemAssigned' } }), 'identity.principalId');
  assert.equal(await status(), 'VaultNotFound');
  const vault = `${group}/providers/Microsoft.KeyVault/vaults/shop-kv`;
  azure.place(vault, { location: 'westeurope', properties: { vaultUri: 'https://shop-kv.vault.azure.net/' } });
  assert.equal(await status(), 'AccessToKeyVaultDenied');
  azure.grant(principal ?? '', 'Key Vault Secrets User', vault);
  assert.equal(await status(), 'SecretNotFound');
  azure.place(`${vault}/secrets/db`, { properties: { value: 'hidden' } });
  assert.equal(await status(), 'Resolved');
  assert.doesNotMatch(JSON.stringify(await done('GET', `${site}/config/configreferences/appsettings/DB`)), /hidden/);
});

void test('Without quota a plan is refused with 401, in the form of App Service', async (context) => {
  const { azure, call } = await startCalling(context);
  azure.faults.add(/PUT .*\/serverfarms\//i, noQuota(), 1);
  const body = { location: 'westeurope', sku: { name: 'B1' }, properties: { reserved: true } };
  const refused = await call('PUT', plan, body);
  assert.equal(refused.status, 401);
  assert.equal(refused.body['Code'], 'Unauthorized');
  assert.match(text(refused.body['Message']), /without additional quota/);
  assert.equal((await call('PUT', plan, body)).status, 200);
});

void test('A lock holds for sites too, and what is not there is told by Resource Manager', async (context) => {
  const calling = await startCalling(context);
  const { azure, call, done, group } = calling;
  const serverFarmId = await makePlan(calling);
  await done('PUT', site, { location: 'westeurope', properties: { serverFarmId } });
  azure.place(`${group}/providers/Microsoft.Authorization/locks/keep`, { properties: { level: 'CanNotDelete' } });
  const locked = await call('DELETE', site);
  assert.equal(locked.status, 409);
  assert.equal(textAt(locked.body, 'error.code'), 'ScopeLocked');
  assert.equal((await call('POST', `${site}/restart`)).status, 200);
  const missing = await call('GET', 'Microsoft.Web/sites/none');
  assert.equal(textAt(missing.body, 'error.code'), 'ResourceNotFound');
  const unknown = await call('GET', `${site}/nonsense`);
  assert.equal(unknown.status, 404);
});
