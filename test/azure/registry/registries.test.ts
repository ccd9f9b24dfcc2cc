import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, textAt, type Json } from '../../../client/src/azure/json.ts';
import { ask, type Answer } from './ask.ts';
import { exchange, startLab } from './lab.ts';

const basic = { location: 'westeurope', sku: { name: 'Basic' }, properties: { adminUserEnabled: false } };

test('makes a registry, tells of it and takes it away', async (context) => {
  const { arm, id, azure, group } = await startLab(context);
  const made = await arm('PUT', id('shopreg'), basic);
  assert.equal(made.status, 201);
  assert.equal(textAt(made.body, 'properties.provisioningState'), 'Creating');
  assert.match(String(made.headers['azure-asyncoperation']), /^https:/);
  await azure.settled();

  const found = await arm('GET', id('ShopReg').toLowerCase());
  assert.equal(textAt(found.body, 'id'), id('shopreg'));
  assert.equal(textAt(found.body, 'properties.provisioningState'), 'Succeeded');
  assert.match(textAt(found.body, 'properties.loginServer') ?? '', /^127\.0\.0\.1:\d+$/);
  assert.deepEqual(at(found.body, 'sku'), { name: 'Basic', tier: 'Basic' });
  assert.equal(namesIn(await arm('GET', `${group}/providers/Microsoft.ContainerRegistry/registries`)), 'shopreg');
  assert.equal(
    namesIn(await arm('GET', `/subscriptions/${azure.subscription}/providers/Microsoft.ContainerRegistry/registries`)),
    'shopreg',
  );
  assert.equal((await arm('PUT', id('shopreg'), basic)).status, 200);
  const usages = await arm('GET', `${id('shopreg')}/listUsages`);
  assert.deepEqual(at(usages.body, 'value.0'), { name: 'Size', limit: 10 * 2 ** 30, currentValue: 0, unit: 'Bytes' });

  assert.equal((await arm('DELETE', id('shopreg'))).status, 200);
  assert.equal((await arm('DELETE', id('shopreg'))).status, 204);
  assert.equal((await arm('GET', id('shopreg'))).status, 404);
  await assert.rejects(ask(`https://${textAt(found.body, 'properties.loginServer') ?? ''}/v2/`));
});

test('cannot be reached before it is made', async (context) => {
  const { arm, id, azure } = await startLab(context, { times: { operation: 1500 } });
  const { body } = await arm('PUT', id('shopreg'), basic);
  const challenge = `https://${textAt(body, 'properties.loginServer') ?? ''}/oauth2/token`;
  await assert.rejects(ask(challenge));
  await azure.settled();
  assert.equal((await ask(challenge)).status, 401);
});

test('refuses names that are taken or wrong, other places, bodies without a SKU', async (context) => {
  const { arm, id, azure, registry } = await startLab(context);
  await registry('shopreg');
  const other = `/subscriptions/${azure.guestTenant.subscription}/resourceGroups/x/providers/Microsoft.ContainerRegistry/registries/takenreg`;
  azure.place(other, basic);
  const check = async (name: string): Promise<string | undefined> => {
    const path = `/subscriptions/${azure.subscription}/providers/Microsoft.ContainerRegistry/checkNameAvailability`;
    const { body } = await arm('POST', path, { name, type: 'Microsoft.ContainerRegistry/registries' });
    return at(body, 'nameAvailable') === true ? 'available' : textAt(body, 'reason');
  };
  assert.equal(await check('freereg'), 'available');
  assert.equal(await check('SHOPREG'), 'AlreadyExists');
  assert.equal(await check('takenreg'), 'AlreadyExists');

  const refused = async (name: string, body: typeof basic): Promise<string> => {
    const { status, body: answer } = await arm('PUT', id(name), body);
    return `${status} ${textAt(answer, 'error.code') ?? ''}`;
  };
  assert.equal(await refused('TakenReg', basic), '409 AlreadyInUse');
  assert.equal(await refused('shop-reg', basic), '400 InvalidResourceName');
  assert.equal(await refused('shopreg', { ...basic, location: 'eastus' }), '409 InvalidResourceLocation');
  assert.match(await refused('nosku', { ...basic, sku: { name: '' } }), /^400 /);
});

test('gives credentials only where the admin user is enabled, and takes them', async (context) => {
  const { arm, id, registry } = await startLab(context);
  const login = await registry('shopreg');
  const refused = await arm('POST', `${id('shopreg')}/listCredentials`);
  assert.equal(`${refused.status} ${textAt(refused.body, 'error.code')}`, '400 UnAuthorizedForCredentialOperations');
  const changed = await arm('PATCH', id('shopreg'), { properties: { adminUserEnabled: true } });
  assert.equal(at(changed.body, 'properties.adminUserEnabled'), true);
  const { body } = await arm('POST', `${id('shopreg')}/listCredentials`);
  const token = async (password: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`shopreg:${password}`).toString('base64')}`;
    const query = `service=${login}&scope=repository:app:pull,push`;
    return (await ask(`https://${login}/oauth2/token?${query}`, { headers: { authorization } })).status;
  };
  assert.equal(await token(textAt(body, 'passwords.1.value') ?? ''), 200);
  assert.equal(await token('guessed'), 401);
});

