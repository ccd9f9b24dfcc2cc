import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { at, textAt } from '../../../client/src/azure/json.ts';
import { docker, dockerTest } from '../../docker/docker.ts';
import { plan, type Calling } from './calling.ts';
import { until } from './images.ts';
import { addressesOf, letPull, site, startShop } from './shop.ts';

dockerTest('A site that may not pull its image answers 503 until it may and is restarted', async (context) => {
  const shop = await startShop(context, { COLOR: 'blue' });
  const { calling, made, url } = shop;
  const { call, done, get } = calling;
  assert.equal((await get(url)).status, 503);
  const log = await call('POST', `${site}/containerlogs`);
  assert.match(log.text, /ImagePullFailure/);

  await letPull(shop, textAt(made, 'identity.principalId'));
  assert.equal((await get(url)).status, 503);
  await done('POST', `${site}/restart`);
  const answer = await get(url);
  assert.equal(answer.status, 200);
  assert.equal(answer.text, 'version 1 blue\n');

  await done('PATCH', `${site}/config/web`, {
    properties: { linuxFxVersion: `DOCKER|${shop.registry.loginServer}/shop:2` },
  });
  await until(
    () => get(url),
    ({ status, text }) => {
      assert.equal(status, 200);
      return text === 'version 2 blue\n';
    },
  );
  await done('POST', `${site}/stop`);
  const stopped = await get(url);
  assert.equal(stopped.status, 403);
  assert.match(stopped.text, /This web app is stopped/);
  assert.equal(textAt(await done('GET', site), 'properties.state'), 'Stopped');
  await done('POST', `${site}/start`);
  assert.equal((await get(url)).text, 'version 2 blue\n');
  assert.equal(at(await done('GET', `${site}/instances`), 'value.0.properties.state'), 'READY');

  await done('DELETE', site);
  await assert.rejects(get(url));
});

dockerTest(
  'Logs are streamed to who may publish, and to nobody with a password where the policy has none',
  async (context) => {
    const shop = await startShop(context);
    const { calling, made, scm } = shop;
    const { azure, call, done, get, token } = calling;
    await letPull(shop, textAt(made, 'identity.principalId'));
    const stranger = azure.user({ roles: ['Reader'] }).token;
    assert.equal((await get(`${scm}/api/logstream`)).status, 401);
    assert.equal((await get(`${scm}/api/logstream`, { authorization: `Bearer ${stranger}` })).status, 403);

    const { properties } = await done('POST', `${site}/config/publishingcredentials/list`);
    const basic = Buffer.from(`$shop:${textAt(properties, 'publishingPassword') ?? ''}`).toString('base64');
    const headers = { authorization: `Basic ${basic}` };
    assert.equal((await get(`${scm}/api/logs/docker`, headers)).status, 200);
    await done('PUT', `${site}/basicPublishingCredentialsPolicies/scm`, { properties: { allow: false } });
    assert.equal((await get(`${scm}/api/logs/docker`, headers)).status, 401);

    // The app's own lines come only where they are kept.
    await done('POST', `${site}/restart`);
    await until(
      async () => (await call('POST', `${site}/containerlogs`)).text,
      (text) => text.includes('ready to serve requests'),
    );
    assert.doesNotMatch((await call('POST', `${site}/containerlogs`)).text, /app 1 is here/);
    const fileSystem = { enabled: true, retentionInMb: 35, retentionInDays: 3 };
    await done('PUT', `${site}/config/logs`, { properties: { httpLogs: { fileSystem } } });
    const seen = await firstOfStream(calling, `${scm}/api/logstream`, token, 'app 1 is here');
    assert.match(seen, /Welcome, you are now connected to log-streaming service/);
    assert.match(seen, /docker run -d/);
  },
);

