import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { at, textAt, type Json } from '../../../client/src/azure/json.ts';
import { baseImage, docker, dockerTest, imageOf } from '../../docker/docker.ts';
import type { Core } from '../core.ts';
import { ask } from './ask.ts';
import { docker as client, privateConfig } from './docker-client.ts';
import { startLab, type Lab } from './lab.ts';
import { pullImage, PullRefused, type PullOptions } from './pull.ts';

const nobody = '00000000-0000-0000-0000-000000000000';
const registryAudience = 'https://containerregistry.azure.net';

dockerTest('takes what the real Docker pushes after its login, and gives it back', async (context) => {
  const lab = await startLab(context);
  const server = await lab.registry('shopreg');
  const config = configOf(context);
  const image = tagged(context, `${server}/team/shop:1`);

  const early = await run(config, ['push', image]);
  assert.notEqual(early.status, 0);
  assert.match(early.said, /unauthorized|authentication required|no basic auth/);

  const wrong = await run(config, ['login', server, '--username', nobody, '--password-stdin'], `${lab.token}x`);
  assert.notEqual(wrong.status, 0);
  assert.match(wrong.said, /unauthorized: authentication required, visit https:\/\/aka\.ms\/acr\/authorization/);

  const login = await run(
    config,
    ['login', server, '--username', nobody, '--password-stdin'],
    await lab.login(server, lab.token),
  );
  assert.equal(login.status, 0, login.said);
  const push = await run(config, ['push', image]);
  assert.equal(push.status, 0, push.said);
  const [, digest] = /digest: (sha256:\w+)/.exec(push.said) ?? [];

  docker('image', 'rm', image);
  const pull = await run(config, ['pull', image]);
  assert.equal(pull.status, 0, pull.said);
  assert.match(pull.said, new RegExp(`Digest: ${String(digest)}`));
  const missing = await run(config, ['pull', `${server}/team/shop:2`]);
  assert.match(missing.said, /manifest unknown: manifest tagged by "2" is not found/);
});

dockerTest('lets push and pull only whose role has come through', async (context) => {
  const lab = await startLab(context, { times: { replication: 60_000 } });
  const { azure } = lab;
  const server = await lab.registry('shopreg');
  const image = tagged(context, `${server}/shop:1`);
  const tryAs = async (objectId: string, ...args: readonly string[]): Promise<string> => {
    const password = await lab.login(server, azure.core.directory.token(objectId, registryAudience));
    const { folder, remove } = privateConfig(tmpdir(), { [server]: { username: nobody, password } });
    const { status, said } = await run(folder, args);
    remove();
    return status === 0 ? 'done' : said;
  };
  const [pusher, puller, late] = [0, 1, 2].map(() => azure.user({ roles: [] }).objectId) as [string, string, string];
  azure.grant(pusher, 'AcrPush', lab.id('shopreg'));
  azure.grant(puller, 'AcrPull', lab.id('shopreg'));
  const made = await lab.arm(
    'PUT',
    `${lab.id('shopreg')}/providers/Microsoft.Authorization/roleAssignments/6d9f1d3c-5b8f-4c0e-9d43-0d1c9e2f7a11`,
    {
      properties: {
        roleDefinitionId: `/subscriptions/${azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/8311e382-0749-4cb8-b61a-304f252e45ec`,
        principalId: late,
        principalType: 'User',
      },
    },
    { version: '2022-04-01' },
  );
  assert.equal(made.status, 201);

  assert.match(await tryAs(late, 'push', image), /unauthorized: authentication required/);
  assert.match(await tryAs(puller, 'push', image), /unauthorized: authentication required/);
  assert.equal(await tryAs(pusher, 'push', image), 'done');
  assert.match(await tryAs(late, 'pull', image), /unauthorized: authentication required/);
  assert.equal(await tryAs(puller, 'pull', image), 'done');
});

dockerTest('pulls as a managed identity, and says why it may not', async (context) => {
  const lab = await startLab(context);
  const { core } = lab.azure;
  const server = await lab.registry('shopreg');
  const image = await pushed(context, lab, `${server}/shop:1`);
  const { principalId } = core.directory.addPrincipal('web');
  const refusal = async (name: string): Promise<string> => await refusalOf(core, { image: name, principalId });

  const unauthorized =
    /^UNAUTHORIZED GET https:\?scope=repository%3Ashop%3Apull&service=.*: UNAUTHORIZED: authentication required/;
  // Not even known yet, known without a role, nobody at all.
  assert.match(await refusal(image), /^UNAUTHORIZED POST .*\/oauth2\/exchange: UNAUTHORIZED: authentication required/);
  await until(() => core.directory.knows(principalId));
  assert.match(await refusal(image), unauthorized);
  assert.match(await refusalOf(core, { image }), unauthorized);
  lab.azure.grant(principalId, 'AcrPull', lab.id('shopreg'));
  assert.match(await refusal(`${server}/shop:2`), /^MANIFEST_UNKNOWN .*manifest tagged by "2" is not found/);
  assert.match(await refusal('docker.io/library/nginx:1'), /^DENIED /);

  const { digest, id } = await pullImage(core, { image, principalId });
  assert.match(digest, /^sha256:[0-9a-f]{64}$/);
  assert.equal(docker('run', '--rm', id, 'cat', '/hello'), 'hello');
  assert.equal((await pullImage(core, { image: `${server}/shop@${digest}`, principalId })).id, id);
});

