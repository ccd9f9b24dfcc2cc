import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AzureError } from '../../../client/src/azure/azure-error.ts';
import { repositories, tags } from '../../../client/src/registry/catalogue.ts';
import { createHttp } from '../../../client/src/registry/http.ts';
import { readRegistry, listRegistries } from '../../../client/src/registry/registry.ts';
import { createTokens, type Tokens } from '../../../client/src/registry/token.ts';
import type { RegistryCalls } from '../../../client/src/registry/manifest.ts';
import type { LocalAzure } from '../../azure/local-azure.ts';
import { startLab, type Lab } from '../../azure/registry/lab.ts';
import { baseImage, dockerTest, ensureBaseImage, folderOf } from '../../docker/docker.ts';
import { armOf, imagesOf, listener, workFor } from './registry-lab.ts';

const files = { Dockerfile: `FROM ${baseImage}\nCOPY . /app/\n`, 'a.txt': 'a' };

function callsFor(azure: LocalAzure, token: string): RegistryCalls & { readonly tokens: Tokens } {
  const http = createHttp(azure.httpClient);
  return { http, tokens: createTokens({ arm: armOf(azure, token), http }) };
}

async function pushed(lab: Lab, folder: string, names: readonly (readonly [repository: string, tag: string])[]) {
  const images = imagesOf(lab.azure, lab.token, folder);
  const loginServer = await lab.registry('shopreg');
  const digests: string[] = [];
  for (const [repository, tag] of names) {
    writeFileSync(join(folder, 'a.txt'), `${repository}:${tag}`);
    digests.push(await images.deliver(workFor(lab.id('shopreg'), loginServer, { repository, tag }), listener()));
    spawnSync('docker', ['image', 'rm', '--force', `${loginServer}/${repository}:${tag}`], { stdio: 'ignore' });
  }
  return { images, loginServer, digests };
}

dockerTest('lists registries, repositories and tags, newest first, however many pages', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  const folder = folderOf(context, files);
  const { digests } = await pushed(lab, folder, [
    ['shop/web', '1'],
    ['shop/web', '2'],
    ['api', '1'],
  ]);
  const arm = armOf(lab.azure, lab.token);
  const [registry] = await listRegistries(arm, lab.azure.subscription);
  assert.ok(registry);
  assert.equal(registry.name, 'shopreg');
  const calls = callsFor(lab.azure, lab.token);
  assert.deepEqual(await repositories(calls, registry), ['api', 'shop/web']);
  const found = await tags(calls, registry, 'shop/web');
  assert.deepEqual(
    found.map(({ name, digest }) => [name, digest]),
    [
      ['2', digests[1]],
      ['1', digests[0]],
    ],
  );
  assert.deepEqual(await tags(calls, registry, 'not-there'), []);
  // The same with as many pages as there are names.
  const onePerPage: RegistryCalls = {
    ...calls,
    http: { send: (request) => calls.http.send({ ...request, url: request.url.replace('n=100', 'n=1') }) },
  };
  assert.deepEqual(await repositories(onePerPage, registry), ['api', 'shop/web']);
  assert.equal((await tags(onePerPage, registry, 'shop/web')).length, 2);
});

dockerTest('tokens: one exchange for many questions, a new one when the old is no longer taken', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  await pushed(lab, folderOf(context, files), [['api', '1']]);
  const registry = await readRegistry(armOf(lab.azure, lab.token), lab.id('shopreg'));
  const calls = callsFor(lab.azure, lab.token);
  const exchanges = (): number => lab.azure.traffic.filter(({ url }) => /oauth2\/exchange/.test(url)).length;
  const before = exchanges();
  await repositories(calls, registry);
  await tags(calls, registry, 'api');
  assert.equal(exchanges() - before, 1);
  const refused = { errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] };
  lab.azure.faults.add(/GET .*_catalog/, { kind: 'answer', status: 401, body: refused }, 1);
  assert.deepEqual(await repositories(calls, registry), ['api']);
  assert.equal(exchanges() - before, 2);
  // Cached until shortly before they end, and no longer.
  let now = Date.now();
  const clocked = createTokens({ arm: armOf(lab.azure, lab.token), http: calls.http, now: () => now });
  const first = await clocked.refresh(registry, 'list');
  now += 2 * 3_600_000;
  assert.equal(await clocked.refresh(registry, 'list'), first);
  now += 55 * 60_000;
  const count = exchanges();
  await clocked.refresh(registry, 'list');
  assert.equal(exchanges() - count, 1);
});

