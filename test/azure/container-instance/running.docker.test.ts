import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { at, textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import { dockerTest } from '../../docker/docker.ts';
import { eventually, startLab, type Ended, type Lab } from '../app/lab.ts';

const version = '2023-05-01';

dockerTest('runs a group that answers on its address, and updates it in place', async (context) => {
  const { lab, put, group, get } = await startGroups(context);
  const image = await lab.push('shop:1', 'one');
  const made = await put({ image, env: [{ name: 'GREETING', secureValue: 'secret-greeting' }], label: 'shop-1234' });
  assert.equal(made.first.status, 201);
  assert.equal(textAt(made.first.body, 'properties.provisioningState'), 'Pending');
  assert.match(String(made.first.headers['azure-asyncoperation']), /\/operations\/[^/]+\?api-version=2018-06-01&/);
  assert.equal(made.status, 'Succeeded', JSON.stringify(made.error));

  const first = await get();
  const ip = textAt(first, 'properties.ipAddress.ip') ?? '';
  assert.match(ip, /^127\./);
  assert.equal(textAt(first, 'properties.ipAddress.fqdn'), ip);
  assert.equal(await page(`http://${ip}:8080/`), 'one secret-greeting\n');
  assert.equal(JSON.stringify(first).includes('secret-greeting'), false);
  assert.equal(textAt(first, 'properties.instanceView.state'), 'Running');
  const container = at(first, 'properties.containers.0.properties.instanceView');
  assert.equal(textAt(container, 'currentState.state'), 'Running');
  assert.deepEqual(
    (at(container, 'events') as readonly Json[]).map((event) => textAt(event, 'name')),
    ['Pulling', 'Pulled', 'Started'],
  );

  const logs = await lab.call('GET', `${group}/containers/shop/logs?tail=5&timestamps=true`, undefined, version);
  assert.match(textAt(logs.body, 'content') ?? '', /^\S+Z started one\n$/);

  // An operation that fails leaves what runs.
  lab.azure.faults.add(/PUT .*containerGroups/, { kind: 'operation', code: 'InternalServerError', message: 'Oh' }, 1);
  const failed = await put({ image, env: [{ name: 'GREETING', value: 'never' }], label: 'shop-1234' });
  assert.equal(failed.status, 'Failed');
  assert.equal(await page(`http://${ip}:8080/`), 'one secret-greeting\n');

  // A PUT of what a GET gave has lost the secret value.
  const round = await lab.run('PUT', group, first, version);
  assert.equal(textAt(round.error, 'code'), 'InvalidEnvironmentVariable');

  const changed = await put({ image, env: [{ name: 'GREETING', value: 'again' }], label: 'shop-1234' });
  assert.equal(changed.first.status, 200);
  assert.equal(changed.status, 'Succeeded');
  assert.equal(textAt(await get(), 'properties.ipAddress.ip'), ip);
  assert.equal(await page(`http://${ip}:8080/`), 'one again\n');

  const tagged = await lab.call('PATCH', group, { tags: { a: 'b' } }, version);
  assert.equal(textAt(tagged.body, 'tags.a'), 'b');
  assert.equal((await lab.call('POST', `${group}/stop`, undefined, version)).status, 204);
  assert.equal(textAt(await get(), 'properties.instanceView.state'), 'Stopped');
  await assert.rejects(fetch(`http://${ip}:8080/`));
  const started = await lab.run('POST', `${group}/start`, undefined, version);
  assert.equal(started.first.status, 202);
  assert.equal(await page(`http://${ip}:8080/`), 'one again\n');

  // A tag that means another image by now is pulled at a restart.
  await lab.push('shop:1', 'two');
  assert.equal((await lab.call('POST', `${group}/restart`, undefined, version)).status, 204);
  assert.equal(
    textAt((await lab.call('POST', `${group}/restart`, undefined, version)).body, 'error.code'),
    'ContainerGroupTransitioning',
  );
  await lab.azure.settled();
  assert.equal(await page(`http://${ip}:8080/`), 'two again\n');

  const gone = await lab.run('DELETE', group, undefined, version);
  assert.equal(gone.status, 'Succeeded');
  assert.equal((await lab.call('GET', group, undefined, version)).status, 404);
  assert.equal((await lab.call('DELETE', group, undefined, version)).status, 204);
});

dockerTest('restarts what ends as its policy says, and tells how it ended', async (context) => {
  const { lab, put, get } = await startGroups(context);
  const image = await lab.push('job:1', 'job');
  await put({ image, restart: 'Never', command: ['sh', '-c', 'echo done; exit 3'] });
  const state = async (): Promise<readonly unknown[]> => {
    const group = await get();
    const view = at(group, 'properties.containers.0.properties.instanceView');
    return [
      textAt(group, 'properties.instanceView.state'),
      textAt(view, 'currentState.state'),
      at(view, 'currentState.exitCode'),
      textAt(view, 'currentState.detailStatus'),
    ];
  };
  await eventually(async () => (await state())[0] === 'Failed');
  assert.deepEqual(await state(), ['Failed', 'Terminated', 3, 'Error']);

  // What has ended is made new, with whatever it shall be.
  const failing = await put({ image, restart: 'OnFailure', command: ['sh', '-c', 'exit 1'] });
  assert.equal(failing.status, 'Succeeded', JSON.stringify(failing.error));
  await eventually(async () => {
    const view = at(await get(), 'properties.containers.0.properties.instanceView');
    return Number(at(view, 'restartCount')) > 0 && at(view, 'previousState.exitCode') === 1;
  });
  assert.equal((await state())[0], 'Running');
});

dockerTest('pulls with an identity that has the role, and refuses what it may not have', async (context) => {
  const { lab, put, identity } = await startGroups(context, false);
  const image = await lab.push('shop:1', 'one');
  const early = await put({ image });
  assert.equal(early.first.status, 400);
  assert.equal(textAt(early.error, 'code'), 'InaccessibleImage');
  assert.equal(
    textAt(early.error, 'message'),
    `The image '${image}' in container group 'shop' is not accessible. Please check the image and registry credential.`,
  );
  const principal = textAt((await lab.call('GET', identity)).body, 'properties.principalId') ?? '';
  lab.azure.grant(principal, 'AcrPull', lab.id('shopreg'));
  assert.equal((await put({ image })).status, 'Succeeded');
  assert.equal(textAt((await put({ image: image.replace(/:1$/, ':9') })).error, 'code'), 'InaccessibleImage');
});

dockerTest('refuses what only a new group can have, names that are taken, and more than there is', async (context) => {
  const { lab, put, group } = await startGroups(context);
  const image = await lab.push('shop:1', 'one');
  await put({ image, label: 'shop-1234' });
  const codes = async (ended: Promise<Ended>): Promise<string | undefined> => textAt((await ended).error, 'code');
  const update = 'InvalidContainerGroupUpdate';
  assert.equal(await codes(put({ image, label: 'shop-1234', cpu: 2 })), update);
  assert.equal(await codes(put({ image, label: 'shop-1234', restart: 'Never' })), update);
  assert.equal(await codes(put({ image, label: 'shop-1234', port: 9090 })), undefined);
  const logs = { workspaceId: 'nobody', workspaceKey: 'wrong' };
  assert.equal(await codes(put({ image, logs })), 'InvalidLogAnalyticsWorkspace');

  const other = `${group}2`;
  assert.equal(await codes(put({ image, label: 'shop-1234' }, other)), 'DnsNameLabelNotAvailable');
  assert.equal(await codes(put({ image, label: 'SHOP' }, other)), 'InvalidDnsNameLabel');
  assert.equal(await codes(put({ image, openPort: 9999 }, other)), 'InvalidIPAddressPorts');
  // Somebody else's, with 96 of the 100 cores.
  const container = { name: 'big', properties: { image, resources: { requests: { cpu: 4, memoryInGB: 1 } } } };
  lab.azure.place(`${group}-big`, {
    location: 'westeurope',
    properties: { osType: 'Linux', containers: Array.from({ length: 24 }, () => container) },
  });
  assert.equal(await codes(put({ image, cpu: 4 }, other)), 'ContainerGroupQuotaReached');
  const location = `/subscriptions/${lab.azure.subscription}/providers/Microsoft.ContainerInstance/locations/westeurope`;
  const usages = await lab.call('GET', `${location}/usages`, undefined, version);
  assert.deepEqual(
    (at(usages.body, 'value') as readonly Json[]).map((one) => [textAt(one, 'name.value'), at(one, 'currentValue')]),
    [
      ['ContainerGroups', 2],
      ['StandardCores', 97],
    ],
  );
  assert.equal((await lab.call('GET', `${location}/capabilities`, undefined, version)).status, 200);
  assert.equal((await lab.call('GET', `${location}/cachedImages`, undefined, version)).status, 200);
});

interface Wanted {
  readonly image: string;
  readonly env?: readonly JsonObject[];
  readonly label?: string;
  readonly cpu?: number;
  readonly restart?: string;
  readonly command?: readonly string[];
  readonly port?: number;
  readonly openPort?: number;
  readonly logs?: JsonObject;
}

async function startGroups(context: TestContext, mayPull = true) {
  const lab: Lab = await startLab(context);
  const group = `${lab.group}/providers/Microsoft.ContainerInstance/containerGroups/shop`;
  const identity = await lab.identity('puller', mayPull);
  const put = (wanted: Wanted, id = group): Promise<Ended> => {
    const { image, env = [], label, logs, cpu = 1, restart = 'Always', command, port = 8080, openPort = port } = wanted;
    const body = {
      location: 'westeurope',
      identity: { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } },
      properties: {
        osType: 'Linux',
        restartPolicy: restart,
        containers: [
          {
            name: 'shop',
            properties: {
              image,
              ports: [{ protocol: 'TCP', port }],
              environmentVariables: env,
              resources: { requests: { cpu, memoryInGB: 0.5 } },
              ...(command !== undefined && { command }),
            },
          },
        ],
        imageRegistryCredentials: [{ server: lab.server, identity }],
        ipAddress: {
          type: 'Public',
          ports: [{ protocol: 'TCP', port: openPort }],
          ...(label !== undefined && { dnsNameLabel: label }),
        },
        ...(logs !== undefined && { diagnostics: { logAnalytics: logs } }),
      },
    };
    return lab.run('PUT', id, body, version);
  };
  const get = async (): Promise<JsonObject> => {
    const answer = await lab.call('GET', group, undefined, version);
    assert.equal(answer.status, 200, answer.text);
    return answer.body as JsonObject;
  };
  return { lab, group, identity, put, get };
}

async function page(url: string): Promise<string> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return answer.text();
    if (Date.now() > deadline) throw new Error(`${url} does not answer`);
    await after(50);
  }
}
