import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { at, textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import { startLab, type Lab } from './lab.ts';
import { mergePatch } from './json-edit.ts';

test('makes an environment only with a workspace that is there, and its key', async (context) => {
  const { lab, environment } = await startLabOf(context);
  const workspace = `${lab.group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
  await lab.run('PUT', workspace, { location: 'westeurope', properties: { sku: { name: 'PerGB2018' } } });
  const customerId = textAt((await lab.call('GET', workspace)).body, 'properties.customerId') ?? '';
  const keys = await lab.arm('POST', `${workspace}/sharedKeys`, undefined, { version: '2020-08-01' });
  const sharedKey = textAt(keys.body, 'primarySharedKey') ?? '';
  const body = (logAnalyticsConfiguration: JsonObject): JsonObject => ({
    location: 'westeurope',
    properties: {
      appLogsConfiguration: { destination: 'log-analytics', logAnalyticsConfiguration },
      workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }],
    },
  });
  const refused = async (configuration: JsonObject): Promise<string> =>
    textAt((await lab.run('PUT', environment, body(configuration))).error, 'message') ?? '';
  const nobody = '00000000-0000-0000-0000-000000000001';
  assert.match(await refused({ customerId: nobody, sharedKey }), /CustomerId is invalid/);
  assert.match(await refused({ customerId, sharedKey: 'c29tZQ==' }), /SharedKey is invalid/);

  const made = await lab.run('PUT', environment, body({ customerId, sharedKey }));
  assert.equal(made.first.status, 201);
  assert.equal(textAt(made.first.body, 'properties.provisioningState'), 'Waiting');
  assert.match(String(made.first.headers['azure-asyncoperation']), /\/managedEnvironmentOperationStatuses\//);
  assert.equal(made.status, 'Succeeded');
  const there = await lab.call('GET', environment);
  assert.equal(there.text.includes(sharedKey), false);
  assert.match(textAt(there.body, 'properties.defaultDomain') ?? '', /\.westeurope\.azurecontainerapps\.io$/);
  assert.equal((await lab.run('DELETE', environment)).last.status, 204);
  assert.equal((await lab.call('GET', environment)).status, 404);
});

const cases: readonly (readonly [string, string, JsonObject])[] = [
  [
    'an unknown revision in the traffic',
    'ContainerAppInvalidTraffic',
    traffic({ revisionName: 'shop--v9', weight: 100 }),
  ],
  ['weights that are not a hundred', 'ContainerAppInvalidTraffic', traffic({ latestRevision: true, weight: 90 })],
  [
    'a split in Single mode',
    'ContainerAppInvalidTraffic',
    traffic({ latestRevision: true, weight: 50 }, { latestRevision: true, weight: 50, label: 'a' }),
  ],
  [
    'a label twice',
    'ContainerAppInvalidTraffic',
    mode(
      'Multiple',
      traffic({ latestRevision: true, weight: 100, label: 'a' }, { latestRevision: true, weight: 0, label: 'a' }),
    ),
  ],
  [
    'half as much memory as there must be',
    'ContainerAppInvalidResourceTotal',
    container({ resources: { cpu: 0.5, memory: '0.5Gi' } }),
  ],
  [
    'a secret that is not there',
    'ContainerAppSecretRefNotFound',
    container({ env: [{ name: 'A', secretRef: 'nothing' }] }),
  ],
  ['a secret without value', 'ContainerAppSecretInvalid', configuration({ secrets: [{ name: 'a' }] })],
  [
    'a secret of a vault without identity',
    'ContainerAppSecretInvalid',
    configuration({ secrets: [{ name: 'a', keyVaultUrl: 'https://v.vault.azure.net/secrets/a' }] }),
  ],
  [
    'an identity for a vault that the app does not have',
    'ContainerAppSecretIdentityInvalid',
    configuration({ secrets: [{ name: 'a', keyVaultUrl: 'https://v.vault.azure.net/secrets/a', identity: 'system' }] }),
  ],
  [
    'an identity for a registry that the app does not have',
    'ContainerAppRegistryIdentityInvalid',
    configuration({ registries: [{ server: 'a.azurecr.io', identity: 'system' }] }),
  ],
  [
    'a password that is no secret',
    'ContainerAppRegistryPasswordSecretRefNotFound',
    configuration({ registries: [{ server: 'a.azurecr.io', username: 'a', passwordSecretRef: 'b' }] }),
  ],
  ['a suffix that is no name', 'ContainerAppInvalidRevisionName', template({ revisionSuffix: '1.0' })],
  ['an image that is none', 'InvalidParameterValueInContainerTemplate', container({ image: 'no image' })],
  [
    'a probe without port',
    'InvalidParameterValueInContainerTemplate',
    container({ probes: [{ type: 'Liveness', httpGet: { path: '/', port: 0 } }] }),
  ],
  [
    'a processor rule with a number',
    'ContainerAppScaleRuleInvalid',
    template({
      scale: { rules: [{ name: 'cpu', custom: { type: 'cpu', metadata: { type: 'Utilization', value: 'x' } } }] },
    }),
  ],
  [
    'an environment that is not there',
    'ManagedEnvironmentNotFound',
    { properties: { environmentId: '/subscriptions/a' } },
  ],
  ['another region than the environment', 'ContainerAppEnvironmentLocationMismatch', { location: 'northeurope' }],
];

test('refuses at once what Container Apps refuses', async (context) => {
  const { lab, environment, app } = await startLabOf(context);
  await lab.run('PUT', environment, { location: 'westeurope', properties: {} });
  for (const [what, code, change] of cases) {
    const body = mergePatch(appBody(environment), change) as JsonObject;
    const answer = await lab.call('PUT', app, body);
    assert.equal(`${answer.status} ${textAt(answer.body, 'error.code') ?? ''}`, `400 ${code}`, what);
  }
  assert.equal((await lab.call('GET', app)).status, 404);
  const named = await lab.call('PUT', app.replace(/shop$/, 'Shop_1'), appBody(environment));
  assert.equal(textAt(named.body, 'error.code'), 'ContainerAppInvalidName');
  const unknown = await lab.call(
    'PUT',
    app,
    mergePatch(appBody(environment), { properties: { template: { container: [] } } }) as JsonObject,
  );
  assert.equal(unknown.status, 400);
});

test('keeps the values of secrets to itself, and loses them to a PUT of what a GET gave', async (context) => {
  const { lab, environment, app } = await startLabOf(context);
  await lab.run('PUT', environment, { location: 'westeurope', properties: {} });
  const body = mergePatch(appBody(environment), {
    properties: {
      configuration: { secrets: [{ name: 'key', value: 'very-secret' }], ingress: null },
      template: {
        containers: [{ name: 'web', image: 'nowhere.example/app:1', env: [{ name: 'KEY', secretRef: 'key' }] }],
      },
    },
  }) as JsonObject;
  const made = await lab.run('PUT', app, body);
  // There is no such registry, but the app is there.
  assert.equal(textAt(made.error, 'code'), 'ContainerAppOperationError');
  const there = await lab.call('GET', app);
  assert.equal(there.text.includes('very-secret'), false);
  assert.deepEqual(at(there.body, 'properties.configuration.secrets'), [{ name: 'key' }]);
  const listed = await lab.call('POST', `${app}/listSecrets`);
  assert.deepEqual(listed.body, { value: [{ name: 'key', value: 'very-secret' }] });

  const back = await lab.call('PUT', app, there.body as JsonObject);
  assert.equal(textAt(back.body, 'error.code'), 'ContainerAppSecretInvalid');
  assert.match(
    textAt(back.body, 'error.message') ?? '',
    /name\(s\) 'key' are invalid: value or keyVaultUrl and identity should be provided/,
  );

  const single = { location: 'westeurope', properties: { configuration: { activeRevisionsMode: 'single' } } };
  await lab.run('PATCH', app, single);
  assert.equal(at((await lab.call('GET', app)).body, 'properties.configuration.ingress'), undefined);

  // A PATCH keeps them, and replaces lists whole.
  const tags = await lab.run('PATCH', app, { location: 'westeurope', tags: { a: 'b' } });
  assert.equal(tags.first.status, 202);
  assert.deepEqual((await lab.call('POST', `${app}/listSecrets`)).body, {
    value: [{ name: 'key', value: 'very-secret' }],
  });
  const other = { configuration: { secrets: [{ name: 'other', value: 'x' }] } };
  const lost = await lab.call('PATCH', app, { location: 'westeurope', properties: other });
  assert.equal(textAt(lost.body, 'error.code'), 'ContainerAppSecretRefNotFound');
  assert.equal(JSON.stringify(lab.azure.resource(app)).includes('very-secret'), false);
});

test('lets one operation go on at a time, and an environment with apps stay', async (context) => {
  // Long enough that the second call comes while the first one's operation goes on.
  const { lab, environment, app } = await startLabOf(context, { operation: 1500 });
  await lab.run('PUT', environment, { location: 'westeurope', properties: {} });
  const first = await lab.call('PUT', app, appBody(environment));
  assert.equal(first.status, 201);
  const second = await lab.call('PUT', app, appBody(environment));
  assert.equal(`${second.status} ${textAt(second.body, 'error.code') ?? ''}`, '409 ContainerAppOperationInProgress');
  await lab.azure.settled();
  const gone = await lab.call('DELETE', environment);
  assert.equal(gone.status, 409);
  const name = { name: 'shop', type: 'Microsoft.App/containerApps' };
  const taken = await lab.call('POST', `${environment}/checkNameAvailability`, name);
  assert.equal(at(taken.body, 'nameAvailable'), false);
  const free = await lab.call('POST', `${environment}/checkNameAvailability`, { ...name, name: 'other' });
  assert.equal(at(free.body, 'nameAvailable'), true);
  const all = await lab.call('GET', `/subscriptions/${lab.azure.subscription}/providers/Microsoft.App/containerApps`);
  assert.deepEqual(
    (at(all.body, 'value') as readonly Json[]).map((one) => textAt(one, 'name')),
    ['shop'],
  );
});

async function startLabOf(
  context: TestContext,
  times: { readonly operation?: number } = {},
): Promise<{ lab: Lab; environment: string; app: string }> {
  const lab = await startLab(context, { times }, false);
  const provider = `${lab.group}/providers/Microsoft.App`;
  return { lab, environment: `${provider}/managedEnvironments/env`, app: `${provider}/containerApps/shop` };
}

function appBody(environmentId: string): JsonObject {
  return {
    location: 'westeurope',
    properties: {
      environmentId,
      configuration: { ingress: { external: true, targetPort: 80 } },
      template: { containers: [{ name: 'web', image: 'nowhere.example/app:1' }] },
    },
  };
}

function configuration(change: JsonObject): JsonObject {
  return { properties: { configuration: change } };
}

function traffic(...entries: readonly JsonObject[]): JsonObject {
  return configuration({ ingress: { traffic: entries } });
}

function mode(activeRevisionsMode: string, change: JsonObject): JsonObject {
  return mergePatch(change, configuration({ activeRevisionsMode })) as JsonObject;
}

function template(change: JsonObject): JsonObject {
  return { properties: { template: change } };
}

function container(change: JsonObject): JsonObject {
  return template({ containers: [{ name: 'web', image: 'nowhere.example/app:1', ...change }] });
}
