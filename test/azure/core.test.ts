import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { at, textAt, type JsonObject } from '../../client/src/azure/json.ts';
import type { LocalAzure } from './local-azure.ts';
import { ask, localAzure, type Answer } from './test-client.ts';

const resources = '2024-03-01';
const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';

void test('a call needs a token that is good', async (context) => {
  const azure = await localAzure(context);
  const { objectId } = azure.user();
  const call = async (token?: string): Promise<string> => {
    const { status, code, headers } = await ask(azure, {
      path: '/subscriptions',
      version: '2022-12-01',
      ...(token === undefined ? {} : { token }),
    });
    assert.match(headers.get('www-authenticate') ?? '', /^Bearer authorization_uri="https:\/\/login\./);
    return `${status} ${code ?? ''}`;
  };
  assert.equal(await call(), '401 AuthenticationFailed');
  assert.equal(await call('nonsense'), '401 InvalidAuthenticationToken');
  const forVaults = azure.core.directory.token(objectId, 'https://vault.azure.net');
  assert.equal(await call(forVaults), '401 InvalidAuthenticationTokenAudience');
});

void test('a subscription belongs to a tenant', async (context) => {
  const azure = await localAzure(context);
  const { tenant, subscription } = azure.guestTenant;
  const path = `/subscriptions/${subscription}/resourceGroups`;
  const home = azure.user();
  const refused = await ask(azure, { path, version: resources, token: home.token });
  assert.deepEqual([refused.status, refused.code], [401, 'InvalidAuthenticationTokenTenant']);
  assert.match(refused.message, new RegExp(`It must match the tenant 'https://sts.windows.net/${tenant}/'`));
  const guest = azure.user({ tenant });
  assert.equal((await ask(azure, { path, version: resources, token: guest.token })).status, 200);
  const listed = await ask(azure, { path: '/subscriptions', version: '2022-12-01', token: guest.token });
  assert.deepEqual(names(listed, 'displayName'), ['Customer production']);
});

void test('paths, methods and api-versions are those that there are', async (context) => {
  const { azure, token, group } = await withGroup(context, { sendsWrong: true });
  const call = async (path: string, version?: string, method: 'GET' | 'PATCH' = 'GET'): Promise<string> => {
    const answer = await ask(azure, { method, path, token, ...(version === undefined ? {} : { version }) });
    return `${answer.status} ${answer.code ?? ''}`;
  };
  assert.equal(await call('/nowhere', resources), '404 NotFound');
  assert.equal(await call(`${group}/providers/Microsoft.Nothing/things/x`, resources), '404 InvalidResourceNamespace');
  assert.equal(await call(`${group}/providers/Microsoft.Web/things/x`, '2023-12-01'), '404 InvalidResourceType');
  assert.equal(
    await call(`${group}/providers/Microsoft.KeyVault/vaults/x`, '2000-01-01'),
    '400 NoRegisteredProviderFound',
  );
  assert.equal(await call(group, '2000-01-01'), '400 InvalidApiVersionParameter');
  assert.equal(await call(group), '400 MissingApiVersionParameter');
  assert.equal(await call(`${group}/resources`, resources, 'PATCH'), '405 MethodNotAllowed');
  assert.equal(await call(group.toUpperCase().replace('/SUBSCRIPTIONS', '/Subscriptions'), resources), '200 ');
  assert.equal(
    await call('/subscriptions/5f0b2d3c-0000-4000-8000-000000000000', '2022-12-01'),
    '404 SubscriptionNotFound',
  );
});

void test('bodies keep to the contract', async (context) => {
  const { azure, token, group } = await withGroup(context, { sendsWrong: true });
  const put = async (body: JsonObject | string | undefined, headers = {}): Promise<Answer> =>
    await ask(azure, {
      method: 'PUT',
      path: `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`,
      version: '2023-09-01',
      token,
      headers,
      ...(body === undefined ? {} : { body }),
    });
  const problems = async (body: JsonObject): Promise<string> => {
    const { status, code, message } = await put(body);
    assert.deepEqual([status, code], [400, 'InvalidRequestContent']);
    return message.replace('The request content was invalid and could not be deserialized: ', '');
  };
  assert.equal(await problems({}), "'location' is missing.");
  assert.equal(
    await problems({ location: 'westeurope', properties: { retentionInDays: '30', retention: 30 } }),
    "'properties.retentionInDays' must be a number; 'properties.retention' is unknown.",
  );
  assert.equal(
    await problems({ location: 'westeurope', properties: { sku: { capacityReservationLevel: 100 } } }),
    "'properties.sku.name' is missing.",
  );
  assert.equal(await problems({ location: 'westeurope', tags: { a: 1 } }), "'tags.a' must be text.");
  assert.deepEqual((await put('{')).code, 'InvalidRequestContent');
  assert.deepEqual((await put('{}', { 'content-type': 'text/plain' })).status, 415);
  const bare = await ask(azure, {
    method: 'POST',
    path: `${group}/providers/Microsoft.OperationalInsights/workspaces/logs/sharedKeys`,
    version: '2020-08-01',
    token,
    body: { a: 1 },
  });
  assert.match(bare.message, /takes no body$/);
});

void test('resources are where they were made, in places that there are', async (context) => {
  const { azure, token, group } = await withGroup(context);
  const put = async (path: string, location: string): Promise<string> => {
    const version = path.includes('/providers/') ? '2023-01-31' : resources;
    const { status, code } = await ask(azure, { method: 'PUT', path, version, token, body: { location } });
    return `${status} ${code ?? ''}`;
  };
  const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one`;
  assert.equal(await put(identity, 'the moon'), '400 LocationNotAvailableForResourceType');
  assert.equal(await put(identity, 'West Europe'), '201 ');
  assert.equal(await put(identity, 'westeurope'), '200 ');
  assert.equal(await put(identity, 'eastus'), '409 InvalidResourceLocation');
  assert.equal(await put(group, 'eastus'), '409 InvalidResourceGroupLocation');
  assert.equal(await put(group.replace('/shop', '/other'), 'the moon'), '400 LocationNotAvailableForResourceGroup');
  assert.equal(await put(identity.replace('/shop/', '/nothing/'), 'eastus'), '404 ResourceGroupNotFound');
});

void test('what is not there is told apart', async (context) => {
  const { azure, token, group } = await withGroup(context);
  const get = async (path: string): Promise<Answer> => await ask(azure, { path, version: '2023-01-31', token });
  const identity = 'providers/Microsoft.ManagedIdentity/userAssignedIdentities/one';
  const missing = await get(`${group}/${identity}`);
  assert.deepEqual([missing.status, missing.code], [404, 'ResourceNotFound']);
  assert.match(
    missing.message,
    /^The Resource 'Microsoft.ManagedIdentity\/userAssignedIdentities\/one' under resource group 'shop' /,
  );
  assert.equal((await get(`${group}s/${identity}`)).code, 'ResourceGroupNotFound');
  const head = await ask(azure, { method: 'HEAD', path: `${group}s`, version: resources, token });
  assert.equal(head.status, 404);
});

void test('rights are asked for, action by action', async (context) => {
  const { azure, group } = await withGroup(context);
  const reader = azure.user({ roles: ['Reader'] });
  const contributor = azure.user({ roles: ['Contributor'] });
  assert.equal((await ask(azure, { path: group, version: resources, token: reader.token })).status, 200);
  const write = await ask(azure, {
    method: 'PUT',
    path: group,
    version: resources,
    token: reader.token,
    body: { location: 'westeurope' },
  });
  assert.deepEqual([write.status, write.code], [403, 'AuthorizationFailed']);
  assert.match(
    write.message,
    new RegExp(
      `object id '${reader.objectId}' .* action 'Microsoft.Resources/subscriptions/resourceGroups/write' over scope '${group}'`,
    ),
  );
  const assign = await putRole(azure, contributor.token, group, { principalId: reader.objectId });
  assert.deepEqual([assign.status, assign.code], [403, 'AuthorizationFailed']);
  const permissions = await ask(azure, {
    path: `${group}/providers/Microsoft.Authorization/permissions`,
    version: '2022-04-01',
    token: reader.token,
  });
  assert.deepEqual(at(permissions.body, 'value.0.actions'), ['*/read']);
});

void test('principals and roles take a while to spread', async (context) => {
  const { azure, token, group } = await withGroup(context, { times: { replication: 150 } });
  context.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const path = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one`;
  const made = await ask(azure, {
    method: 'PUT',
    path,
    version: '2023-01-31',
    token,
    body: { location: 'westeurope' },
  });
  const principalId = textAt(made.body, 'properties.principalId') ?? '';
  const early = await putRole(azure, token, group, { principalId });
  assert.deepEqual([early.status, early.code], [400, 'PrincipalNotFound']);
  const wrongKind = await putRole(azure, token, group, { principalId, principalType: 'User' });
  assert.equal(wrongKind.code, 'UnmatchedPrincipalType');
  const named = await putRole(azure, token, group, { principalId, principalType: 'ServicePrincipal' });
  assert.equal(named.status, 201);
  const pull = 'Microsoft.ContainerRegistry/registries/pull/read';
  assert.equal(azure.core.directory.may(principalId, pull, group), false);
  context.mock.timers.tick(150);
  const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/r`;
  assert.equal(azure.core.directory.may(principalId, pull, registry), true);
  assert.equal(azure.core.directory.may(principalId, pull, group.replace('/shop', '/shop2')), false);

  const again = await putRole(azure, token, group, { principalId, principalType: 'ServicePrincipal' });
  assert.equal(again.status, 200);
  const twin = await putRole(azure, token, group, { principalId }, '11111111-1111-4111-8111-111111111111');
  assert.deepEqual([twin.status, twin.code], [409, 'RoleAssignmentExists']);
  const nobody = await putRole(
    azure,
    token,
    group,
    { principalId: crypto.randomUUID(), principalType: 'ServicePrincipal' },
    '22222222-1111-4111-8111-111111111111',
  );
  assert.equal(nobody.code, 'PrincipalNotFound');
  const listed = await ask(azure, {
    path: `${group}/providers/Microsoft.Authorization/roleAssignments`,
    version: '2022-04-01',
    query: { $filter: `principalId eq '${principalId}'` },
    token,
  });
  assert.deepEqual(names(listed, 'properties.principalId'), [principalId]);
});

void test('providers must be registered, which takes a while', async (context) => {
  const { azure, token, group } = await withGroup(context, { providers: [] });
  const vault = async (): Promise<Answer> =>
    await ask(azure, {
      method: 'PUT',
      path: `${group}/providers/microsoft.keyvault/vaults/secret`,
      version: '2023-07-01',
      token,
      body: { location: 'westeurope', properties: { tenantId: azure.tenant, sku: { family: 'A', name: 'standard' } } },
    });
  const refused = await vault();
  assert.deepEqual([refused.status, refused.code], [409, 'MissingSubscriptionRegistration']);
  assert.equal(textAt(refused.body, 'error.details.0.target'), 'Microsoft.KeyVault');
  const provider = `/subscriptions/${azure.subscription}/providers/Microsoft.KeyVault`;
  const state = async (): Promise<string | undefined> =>
    textAt((await ask(azure, { path: provider, version: resources, token })).body, 'registrationState');
  assert.equal(await state(), 'NotRegistered');
  const register = await ask(azure, { method: 'POST', path: `${provider}/register`, version: resources, token });
  assert.equal(textAt(register.body, 'registrationState'), 'Registering');
  await until(async () => (await state()) === 'Registered');
  assert.equal((await vault()).status, 201);
});

void test('locks and policies hold', async (context) => {
  const { azure, token, group } = await withGroup(context);
  const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one`;
  const put = async (location: string): Promise<Answer> =>
    await ask(azure, { method: 'PUT', path: identity, version: '2023-01-31', token, body: { location } });
  azure.place(`/subscriptions/${azure.subscription}/providers/Microsoft.Authorization/policyAssignments/places`, {
    properties: {
      displayName: 'Allowed locations',
      policyRule: { if: { field: 'location', notIn: ['westeurope'] }, then: { effect: 'deny' } },
    },
  });
  const denied = await put('eastus');
  assert.deepEqual([denied.status, denied.code], [403, 'RequestDisallowedByPolicy']);
  assert.match(denied.message, /"policyAssignment":\{"name":"Allowed locations"/);
  assert.equal((await put('westeurope')).status, 201);

  azure.place(`${group}/providers/Microsoft.Authorization/locks/keep`, { properties: { level: 'CanNotDelete' } });
  assert.equal((await put('westeurope')).status, 200);
  const kept = await ask(azure, { method: 'DELETE', path: identity, version: '2023-01-31', token });
  assert.deepEqual([kept.status, kept.code], [409, 'ScopeLocked']);
  azure.place(`${group}/providers/Microsoft.Authorization/locks/keep`, { properties: { level: 'ReadOnly' } });
  assert.equal((await put('westeurope')).code, 'ScopeLocked');
});

void test('nothing is written to a disabled subscription', async (context) => {
  const azure = await localAzure(context);
  const { token } = azure.user();
  const listed = await ask(azure, { path: '/subscriptions', version: '2022-12-01', token });
  const old = textAt(listed.body, 'value.1.id') ?? '';
  const refused = await ask(azure, {
    method: 'PUT',
    path: `${old}/resourceGroups/x`,
    version: resources,
    token,
    body: { location: 'westeurope' },
  });
  assert.deepEqual([refused.status, refused.code], [409, 'ReadOnlyDisabledSubscription']);
});

void test('lists come in pages', async (context) => {
  const { azure, token, group } = await withGroup(context);
  for (const name of ['a', 'b', 'c', 'd']) {
    await ask(azure, {
      method: 'PUT',
      path: group.replace('/shop', `/${name}`),
      version: resources,
      token,
      body: { location: 'westeurope' },
    });
  }
  const path = `/subscriptions/${azure.subscription}/resourcegroups`;
  const first = await ask(azure, { path, version: resources, token });
  assert.deepEqual(names(first, 'name'), ['shop', 'a', 'b']);
  const next = textAt(first.body, 'nextLink') ?? '';
  assert.match(next, /^https:\/\/management\.azure\.com\/subscriptions\/.*skiptoken/);
  const second = await ask(azure, { path: next, token });
  assert.deepEqual([names(second, 'name'), second.body['nextLink']], [['c', 'd'], undefined]);
  assert.equal((await ask(azure, { path: next.replace('skiptoken=', 'skiptoken=x'), token })).code, 'InvalidSkipToken');
});

async function withGroup(
  context: Parameters<typeof localAzure>[0],
  options: Parameters<typeof localAzure>[1] = {},
): Promise<{ readonly azure: LocalAzure; readonly token: string; readonly group: string }> {
  const azure = await localAzure(context, options);
  const { token } = azure.user();
  const group = `/subscriptions/${azure.subscription}/resourceGroups/shop`;
  const made = await ask(azure, {
    method: 'PUT',
    path: group,
    version: resources,
    token,
    body: { location: 'westeurope' },
  });
  assert.equal(made.status, 201);
  return { azure, token, group };
}

async function putRole(
  azure: LocalAzure,
  token: string,
  scope: string,
  properties: JsonObject,
  name = '33333333-1111-4111-8111-111111111111',
): Promise<Answer> {
  const roleDefinitionId = `/subscriptions/${azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`;
  return await ask(azure, {
    method: 'PUT',
    path: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    version: '2022-04-01',
    token,
    body: { properties: { roleDefinitionId, ...properties } },
  });
}

function names(answer: Answer, path: string): readonly unknown[] {
  const value = answer.body['value'];
  return Array.isArray(value) ? value.map((one: JsonObject) => at(one, path)) : [];
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, 'it never came to be');
    await delay(10);
  }
}
