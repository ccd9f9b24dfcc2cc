import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { at, textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import { baseImage, docker, dockerTest, ensureBaseImage, folderOf } from '../../docker/docker.ts';
import { ask, type Answer } from './ask.ts';
import { startLab, type Lab } from './lab.ts';
import { pullImage } from './pull.ts';

const tasks = '2019-06-01-preview';
const platform = { os: 'linux', architecture: 'amd64' };

dockerTest('builds what was uploaded, pushes it and writes a log', async (context) => {
  const lab = await startLab(context);
  const server = await lab.registry('shopreg');
  const source = await upload(
    lab,
    packed(context, {
      abc_Dockerfile: `FROM ${baseImage} AS base\nARG GREETING\nARG PASSWORD\nRUN echo "$GREETING" >/hello && test \${#PASSWORD} = 13\nCOPY run.sh /run.sh\nFROM base AS final\nCMD ["/run.sh"]\nFROM base AS other\nRUN exit 9\n`,
      'run.sh': '#!/bin/sh\necho runs\n',
    }),
  );
  const run = await schedule(lab, {
    type: 'DockerBuildRequest',
    imageNames: ['team/shop:1', 'team/shop:{{.Run.ID}}'],
    isPushEnabled: true,
    dockerFilePath: 'abc_Dockerfile',
    target: 'final',
    arguments: [
      { name: 'GREETING', value: 'hello there', isSecret: false },
      { name: 'PASSWORD', value: 'marked-secret', isSecret: true },
    ],
    platform,
    sourceLocation: source,
    credentials: {},
  });
  assert.equal(textAt(run.body, 'properties.status'), 'Queued');
  assert.equal(textAt(run.body, 'properties.provisioningState'), 'Succeeded');
  const id = textAt(run.body, 'name') ?? '';
  const { log, complete } = await follow(lab, id);
  assert.equal(complete, 'successful');
  assert.match(log, /Step 1\/\d+ : FROM /);
  assert.match(log, /\r\nRun ID: ca?\w+ was successful after \d+s\r\n$/);
  assert.doesNotMatch(log, /marked-secret|DEPRECATED/);

  const { body } = await lab.arm('GET', `${lab.id('shopreg')}/runs/${id}`, undefined, { version: tasks });
  assert.equal(textAt(body, 'properties.status'), 'Succeeded');
  const image = at(body, 'properties.outputImages.0');
  const digest = textAt(image, 'digest');
  assert.deepEqual(image, { registry: server, repository: 'team/shop', tag: '1', digest });
  assert.equal(textAt(body, 'properties.outputImages.1.tag'), id);
  const { principalId } = lab.azure.core.directory.addPrincipal('web');
  lab.azure.grant(principalId, 'AcrPull', lab.id('shopreg'));
  await after(lab.azure.core.times.replication);
  const pulled = await pullImage(lab.azure.core, { image: `${server}/team/shop:1`, principalId });
  assert.equal(pulled.digest, digest);
  assert.equal(docker('run', '--rm', pulled.id, 'cat', '/hello'), 'hello there');
  assert.equal(docker('run', '--rm', pulled.id), 'runs');
  const list = await lab.arm('GET', `${lab.id('shopreg')}/runs?$top=1`, undefined, { version: tasks });
  assert.equal(textAt(list.body, 'value.0.name'), id);
});

dockerTest('fails with the reason in the log', async (context) => {
  const lab = await startLab(context);
  await lab.registry('shopreg');
  const build = async (dockerfile: string): Promise<{ readonly log: string; readonly message: string }> => {
    const sourceLocation = await upload(lab, packed(context, { Dockerfile: dockerfile }));
    const request = {
      type: 'DockerBuildRequest',
      imageNames: ['x:1'],
      dockerFilePath: 'Dockerfile',
      platform,
      sourceLocation,
    };
    const id = textAt((await schedule(lab, request)).body, 'name') ?? '';
    const { log, complete } = await follow(lab, id);
    assert.equal(complete, 'failed');
    const { body } = await lab.arm('GET', `${lab.id('shopreg')}/runs/${id}`, undefined, { version: tasks });
    assert.equal(textAt(body, 'properties.status'), 'Failed');
    assert.equal(textAt(body, 'properties.provisioningState'), 'Succeeded');
    return { log, message: textAt(body, 'properties.runErrorMessage') ?? '' };
  };
  const command = await build(`FROM ${baseImage}\nRUN echo about to fail; exit 7\n`);
  assert.match(command.log, /^about to fail\r?\n/m);
  assert.match(command.log, /returned a non-zero code: 7/);
  assert.equal(command.message, 'failed during run, err: exit status 7');
  const mount = await build(`FROM ${baseImage}\nRUN --mount=type=cache,target=/x true\n`);
  assert.match(mount.log, /the --mount option requires BuildKit/);
  const heredoc = await build(`FROM ${baseImage}\nRUN <<EOF\ntrue\nEOF\n`);
  assert.match(heredoc.log, /dockerfile parse error line 3: unknown instruction: TRUE/);
  const link = await build(`FROM ${baseImage}\nCOPY --link Dockerfile /x\n`);
  assert.match(link.log, /dockerfile parse error line 2: Unknown flag: link/);
});

dockerTest('runs task files with BuildKit', async (context) => {
  const lab = await startLab(context);
  const server = await lab.registry('shopreg');
  const sourceLocation = await upload(
    lab,
    packed(context, {
      Dockerfile: `FROM ${baseImage}\nARG WHO\nRUN --mount=type=cache,target=/x <<EOF\necho "$WHO" >/who\nEOF\n`,
    }),
  );
  const task = [
    'version: v1.1.0',
    'steps:',
    '  - build: -t $Registry/shop:{{.Values.tag}} -f Dockerfile --build-arg "WHO={{.Values.who}}" .',
    '    env: ["DOCKER_BUILDKIT=1"]',
    '  - push: ["$Registry/shop:{{.Values.tag}}"]',
  ];
  const run = await schedule(lab, {
    type: 'EncodedTaskRunRequest',
    encodedTaskContent: Buffer.from(task.join('\n')).toString('base64'),
    values: [
      { name: 'tag', value: '7' },
      { name: 'who', value: 'some body', isSecret: true },
    ],
    platform,
    sourceLocation,
  });
  const id = textAt(run.body, 'name') ?? '';
  const { complete, log } = await follow(lab, id);
  assert.equal(complete, 'successful', log);
  const { body } = await lab.arm('GET', `${lab.id('shopreg')}/runs/${id}`, undefined, { version: tasks });
  assert.equal(textAt(body, 'properties.outputImages.0.registry'), server);
  assert.equal(textAt(body, 'properties.outputImages.0.tag'), '7');
});

dockerTest('is stopped by a cancel', async (context) => {
  const lab = await startLab(context);
  await lab.registry('shopreg');
  const sourceLocation = await upload(
    lab,
    packed(context, { Dockerfile: `FROM ${baseImage}\nRUN echo begun && sleep 300\n` }),
  );
  const request = {
    type: 'DockerBuildRequest',
    imageNames: ['x:1'],
    dockerFilePath: 'Dockerfile',
    platform,
    sourceLocation,
  };
  const id = textAt((await schedule(lab, request)).body, 'name') ?? '';
  const { complete } = await follow(lab, id, async (log) => {
    if (!/^begun\r?$/m.test(log)) return;
    assert.equal(
      (await lab.arm('POST', `${lab.id('shopreg')}/runs/${id}/cancel`, undefined, { version: tasks })).status,
      200,
    );
  });
  assert.equal(complete, 'canceled');
  const { body } = await lab.arm('GET', `${lab.id('shopreg')}/runs/${id}`, undefined, { version: tasks });
  assert.equal(textAt(body, 'properties.status'), 'Canceled');
});

dockerTest('has no log while it waits for an agent, and can be cancelled then, too', async (context) => {
  const lab = await startLab(context, { times: { operation: 3_600_000 } });
  lab.azure.place(lab.id('shopreg'), { location: 'westeurope', sku: { name: 'Basic' } });
  const request = { type: 'DockerBuildRequest', imageNames: ['x:1'], dockerFilePath: 'Dockerfile', platform };
  const id = textAt((await schedule(lab, request)).body, 'name') ?? '';
  assert.equal((await ask(await logOf(lab, id), { method: 'HEAD' })).status, 404);
  await lab.arm('POST', `${lab.id('shopreg')}/runs/${id}/cancel`, undefined, { version: tasks });
  assert.equal((await follow(lab, id)).complete, 'canceled');
});

dockerTest('pushes to registries with repository permissions only as a caller who may', async (context) => {
  const lab = await startLab(context);
  await lab.registry('shopreg');
  const { azure } = lab;
  const resource = azure.resource(lab.id('shopreg'));
  const properties = { ...(resource?.['properties'] as JsonObject), roleAssignmentMode: 'AbacRepositoryPermissions' };
  azure.place(lab.id('shopreg'), { ...resource, properties });
  const sourceLocation = await upload(lab, packed(context, { Dockerfile: `FROM ${baseImage}\nRUN true\n` }));
  const request = {
    type: 'DockerBuildRequest',
    imageNames: ['x:1'],
    dockerFilePath: 'Dockerfile',
    platform,
    sourceLocation,
  };
  const asCaller = { ...request, credentials: { sourceRegistry: { identity: '[caller]' } } };
  const version = '2025-03-01-preview';
  const outcome = async (body: JsonObject, token = lab.token): Promise<string> => {
    const id = textAt((await schedule(lab, body, { version, token })).body, 'name') ?? '';
    await follow(lab, id);
    const { body: run } = await lab.arm('GET', `${lab.id('shopreg')}/runs/${id}`, undefined, { version });
    return `${textAt(run, 'properties.status')} ${textAt(run, 'properties.runErrorMessage') ?? ''}`;
  };
  assert.equal(await outcome(request), 'Failed failed during run, err: exit status 1');
  assert.equal(await outcome(asCaller), 'Failed failed during run, err: exit status 1');
  const writer = azure.user();
  azure.grant(writer.objectId, 'Container Registry Repository Writer', lab.id('shopreg'));
  assert.equal(await outcome(asCaller, writer.token), 'Succeeded ');
  assert.equal((await schedule(lab, asCaller)).status, 400);
});

dockerTest('refuses tasks to free subscriptions, and requests that break the contract', async (context) => {
  const lab = await startLab(context);
  await lab.registry('shopreg');
  const code = async (body: JsonObject): Promise<string> => {
    const answer = await schedule(lab, body);
    return `${answer.status} ${textAt(answer.body, 'error.code') ?? ''}`;
  };
  const request = { type: 'DockerBuildRequest', dockerFilePath: 'Dockerfile', platform };
  assert.match(await code({ ...request, imagesNames: ['x:1'] }), /^400 /);
  assert.match(await code({ ...request, timeout: 10 }), /^400 /);
  assert.match(await code({ type: 'DockerBuildRequest', platform }), /^400 /);
  const subscription = `/subscriptions/${lab.azure.subscription}`;
  const subscriptionPolicies = { quotaId: 'FreeTrial_2014-09-01' };
  lab.azure.place(subscription, { ...lab.azure.resource(subscription), subscriptionPolicies });
  assert.equal(await code(request), '400 TasksOperationsNotAllowed');
});

dockerTest('takes sources only as the signed address says', async (context) => {
  const lab = await startLab(context);
  await lab.registry('shopreg');
  const url = await uploadUrl(lab);
  const put = async (body: string, headers: Readonly<Record<string, string>>, address = url): Promise<string> => {
    const answer = await ask(address, { method: 'PUT', headers, body });
    return `${answer.status} ${String(answer.headers['x-ms-error-code'] ?? '')}`.trim();
  };
  const good = { 'x-ms-blob-type': 'BlockBlob', 'x-ms-version': '2022-11-02', 'content-length': '3' };
  assert.equal(await put('abc', { ...good, authorization: 'Bearer x' }), '400 InvalidAuthenticationInfo');
  assert.equal(await put('abc', { 'content-length': '3' }), '400 MissingRequiredHeader');
  assert.equal(await put('abc', good, `${url}x`), '403 AuthenticationFailed');
  assert.equal(
    await put('abc', { 'x-ms-blob-type': 'BlockBlob', 'transfer-encoding': 'chunked' }),
    '411 MissingContentLengthHeader',
  );
  assert.equal(await put('abc', { ...good, 'content-md5': md5('abd') }), '400 Md5Mismatch');
  assert.equal(await put('abc', { ...good, 'content-md5': md5('abc') }), '201');
  assert.equal((await ask(url)).status, 403);

  const other = await uploadUrl(lab);
  const blocks = ['AAAA', 'AAAB'];
  for (const block of blocks)
    assert.equal(await put('abc', { 'content-length': '3' }, `${other}&comp=block&blockid=${block}`), '201');
  const list = (names: readonly string[]): string =>
    `<?xml version="1.0" encoding="utf-8"?><BlockList>${names.map((name) => `<Latest>${name}</Latest>`).join('')}</BlockList>`;
  const commit = async (names: readonly string[]): Promise<string> =>
    await put(list(names), { 'content-length': String(list(names).length) }, `${other}&comp=blocklist`);
  assert.equal(await commit([...blocks, 'AAAC']), '400 InvalidBlockList');
  assert.equal(await commit(blocks), '201');
});

function md5(text: string): string {
  return createHash('md5').update(text).digest('base64');
}

/** A folder with these files, as a `.tar.gz`. */
function packed(context: TestContext, files: Readonly<Record<string, string>>): Buffer {
  ensureBaseImage();
  return execFileSync('tar', ['-C', folderOf(context, files), '--mode=755', '-cz', '.']);
}

async function uploadUrl(lab: Lab, paths = ['uploadUrl']): Promise<string> {
  const { body } = await lab.arm('POST', `${lab.id('shopreg')}/listBuildSourceUploadUrl`, undefined, {
    version: tasks,
  });
  return paths.map((path) => textAt(body, path) ?? '').join(' ');
}

/** Gives the relative path. */
async function upload(lab: Lab, content: Buffer): Promise<string> {
  const [url = '', path = ''] = (await uploadUrl(lab, ['uploadUrl', 'relativePath'])).split(' ');
  const headers = { 'x-ms-blob-type': 'BlockBlob', 'content-length': String(content.length) };
  assert.equal((await ask(url, { method: 'PUT', headers, body: content })).status, 201);
  return path;
}

async function schedule(lab: Lab, body: JsonObject, options: Parameters<Lab['arm']>[3] = {}): Promise<Answer> {
  return await lab.arm('POST', `${lab.id('shopreg')}/scheduleRun`, body, { version: tasks, ...options });
}

async function logOf(lab: Lab, run: string): Promise<string> {
  const { body } = await lab.arm('POST', `${lab.id('shopreg')}/runs/${run}/listLogSasUrl`, undefined, {
    version: tasks,
  });
  return textAt(body, 'logLink') ?? '';
}

/** Reads the log as `az` does, until it is complete. */
async function follow(lab: Lab, run: string, onText: (log: string) => Promise<void> = async () => {}) {
  const url = await logOf(lab, run);
  const deadline = Date.now() + 300_000;
  let log = '';
  for (;;) {
    assert.ok(Date.now() < deadline, `the log is not complete: ${log}`);
    const head = await ask(url, { method: 'HEAD' });
    const length = Number(head.headers['content-length'] ?? 0);
    if (head.status === 200 && length > log.length) {
      const range = `bytes=${log.length}-${log.length + 4095}`;
      const part = await ask(url, { headers: { 'x-ms-range': range } });
      assert.equal(part.status, 206);
      log += part.text;
      await onText(log);
    } else if (head.headers['x-ms-meta-complete'] !== undefined) {
      return { log, complete: head.headers['x-ms-meta-complete'] };
    } else await after(20);
  }
}