dockerTest('A container that does not listen in time is killed, and the log says why', async (context) => {
  const shop = await startShop(context, { BROKEN: 'yes', WEBSITES_CONTAINER_START_TIME_LIMIT: '1' });
  const { calling, made, url } = shop;
  const { call, done, get } = calling;
  await letPull(shop, textAt(made, 'identity.principalId'));
  await done('POST', `${site}/restart?synchronous=true`);
  assert.equal((await get(url)).status, 503);
  const { text } = await call('POST', `${site}/containerlogs`);
  assert.match(text, /did not start within expected time limit/);
  assert.match(text, /didn't respond to HTTP pings on port: 8080/);
  await done('PUT', `${site}/config/appsettings`, { properties: { WEBSITES_PORT: '9000' } });
  assert.equal((await get(url)).text, 'version 1 \n');
});

dockerTest("With a user's identity that has the role already, the first pull succeeds", async (context) => {
  const shop = await startShop(context);
  const { calling, registry } = shop;
  const { call, done, get, group } = calling;
  const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller`;
  const puller = await done('PUT', identity, { location: 'westeurope' }, '2023-01-31');
  await letPull(shop, textAt(puller, 'properties.principalId'));
  const body = {
    location: 'westeurope',
    identity: { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } },
    properties: {
      serverFarmId: `${group}/providers/${plan}`,
      siteConfig: {
        linuxFxVersion: `DOCKER|${registry.loginServer}/shop:1`,
        acrUseManagedIdentityCreds: true,
        acrUserManagedIdentityID: textAt(puller, 'properties.clientId') ?? '',
      },
    },
  };
  const other = 'Microsoft.Web/sites/other';
  const { url } = addressesOf(await done('PUT', other, body));
  // The port is that of EXPOSE, as no setting says otherwise.
  assert.equal((await get(url)).text, 'version 1 \n');

  // An identity that is not assigned pulls nothing.
  await done('PATCH', `${other}/config/web`, { properties: { acrUserManagedIdentityID: randomUUID() } });
  await until(
    () => get(url),
    ({ status }) => status === 503,
  );
  assert.match((await call('POST', `${other}/containerlogs`)).text, /is not assigned to the app/);
});

dockerTest('A site whose image could not be pulled is tried again by itself, in the end', async (context) => {
  // With a secret that is read from where it is kept when it starts.
  const COLOR = '@Microsoft.KeyVault(VaultName=shop-kv;SecretName=color)';
  const shop = await startShop(context, { COLOR }, { siteRetry: 400 });
  const { calling, made, url } = shop;
  assert.equal((await calling.get(url)).status, 503);
  const vault = `${calling.group}/providers/Microsoft.KeyVault/vaults/shop-kv`;
  calling.azure.place(vault, { location: 'westeurope', properties: {} });
  calling.azure.place(`${vault}/secrets/color`, { properties: { value: 'purple' } });
  calling.azure.grant(textAt(made, 'identity.principalId') ?? '', 'Key Vault Secrets User', vault);
  await letPull(shop, textAt(made, 'identity.principalId'));
  await until(
    () => calling.get(url),
    ({ text }) => text === 'version 1 purple\n',
  );
});

dockerTest('A container that ends is started again', async (context) => {
  const shop = await startShop(context);
  const { calling, made, url } = shop;
  const { call, done, get } = calling;
  await letPull(shop, textAt(made, 'identity.principalId'));
  await done('POST', `${site}/restart`);
  assert.equal((await get(url)).status, 200);
  const filter = `label=shipshape.local-azure.process=${process.pid}@${hostname()}`;
  const [container = ''] = docker('ps', '--quiet', '--filter', filter).split('\n');
  docker('kill', container);
  await until(
    async () => (await call('POST', `${site}/containerlogs`)).text,
    (text) => /has exited with code 137/.test(text),
  );
  await until(
    () => get(url),
    ({ status }) => status === 200,
  );
});

/** Reads the stream until the text is there. */
async function firstOfStream({ azure }: Calling, url: string, token: string, expected: string): Promise<string> {
  const stop = new AbortController();
  const request = createPipelineRequest({
    url,
    headers: createHttpHeaders({ authorization: `Bearer ${token}` }),
    streamResponseStatusCodes: new Set([200]),
    abortSignal: stop.signal,
    timeout: 120_000,
  });
  const answer = await azure.httpClient.sendRequest(request);
  let text = '';
  for await (const chunk of answer.readableStreamBody ?? []) {
    text += String(chunk);
    if (text.includes(expected)) break;
  }
  stop.abort();
  return text;
}