dockerTest('has a small web server for the samples of Microsoft', async (context) => {
  const { azure } = await startLab(context);
  const { id } = await pullImage(azure.core, { image: 'mcr.microsoft.com/k8se/quickstart:latest' });
  assert.match(docker('image', 'inspect', '--format', '{{json .Config.ExposedPorts}}', id), /"80\/tcp"/);
});

dockerTest('leaves no registry running when its process is killed', async () => {
  const script = `
    import { startLocalAzure } from ${JSON.stringify(new URL('../start.ts', import.meta.url).href)};
    import { ask } from ${JSON.stringify(new URL('ask.ts', import.meta.url).href)};
    const azure = await startLocalAzure();
    const group = '/subscriptions/' + azure.subscription + '/resourceGroups/rg';
    azure.place(group, { location: 'westeurope' });
    const registry = group + '/providers/Microsoft.ContainerRegistry/registries/shopreg';
    azure.place(registry, { location: 'westeurope', sku: { name: 'Basic' } });
    const headers = { authorization: 'Bearer ' + azure.user().token };
    const { body } = await ask(azure.url + registry + '?api-version=2023-07-01', { headers });
    await ask('https://' + body.properties.loginServer + '/v2/');
    process.stdout.write(azure.core.folder);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [folder] = (await once(child.stdout, 'data')) as [Buffer];
  const running = (): boolean =>
    spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout.includes(
      `docker-registry serve ${folder.toString()}`,
    );
  assert.equal(running(), true);
  child.kill('SIGKILL');
  await until(() => !running());
  rmSync(folder.toString(), { recursive: true, force: true });
});

dockerTest('lists repositories, tags and manifests page by page', async (context) => {
  const lab = await startLab(context);
  const server = await lab.registry('shopreg');
  for (const name of ['shop:1', 'shop:2', 'shop:3', 'team/api:1']) await pushed(context, lab, `${server}/${name}`);
  const refresh = await lab.login(server, lab.token);
  const bearer = async (scope: string): Promise<string> =>
    textAt((await lab.access(server, refresh, scope)).body, 'access_token') ?? '';
  const list = async (path: string, token: string) =>
    await ask(`https://${server}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const names = (body: Json | undefined, path: string): readonly (string | undefined)[] =>
    (at(body, path) as readonly Json[]).map((each) => textAt(each, 'name'));

  const catalogue = await bearer('registry:catalog:*');
  const first = await list('/acr/v1/_catalog?n=1', catalogue);
  assert.deepEqual(first.body, { repositories: ['shop'] });
  const link = /^<(.+)>; rel="next"$/.exec(String(first.headers['link']))?.[1] ?? '';
  assert.equal(link, '/acr/v1/_catalog?last=shop&n=1');
  const second = await list(link, catalogue);
  assert.deepEqual(second.body, { repositories: ['team/api'] });
  assert.equal(second.headers['link'], undefined);
  assert.deepEqual((await list('/v2/_catalog', catalogue)).body, { repositories: ['shop', 'team/api'] });

  const metadata = await bearer('repository:shop:metadata_read');
  const newest = await list('/acr/v1/shop/_tags?orderby=timedesc&n=2', metadata);
  assert.deepEqual(names(newest.body, 'tags'), ['3', '2']);
  assert.equal(newest.headers['link'], '</acr/v1/shop/_tags?last=2&n=2&orderby=timedesc>; rel="next"');
  const manifests = await list('/acr/v1/shop/_manifests', metadata);
  const inManifests = (at(manifests.body, 'manifests') as readonly Json[]).map((each) => at(each, 'tags.0'));
  assert.deepEqual(inManifests.toSorted(), ['1', '2', '3']);
  assert.equal(textAt(manifests.body, 'manifests.0.architecture'), 'amd64');
  assert.equal(at((await list('/acr/v1/shop', metadata)).body, 'tagCount'), 3);

  const refused = await list('/acr/v1/team/api/_tags', metadata);
  assert.equal(refused.status, 401);
  assert.match(String(refused.headers['www-authenticate']), /scope="repository:team\/api:metadata_read"/);
  const unknown = await list('/acr/v1/nothing/_tags', await bearer('repository:nothing:metadata_read'));
  assert.equal(`${unknown.status} ${textAt(unknown.body, 'errors.0.code')}`, '404 NAME_UNKNOWN');
});

async function refusalOf(core: Core, options: PullOptions): Promise<string> {
  return await pullImage(core, options).then(
    () => 'pulled',
    (error: unknown) => (error instanceof PullRefused ? `${error.code} ${error.message}` : String(error)),
  );
}

/** A small image of its own under this name, which goes after the test. */
function tagged(context: TestContext, name: string): string {
  const image = imageOf(context, { Dockerfile: `FROM ${baseImage}\nRUN echo hello >/hello && echo ${name} >/name\n` });
  docker('tag', image, name);
  context.after(async () => {
    await client(['image', 'rm', '--force', name]);
  });
  return name;
}

async function pushed(context: TestContext, lab: Lab, name: string): Promise<string> {
  const [server = ''] = name.split('/');
  const { folder, remove } = privateConfig(tmpdir(), {
    [server]: { username: nobody, password: await lab.login(server, lab.token) },
  });
  const { status, said } = await run(folder, ['push', tagged(context, name)]);
  remove();
  assert.equal(status, 0, said);
  return name;
}

function configOf(context: TestContext): string {
  const { folder, remove } = privateConfig(tmpdir(), {});
  context.after(remove);
  return folder;
}

async function run(config: string, args: readonly string[], input = '') {
  const { code, output } = await client(args, { config, input });
  return { status: code, said: output };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate();
}
