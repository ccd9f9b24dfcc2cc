import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { TestContext } from 'node:test';
import { at, textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import { dockerTest } from '../../docker/docker.ts';
import { askHost, eventually, startLab, type Ended, type Lab } from './lab.ts';

dockerTest('runs an app, makes revisions of it, splits and promotes', async (context) => {
  const { lab, put, app, get, pages } = await startApps(context);
  const one = await lab.push('shop:1', 'one');
  const two = await lab.push('shop:2', 'two');

  const made = await put({ image: one, suffix: 'v1', mode: 'Multiple', env: [{ name: 'GREETING', value: 'hello' }] });
  assert.equal(made.first.status, 201);
  assert.equal(textAt(made.first.body, 'properties.provisioningState'), 'InProgress');
  assert.match(textAt(made.first.body, 'id') ?? '', /\/Microsoft\.App\/containerapps\/shop$/);
  assert.equal(made.status, 'Succeeded', JSON.stringify(made.error));
  const first = await get(app);
  assert.equal(textAt(first, 'properties.latestReadyRevisionName'), 'shop--v1');
  assert.equal(textAt(first, 'properties.configuration.activeRevisionsMode'), 'Multiple');
  const fqdn = textAt(first, 'properties.configuration.ingress.fqdn') ?? '';
  assert.deepEqual(await pages(fqdn, 1), { 'one hello': 1 });

  // All traffic is on the first until it is told otherwise.
  const pinned = await patch(lab, app, { traffic: [{ revisionName: 'shop--v1', weight: 100 }] });
  assert.equal(pinned.first.status, 202);
  assert.equal(pinned.status, 'Succeeded');
  const second = await put({
    image: two,
    suffix: 'v2',
    mode: 'Multiple',
    traffic: [{ revisionName: 'shop--v1', weight: 100 }],
  });
  assert.equal(second.first.status, 201);
  assert.equal(second.status, 'Succeeded', JSON.stringify(second.error));
  assert.deepEqual(await pages(fqdn, 5), { 'one hello': 5 });
  const candidate = textAt(await get(app), 'properties.latestRevisionFqdn') ?? '';
  assert.notEqual(candidate, fqdn);
  assert.deepEqual(await pages(candidate, 1), { two: 1 });

  const half = [
    { revisionName: 'shop--v1', weight: 50 },
    { revisionName: 'shop--v2', weight: 50, label: 'next' },
  ];
  await patch(lab, app, { traffic: half });
  assert.deepEqual(await pages(fqdn, 20), { 'one hello': 10, two: 10 });
  assert.equal((await askHost(`https://${fqdn}/`, { headers: { host: 'shop---next.local' } })).text, 'two \n');
  const revisions = (await get(`${app}/revisions`))['value'] as readonly Json[];
  assert.deepEqual(
    revisions.map((one) => [
      textAt(one, 'name'),
      at(one, 'properties.trafficWeight'),
      textAt(one, 'properties.runningState'),
    ]),
    [
      ['shop--v1', 50, 'Running'],
      ['shop--v2', 50, 'Running'],
    ],
  );

  await patch(lab, app, { traffic: [{ latestRevision: true, weight: 100 }] });
  assert.deepEqual(await pages(fqdn, 4), { two: 4 });
  assert.equal((await lab.call('POST', `${app}/revisions/shop--v1/deactivate`)).status, 200);
  assert.equal(at(await get(`${app}/revisions/shop--v1`), 'properties.active'), false);
  assert.equal(textAt(await get(`${app}/revisions/shop--v1`), 'properties.runningState'), 'Stopped');
  assert.equal((await askHost(`https://${textAt(revisions[0], 'properties.fqdn') ?? ''}/`)).status, 404);

  // And back.
  assert.equal((await lab.call('POST', `${app}/revisions/shop--v1/activate`)).status, 200);
  await patch(lab, app, { traffic: [{ revisionName: 'shop--v1', weight: 100 }] });
  assert.deepEqual(await pages(fqdn, 3), { 'one hello': 3 });

  // In Single mode the latest has it all, and the others rest.
  const single = { location: 'westeurope', properties: { configuration: { activeRevisionsMode: 'single' } } };
  assert.equal((await lab.run('PATCH', app, single)).status, 'Succeeded');
  assert.deepEqual(await pages(fqdn, 2), { two: 2 });
  assert.equal(at(await get(`${app}/revisions/shop--v1`), 'properties.active'), false);

  const gone = await lab.run('DELETE', app);
  assert.equal(gone.first.status, 202);
  assert.equal(gone.last.status, 204);
  await assert.rejects(askHost(`https://${fqdn}/`), /ECONNREFUSED/);
  assert.equal((await lab.call('GET', app)).status, 404);
});

dockerTest('starts a container on the first request, and lets it rest when there are no more', async (context) => {
  const { lab, put, app, get, pages } = await startApps(context, { idle: 300 });
  await put({ image: await lab.push('shop:1', 'one'), suffix: 'v1' });
  const state = async (): Promise<readonly unknown[]> => {
    const revision = await get(`${app}/revisions/shop--v1`);
    return [at(revision, 'properties.replicas'), textAt(revision, 'properties.runningState')];
  };
  await eventually(async () => (await state())[0] === 0);
  assert.deepEqual(await state(), [0, 'ScaledToZero']);
  const fqdn = textAt(await get(app), 'properties.configuration.ingress.fqdn') ?? '';
  assert.deepEqual(await pages(fqdn, 2), { one: 2 });
  assert.deepEqual(await state(), [1, 'Running']);
});

dockerTest('fails as Azure does while the role has not spread, and works when it has', async (context) => {
  const { lab, put, app, get, pages, identity } = await startApps(context, {}, false);
  const image = await lab.push('shop:1', 'one');
  const early = await put({ image });
  assert.equal(early.status, 'Failed');
  assert.equal(textAt(early.error, 'code'), 'ContainerAppOperationError');
  assert.match(
    textAt(early.error, 'message') ?? '',
    /^Failed to provision revision for container app 'shop'\. Error details: The following field\(s\) are either invalid or missing\. Field 'template\.containers\.web\.image' is invalid with details: 'Invalid value: ".*shop:1": GET https:\?scope=repository%3Ashop%3Apull&service=.*: UNAUTHORIZED: authentication required/,
  );
  assert.equal(textAt(await get(app), 'properties.provisioningState'), 'Failed');
  assert.deepEqual((await get(`${app}/revisions`))['value'], []);

  const principal = textAt((await lab.call('GET', identity)).body, 'properties.principalId') ?? '';
  lab.azure.grant(principal, 'AcrPull', lab.id('shopreg'));
  const again = await put({ image });
  assert.equal(again.status, 'Succeeded', JSON.stringify(again.error));
  assert.deepEqual(await pages(textAt(await get(app), 'properties.configuration.ingress.fqdn') ?? '', 1), { one: 1 });

  // A suffix stays where a PATCH does not say another, and is taken.
  await put({ image, suffix: 'v1' });
  const container = at(await get(app), 'properties.template.containers.0') as JsonObject;
  const changed = { ...container, env: [{ name: 'GREETING', value: 'hello' }] };
  const taken = await lab.run('PATCH', app, {
    location: 'westeurope',
    properties: { template: { containers: [changed] } },
  });
  assert.match(errorText(taken), /'template\.revisionsuffix' is invalid .*revision with suffix v1 already exists/);

  const missing = await put({ image: image.replace(/:1$/, ':9') });
  assert.match(textAt(missing.error, 'message') ?? '', /MANIFEST_UNKNOWN: manifest tagged by "9" is not found/);
  assert.deepEqual(await pages(textAt(await get(app), 'properties.configuration.ingress.fqdn') ?? '', 1), { one: 1 });
});

dockerTest('keeps the old revision where the new one is not well', async (context) => {
  const { lab, put, app, get, pages } = await startApps(context);
  const one = await lab.push('shop:1', 'one');
  await put({ image: one, suffix: 'v1' });
  const probes = [
    { type: 'Liveness', httpGet: { path: '/nothing', port: 8080 }, periodSeconds: 2, failureThreshold: 1 },
  ];
  const sick = await put({ image: await lab.push('shop:2', 'two'), suffix: 'v2', probes });
  assert.equal(sick.status, 'Failed');
  assert.match(textAt(sick.error, 'message') ?? '', /Operation expired/);
  const now = await get(app);
  assert.equal(textAt(now, 'properties.latestRevisionName'), 'shop--v2');
  assert.equal(textAt(now, 'properties.latestReadyRevisionName'), 'shop--v1');
  const fqdn = textAt(now, 'properties.configuration.ingress.fqdn') ?? '';
  assert.deepEqual(await pages(fqdn, 3), { one: 3 });
  const revision = await get(`${app}/revisions/shop--v2`);
  assert.equal(textAt(revision, 'properties.provisioningState'), 'Failed');
  assert.equal(textAt(revision, 'properties.healthState'), 'Unhealthy');
  assert.match(
    textAt(revision, 'properties.provisioningError') ?? '',
    /Probe of Liveness failed with status code: 404/,
  );

  const ok = { path: '/healthz', port: 8080 };
  const well = [{ ...probes[0], httpGet: ok, failureThreshold: 10 }] as readonly JsonObject[];
  const cured = await put({ image: one, suffix: 'v3', probes: well });
  assert.equal(cured.status, 'Succeeded', JSON.stringify(cured.error));
  const states = ((await get(`${app}/revisions`))['value'] as readonly Json[]).map((each) =>
    at(each, 'properties.active'),
  );
  assert.deepEqual(states, [false, false, true]);
});

dockerTest('streams logs and events, with the token of the app alone', async (context) => {
  const { lab, put, app, get } = await startApps(context);
  await put({ image: await lab.push('shop:1', 'one'), suffix: 'v1' });
  const replicas = (await get(`${app}/revisions/shop--v1/replicas`))['value'] as readonly Json[];
  const endpoint = textAt(replicas[0], 'properties.containers.0.logStreamEndpoint') ?? '';
  assert.equal(at(replicas[0], 'properties.containers.0.ready'), true);
  const url = `${endpoint}?follow=false&tailLines=100&output=text`;
  assert.equal((await askHost(url, { headers: { authorization: `Bearer ${lab.token}` } })).status, 401);
  const token = textAt((await lab.call('POST', `${app}/getAuthtoken`)).body, 'properties.token') ?? '';
  const log = await askHost(url, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(log.headers['transfer-encoding'], 'chunked');
  assert.match(log.text, /Successfully Connected to container: 'web'.*\n\S+Z started one\n/);
  const events = textAt(await get(app), 'properties.eventStreamEndpoint') ?? '';
  const told = (await askHost(`${events}?follow=false`, { headers: { authorization: `Bearer ${token}` } })).text;
  assert.match(told, /"Reason":"ContainerStarted"/);
  assert.match(told, /"Reason":"RevisionReady"/);
});

dockerTest('follows the log while lines come', async (context) => {
  const { lab, put, app, get } = await startApps(context);
  const command = ['sh', '-c', 'httpd -p 8080 -h /etc; while sleep 0.2; do echo tick; done'];
  await put({ image: await lab.push('shop:1', 'one'), suffix: 'v1', command });
  const replicas = (await get(`${app}/revisions/shop--v1/replicas`))['value'] as readonly Json[];
  const endpoint = textAt(replicas[0], 'properties.containers.0.logStreamEndpoint') ?? '';
  const token = textAt((await lab.call('POST', `${app}/getAuthtoken`)).body, 'properties.token') ?? '';
  const stream = request(`${endpoint}?follow=true&tailLines=0&output=text`, {
    headers: { authorization: `Bearer ${token}` },
    rejectUnauthorized: false,
  }).end();
  const [answer] = (await once(stream, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    text += String(chunk);
    if ((text.match(/Z tick\n/g) ?? []).length >= 2) break;
  }
  assert.match(text, /Z tick\n/);
});

dockerTest('lets azure-cli have its way: a placeholder first, then its own identity and the image', async (context) => {
  const { lab, app, environment, get, pages } = await startApps(context, {}, true, true);
  const image = await lab.push('shop:1', 'one');
  // As recorded, with its nulls.
  const body = (
    registries: JsonObject[] | null,
    image: string,
    targetPort: number,
    suffix: string | null,
  ): JsonObject => ({
    location: 'West Europe',
    identity: { type: 'SystemAssigned', userAssignedIdentities: null },
    properties: {
      environmentId: environment,
      configuration: {
        secrets: null,
        activeRevisionsMode: 'single',
        ingress: { external: true, targetPort, transport: 'auto', allowInsecure: false, traffic: null },
        registries,
      },
      template: { revisionSuffix: suffix, containers: [{ image, name: 'shop' }], scale: null },
    },
    tags: null,
  });
  const first = await lab.run('PUT', app, body(null, 'mcr.microsoft.com/k8se/quickstart:latest', 80, null));
  assert.equal(first.status, 'Succeeded', JSON.stringify(first.error));
  const principal = textAt(first.first.body, 'identity.principalId') ?? '';
  const registries = [{ server: lab.server, username: null, passwordSecretRef: null, identity: 'system' }];
  const early = await lab.run('PUT', app, body(registries, image, 8080, 'test1'));
  assert.match(errorText(early), /UNAUTHORIZED/);
  lab.azure.grant(principal, 'AcrPull', lab.id('shopreg'));
  const second = await lab.run('PUT', app, body(registries, image, 8080, 'test1'));
  assert.equal(second.first.status, 201);
  assert.equal(second.status, 'Succeeded', JSON.stringify(second.error));
  const there = await get(app);
  assert.equal(textAt(there, 'identity.principalId'), principal);
  assert.equal(textAt(there, 'properties.latestRevisionName'), 'shop--test1');
  assert.deepEqual(await pages(textAt(there, 'properties.configuration.ingress.fqdn') ?? '', 2), { one: 2 });
});

dockerTest(
  'reads secrets from a vault as the identity may, and keeps no more revisions than it shall',
  async (context) => {
    const { lab, app, environment, identity, get, pages } = await startApps(context);
    const image = await lab.push('shop:1', 'one');
    const vault = `${lab.group}/providers/Microsoft.KeyVault/vaults/v1`;
    lab.azure.place(vault, { location: 'westeurope', properties: { vaultUri: 'https://v1.vault.azure.net/' } });
    lab.azure.place(`${vault}/secrets/greeting`, { properties: { value: 'from the vault' } });
    const put = (suffix: string): Promise<Ended> =>
      lab.run('PUT', app, {
        location: 'westeurope',
        identity: { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } },
        properties: {
          environmentId: environment,
          configuration: {
            maxInactiveRevisions: 1,
            ingress: { external: true, targetPort: 8080 },
            registries: [{ server: lab.server, identity }],
            secrets: [{ name: 'greeting', keyVaultUrl: 'https://v1.vault.azure.net/secrets/greeting', identity }],
          },
          template: {
            revisionSuffix: suffix,
            initContainers: [
              {
                name: 'first',
                image,
                command: ['sh', '-c', 'echo prepared'],
                resources: { cpu: 0.25, memory: '0.5Gi' },
              },
            ],
            containers: [
              {
                name: 'web',
                image,
                env: [{ name: 'GREETING', secretRef: 'greeting' }],
                resources: { cpu: 0.5, memory: '1Gi' },
              },
              { name: 'beside', image, command: ['sleep', '1000'], resources: { cpu: 0.25, memory: '0.5Gi' } },
            ],
          },
        },
      });
    assert.match(errorText(await put('v1')), /^Failed to update secrets .*Unable to get value using Managed identity/);
    const principal = textAt((await lab.call('GET', identity)).body, 'properties.principalId') ?? '';
    lab.azure.grant(principal, 'Key Vault Secrets User', vault);
    for (const suffix of ['v1', 'v2', 'v3']) {
      const made = await put(suffix);
      assert.equal(made.status, 'Succeeded', JSON.stringify(made.error));
    }
    const names = ((await get(`${app}/revisions`))['value'] as readonly Json[]).map((one) => textAt(one, 'name'));
    assert.deepEqual(names, ['shop--v2', 'shop--v3']);
    const there = await get(app);
    assert.deepEqual(await pages(textAt(there, 'properties.configuration.ingress.fqdn') ?? '', 1), {
      'one from the vault': 1,
    });
    const replica = await get(`${app}/revisions/shop--v3/replicas`);
    assert.equal(textAt(replica, 'value.0.properties.containers.1.name'), 'beside');
  },
);

dockerTest('stops, starts and restarts an app; answers nobody from outside when it is internal', async (context) => {
  const { lab, put, app, get, pages } = await startApps(context);
  const image = await lab.push('shop:1', 'one');
  await put({ image, suffix: 'v1' });
  const fqdn = textAt(await get(app), 'properties.configuration.ingress.fqdn') ?? '';
  assert.equal((await lab.run('POST', `${app}/stop`)).status, 'Succeeded');
  assert.equal((await askHost(`https://${fqdn}/`)).status, 404);
  assert.equal(textAt(await get(app), 'properties.runningStatus'), 'Stopped');
  assert.equal((await lab.run('POST', `${app}/start`)).status, 'Succeeded');
  assert.deepEqual(await pages(fqdn, 1), { one: 1 });
  const replicas = async (): Promise<string | undefined> =>
    textAt(await get(`${app}/revisions/shop--v1/replicas`), 'value.0.name');
  const before = await replicas();
  assert.equal((await lab.call('POST', `${app}/revisions/shop--v1/restart`)).status, 200);
  await eventually(async () => ![before, undefined].includes(await replicas()));
  await patch(lab, app, { external: false });
  assert.equal((await askHost(`https://${fqdn}/`)).status, 404);
  // What is configuration alone makes no revision.
  assert.equal(((await get(`${app}/revisions`))['value'] as readonly Json[]).length, 1);
});

interface Wanted {
  readonly image: string;
  readonly suffix?: string;
  readonly mode?: string;
  readonly env?: readonly JsonObject[];
  readonly probes?: readonly JsonObject[];
  readonly command?: readonly string[];
  readonly traffic?: readonly JsonObject[];
}

async function startApps(
  context: TestContext,
  times: { readonly idle?: number } = {},
  mayPull = true,
  sendsWrong = false,
) {
  // The documents know no nulls in requests, of which azure-cli sends many.
  const lab = await startLab(context, { times, sendsWrong });
  const provider = `${lab.group}/providers/Microsoft.App`;
  const environment = `${provider}/managedEnvironments/env`;
  const app = `${provider}/containerApps/shop`;
  const body = { location: 'westeurope', properties: { appLogsConfiguration: { destination: '' } } };
  assert.equal((await lab.run('PUT', environment, body)).status, 'Succeeded');
  const identity = await lab.identity('puller', mayPull);
  const put = ({
    image,
    suffix = '',
    mode = 'single',
    env = [],
    probes = [],
    command = [],
    traffic,
  }: Wanted): Promise<Ended> =>
    lab.run('PUT', app, {
      location: 'West Europe',
      identity: { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } },
      properties: {
        environmentId: environment,
        configuration: {
          activeRevisionsMode: mode,
          registries: [{ server: lab.server, identity }],
          ingress: { external: true, targetPort: 8080, ...(traffic !== undefined && { traffic }) },
        },
        template: {
          revisionSuffix: suffix,
          containers: [{ name: 'web', image, env, probes, command, resources: { cpu: 0.5, memory: '1Gi' } }],
          scale: { minReplicas: 0, maxReplicas: 3 },
        },
      },
    });
  const get = async (path: string): Promise<JsonObject> => {
    const answer = await lab.call('GET', path);
    assert.equal(answer.status, 200, answer.text);
    return answer.body as JsonObject;
  };
  const pages = async (fqdn: string, times: number): Promise<Readonly<Record<string, number>>> => {
    const seen: Record<string, number> = {};
    for (let turn = 0; turn < times; turn += 1) {
      const { status, text } = await askHost(`https://${fqdn}/`);
      const page = status === 200 ? text.trim() : String(status);
      seen[page] = (seen[page] ?? 0) + 1;
    }
    return seen;
  };
  return { lab, environment, app, identity, put, get, pages };
}

function errorText({ error }: Ended): string {
  return textAt(error, 'message') ?? '';
}

function patch(lab: Lab, app: string, ingress: JsonObject): Promise<Ended> {
  return lab.run('PATCH', app, { location: 'westeurope', properties: { configuration: { ingress } } });
}