dockerTest('a registry that refuses tokens of Resource Manager gets its own kind', async (context) => {
  const lab = await startLab(context);
  await lab.registry('shopreg');
  const arm = armOf(lab.azure, lab.token);
  const asked: (string | undefined)[] = [];
  const own = lab.azure.user();
  const registryToken = lab.azure.core.directory.token(own.objectId, 'https://containerregistry.azure.net');
  const careful = {
    ...arm,
    token: (audience?: string) => {
      asked.push(audience);
      return audience === undefined ? arm.token() : Promise.resolve(registryToken);
    },
  };
  const resource = lab.azure.resource(lab.id('shopreg'));
  assert.ok(resource);
  const policies = { azureADAuthenticationAsArmPolicy: { status: 'disabled' } };
  const properties = { ...(resource['properties'] as object), policies };
  lab.azure.place(lab.id('shopreg'), { ...resource, properties });
  const http = createHttp(lab.azure.httpClient);
  const registry = await readRegistry(arm, lab.id('shopreg'));
  assert.equal(registry.takesArmTokens, false);
  assert.ok(await createTokens({ arm: careful, http }).refresh(registry, 'pull'));
  assert.deepEqual(asked, ['https://containerregistry.azure.net']);
  // Found out by trying where nobody told.
  asked.length = 0;
  const unknown = { ...registry, takesArmTokens: undefined };
  assert.ok(await createTokens({ arm: careful, http }).refresh(unknown, 'pull'));
  assert.deepEqual(asked, [undefined, 'https://containerregistry.azure.net']);
});

dockerTest("a registry's firewall, and one that does not answer", async (context) => {
  const lab = await startLab(context);
  await lab.registry('shopreg');
  const registry = await readRegistry(armOf(lab.azure, lab.token), lab.id('shopreg'));
  await lab.arm('PATCH', lab.id('shopreg'), { properties: { networkRuleSet: { defaultAction: 'Deny', ipRules: [] } } });
  await assert.rejects(repositories(callsFor(lab.azure, lab.token), registry), {
    name: 'UserError',
    message: "The firewall of the registry 'shopreg' keeps you out: allow 127.0.0.1 under Networking",
  });
  const gone = { ...registry, loginServer: '127.0.0.1:1' };
  await assert.rejects(repositories(callsFor(lab.azure, lab.token), gone), (error: unknown) => {
    assert.ok(error instanceof AzureError);
    assert.equal(error.status, 0);
    return true;
  });
});

dockerTest('a connection that is lost in the middle of a push is taken up again once', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  context.after(() => void spawnSync('docker', ['image', 'rm', '--force', `${loginServer}/shop/web:1a2b3c4`]));
  lab.azure.faults.add(/PUT .*\/manifests\//, { kind: 'drop' }, 1);
  const images = imagesOf(lab.azure, lab.token, folderOf(context, files));
  const heard = listener();
  assert.match(await images.deliver(workFor(lab.id('shopreg'), loginServer), heard), /^sha256:/);
  assert.ok(heard.progress.includes('The connection was lost, pushing again'), heard.progress.join());
  lab.azure.faults.add(/PUT .*\/manifests\//, { kind: 'drop' });
  await assert.rejects(images.deliver(workFor(lab.id('shopreg'), loginServer), listener()), {
    message: `The connection to '${loginServer}' was lost: try again`,
  });
});

dockerTest('the login goes even when we are killed in the middle of a push', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  context.after(() => void spawnSync('docker', ['image', 'rm', '--force', `${loginServer}/shop/web:1a2b3c4`]));
  const temporary = mkdtempSync(join(tmpdir(), 'shipshape-test-'));
  context.after(() => rmSync(temporary, { recursive: true, force: true }));
  const reached = new Promise<void>((resolve) => {
    lab.azure.faults.watch((moment, call) => {
      if (moment === 'before' && /PUT .*\/manifests\//.test(call)) resolve();
    });
  });
  lab.azure.faults.add(/PUT .*\/manifests\//, { kind: 'hang' });
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, 'push-once.ts'),
      lab.azure.url,
      lab.token,
      lab.id('shopreg'),
      loginServer,
      folderOf(context, files),
    ],
    {
      env: { ...process.env, TMPDIR: temporary, NODE_EXTRA_CA_CERTS: lab.azure.certificate },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await Promise.race([reached, ended]);
  const [login] = readdirSync(temporary).filter((name) => name.startsWith('shipshape-login-'));
  assert.ok(login, 'it was to be killed while it pushes');
  assert.match(readFileSync(join(temporary, login, 'config.json'), 'utf8'), /"auth":/);
  child.kill('SIGKILL');
  await ended;
  for (const deadline = Date.now() + 120_000; Date.now() < deadline;) {
    if (!readdirSync(temporary).includes(login)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('the login is still there');
});