test('tells of role assignments and token policies only to versions that know them', async (context) => {
  const { arm, id, azure } = await startLab(context);
  const policies = { azureADAuthenticationAsArmPolicy: { status: 'disabled' }, exportPolicy: { status: 'enabled' } };
  const properties = { roleAssignmentMode: 'AbacRepositoryPermissions', policies };
  azure.place(id('placed'), { location: 'westeurope', sku: { name: 'Premium', tier: 'Premium' }, properties });

  const older = await arm('GET', id('placed'));
  assert.match(textAt(older.body, 'properties.loginServer') ?? '', /^127\.0\.0\.1:/);
  assert.equal(at(older.body, 'properties.roleAssignmentMode'), undefined);
  assert.deepEqual(at(older.body, 'properties.policies'), { exportPolicy: { status: 'enabled' } });
  const newer = await arm('GET', id('placed'), undefined, { version: '2025-11-01' });
  assert.equal(at(newer.body, 'properties.roleAssignmentMode'), 'AbacRepositoryPermissions');
  assert.equal(at(newer.body, 'properties.policies.azureADAuthenticationAsArmPolicy.status'), 'disabled');
});

test('exchanges tokens of this tenant alone, and those for the resource manager only where the policy allows', async (context) => {
  const { azure, id, registry, token } = await startLab(context);
  const login = await registry('shopreg');
  assert.equal((await exchange(azure, login, token)).status, 200);
  const refusals = [
    await exchange(azure, login, `${token}x`),
    await exchange(azure, login, token, { tenant: azure.guestTenant.tenant }),
    await exchange(azure, login, token, { service: 'other.azurecr.io' }),
    await exchange(azure, login, azure.core.directory.token(azure.user().objectId, 'https://vault.azure.net')),
  ];
  assert.deepEqual(refusals.map(codeIn), Array<string>(4).fill('401 UNAUTHORIZED'));

  const resource = azure.resource(id('shopreg'));
  const policies = { azureADAuthenticationAsArmPolicy: { status: 'disabled' } };
  const properties = { ...(resource?.['properties'] as Record<string, Json>), policies };
  azure.place(id('shopreg'), { ...resource, properties });
  assert.equal(codeIn(await exchange(azure, login, token)), '401 UNAUTHORIZED');
  const own = azure.core.directory.token(azure.user().objectId, 'https://containerregistry.azure.net');
  assert.equal((await exchange(azure, login, own)).status, 200);
});

test('grants what roles allow, in registries with repository permissions only what is given for repositories', async (context) => {
  const { azure, id, registry, login, access } = await startLab(context);
  const server = await registry('shopreg');
  const person = async (role: string): Promise<string> => {
    const { objectId } = azure.user({ roles: [] });
    azure.grant(objectId, role, id('shopreg'));
    return await login(server, azure.core.directory.token(objectId, 'https://containerregistry.azure.net'));
  };
  const roles = [
    'AcrPull',
    'AcrPush',
    'Owner',
    'Container Registry Repository Reader',
    'Container Registry Repository Writer',
    'Container Registry Repository Catalog Lister',
  ];
  const people = new Map(await Promise.all(roles.map(async (role) => [role, await person(role)] as const)));
  const actions = async (role: string): Promise<string> =>
    actionsIn(await access(server, people.get(role) ?? '', 'repository:app:pull,push,metadata_read'));

  assert.equal(await actions('AcrPull'), 'pull,metadata_read');
  assert.equal(await actions('AcrPush'), 'pull,push,metadata_read');
  assert.equal(await actions('Owner'), 'pull,push,metadata_read');
  assert.equal(await actions('Container Registry Repository Writer'), '401 UNAUTHORIZED');

  const resource = azure.resource(id('shopreg'));
  const properties = {
    ...(resource?.['properties'] as Record<string, Json>),
    roleAssignmentMode: 'AbacRepositoryPermissions',
  };
  azure.place(id('shopreg'), { ...resource, properties });
  assert.equal(await actions('AcrPush'), '401 UNAUTHORIZED');
  assert.equal(await actions('Owner'), '401 UNAUTHORIZED');
  assert.equal(await actions('Container Registry Repository Reader'), 'pull,metadata_read');
  assert.equal(await actions('Container Registry Repository Writer'), 'pull,push,metadata_read');

  const catalogue = async (role: string): Promise<string> =>
    actionsIn(await access(server, people.get(role) ?? '', 'registry:catalog:*'));
  assert.equal(await catalogue('Owner'), '401 UNAUTHORIZED');
  assert.equal(await catalogue('Container Registry Repository Reader'), '401 UNAUTHORIZED');
  assert.equal(await catalogue('Container Registry Repository Catalog Lister'), '*');
});

test('lets nobody in whose address the firewall does not know', async (context) => {
  const { arm, id, registry } = await startLab(context);
  const login = await registry('shopreg');
  await arm('PATCH', id('shopreg'), { properties: { networkRuleSet: { defaultAction: 'Deny', ipRules: [] } } });
  const refused = await ask(`https://${login}/v2/`);
  assert.equal(codeIn(refused), '403 DENIED');
  assert.match(refused.text, /client with IP '127\.0\.0\.1' is not allowed access/);
  const ipRules = [{ action: 'Allow', value: '127.0.0.1' }];
  await arm('PATCH', id('shopreg'), { properties: { networkRuleSet: { defaultAction: 'Deny', ipRules } } });
  assert.equal((await ask(`https://${login}/oauth2/token`)).status, 401);
});

function namesIn({ body }: Answer): string {
  return (at(body, 'value') as readonly Json[]).map((each) => textAt(each, 'name')).join(' ');
}

function codeIn({ status, body }: Answer): string {
  return `${status} ${textAt(body, 'errors.0.code') ?? ''}`;
}

/** What the token in an answer allows for its repository. */
function actionsIn(answer: Answer): string {
  const token = textAt(answer.body, 'access_token');
  if (token === undefined) return codeIn(answer);
  const claims: Json = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Json;
  return (at(claims, 'access.0.actions') as readonly string[]).join(',');
}
