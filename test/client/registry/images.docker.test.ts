import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { textAt } from '../../../client/src/azure/json.ts';
import { readSource } from '../../../client/src/deploy/read-source.ts';
import { ownConfigFolder } from '../../../client/src/registry/login.ts';
import { Cancelled } from '../../../client/src/tools/command.ts';
import { startLab } from '../../azure/registry/lab.ts';
import { baseImage, docker, dockerTest, ensureBaseImage, folderOf, imageOf } from '../../docker/docker.ts';
import { bodiesTo, imagesOf, listener, run, workFor } from './registry-lab.ts';

const files = {
  Dockerfile: `FROM ${baseImage} AS base\nARG WORD=none\nRUN echo "$WORD" > /word; : ${randomUUID()}\n\nFROM base AS final\nCOPY . /app/\nEXPOSE 8080\n`,
  'app.txt': 'hello',
  'left-out.txt': 'not this',
  '.dockerignore': 'left-out.txt\n',
};

/** A folder for temporary files that is the test's own; what of ours lies in it. */
function ownTemporary(context: TestContext): () => readonly string[] {
  const folder = folderOf(context, {});
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  context.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  return () => readdirSync(folder).filter((name) => /^shipshape-(?!test-)/.test(name));
}

function forget(loginServer: string, ...names: readonly string[]): void {
  spawnSync('docker', ['image', 'rm', '--force', ...names.map((name) => `${loginServer}/${name}`)], {
    stdio: 'ignore',
  });
}

dockerTest('builds here and pushes: progress, digest, nothing left behind, own settings untouched', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  context.after(() => forget(loginServer, 'shop/web:1a2b3c4'));
  const ours = ownTemporary(context);
  const own = readFileSync(`${ownConfigFolder()}/config.json`, { encoding: 'utf8', flag: 'a+' });
  const images = imagesOf(lab.azure, lab.token, folderOf(context, files));
  const work = workFor(lab.id('shopreg'), loginServer, { arguments: { WORD: 'of the build' }, stage: 'final' });
  const heard = listener();
  assert.equal(await images.digest(loginServer, 'shop/web', '1a2b3c4', heard.signal), undefined);
  const digest = await images.deliver(work, heard);
  assert.match(digest, /^sha256:[0-9a-f]{64}$/);
  assert.equal(await images.digest(loginServer, 'shop/web', '1a2b3c4', heard.signal), digest);
  assert.equal(
    docker('run', '--rm', '--network', 'none', `${loginServer}/shop/web:1a2b3c4`, 'cat', '/word', '/app/app.txt'),
    'of the build\nhello',
  );
  assert.ok(
    heard.progress.some((message) => /^Building: base 2\/2 RUN echo/.test(message)),
    heard.progress.join(),
  );
  assert.ok(
    heard.progress.some((message) => /^Push(?:ing|ed) \d+/.test(message)),
    heard.progress.join(),
  );
  assert.deepEqual(ours(), []);
  assert.equal(readFileSync(`${ownConfigFolder()}/config.json`, 'utf8'), own);
  assert.ok(!own.includes(loginServer));
  // The same again is the same.
  assert.equal(await images.deliver(work, listener()), digest);
});

dockerTest('pushes an image that is here, as it is, under the name it is given', async (context) => {
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  context.after(() => forget(loginServer, 'shop:id-1'));
  const image = imageOf(context, { Dockerfile: `FROM ${baseImage}\nRUN echo "${randomUUID()}" > /word\n` });
  // There is nothing to build in this folder.
  const images = imagesOf(lab.azure, lab.token, folderOf(context, {}));
  const existing = { registry: lab.id('shopreg'), loginServer, repository: 'shop', tag: 'id-1' };
  const heard = listener();
  const digest = await images.push({ ...existing, image }, heard);
  assert.match(digest, /^sha256:[0-9a-f]{64}$/);
  assert.equal(await images.digest(loginServer, 'shop', 'id-1', heard.signal), digest);
  assert.equal(
    docker('image', 'inspect', '--format', '{{.ID}}', `${loginServer}/shop:id-1`),
    docker('image', 'inspect', '--format', '{{.ID}}', image),
  );
  assert.ok(!heard.progress.includes('Building'), heard.progress.join());
  await assert.rejects(images.push({ ...existing, image: 'shipshape-test/nowhere:1' }, listener()), {
    name: 'UserError',
    message: "The image 'shipshape-test/nowhere:1' is not there any more: build it again",
  });
  const reader = lab.azure.user({ roles: ['Reader'] });
  await assert.rejects(
    imagesOf(lab.azure, reader.token, folderOf(context, {})).push({ ...existing, image }, listener()),
    {
      message: "You may not push to the registry 'shopreg': ask for its role 'AcrPush'",
    },
  );
});

dockerTest('who may not push is told so before anything is built', async (context) => {
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  const reader = lab.azure.user({ roles: ['Reader'] });
  const images = imagesOf(lab.azure, reader.token, folderOf(context, files));
  const heard = listener();
  await assert.rejects(images.deliver(workFor(lab.id('shopreg'), loginServer), heard), {
    name: 'UserError',
    message: "You may not push to the registry 'shopreg': ask for its role 'AcrPush'",
  });
  assert.deepEqual(heard.log, []);
  await assert.rejects(images.deliver(workFor(lab.id('shopreg'), loginServer, { from: 'cloud' }), listener()), {
    name: 'UserError',
    message: "You may not build in the registry 'shopreg': ask for its role 'Contributor', or build here",
  });
});

dockerTest('a mount that the cloud cannot fill is told before anything is sent', async (context) => {
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  const text = `FROM ${baseImage}\nRUN --mount=type=secret,id=npm,required=true cat /run/secrets/npm\n`;
  const images = imagesOf(lab.azure, lab.token, folderOf(context, { Dockerfile: text }));
  await assert.rejects(images.deliver(workFor(lab.id('shopreg'), loginServer, { from: 'cloud' }), listener()), {
    message: "'RUN --mount=type=secret' in line 2 has nothing to mount in the cloud: build here",
  });
  assert.ok(!lab.azure.traffic.some(({ url }) => /listBuildSourceUploadUrl/.test(url)));
});

dockerTest('builds in the cloud what a build here would give', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  const ours = ownTemporary(context);
  const images = imagesOf(lab.azure, lab.token, folderOf(context, files), {
    tool: () => Promise.reject(new Error('There is no Docker here')),
  });
  const heard = listener();
  const work = workFor(lab.id('shopreg'), loginServer, {
    from: 'cloud',
    stage: 'final',
    secretArguments: { WORD: 'marked-secret' },
  });
  const digest = await images.deliver(work, heard);
  assert.match(digest, /^sha256:[0-9a-f]{64}$/);
  const [request] = bodiesTo(lab.azure, /\/scheduleRun\b/);
  assert.equal(request?.['type'], 'DockerBuildRequest');
  assert.ok(heard.progress.some((message) => /^Packing 3 files, \d+ B$/.test(message)));
  assert.ok(heard.log.join('').includes('Step 2/'), heard.log.join(''));
  assert.ok(
    heard.progress.some((message) => /^Building: base 3 RUN/.test(message)),
    heard.progress.join(),
  );
  assert.deepEqual(ours(), []);
  const upload = lab.azure.traffic.filter(({ method, url }) => method === 'PUT' && /tar\.gz/.test(url));
  assert.equal(upload.length, 1);
  assert.ok(!JSON.stringify([heard.log, heard.progress]).includes('marked-secret'));
});

dockerTest('BuildKit syntax becomes a task with BuildKit', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  const folder = folderOf(context, {
    'docker/my Dockerfile': `FROM ${baseImage}\nARG WORD\nRUN --mount=type=cache,target=/cache echo "$WORD" > /word\nCOPY <<EOF /text\nof a heredoc\nEOF\nCOPY . /app/\n`,
    'app/a.txt': 'a',
  });
  const images = imagesOf(lab.azure, lab.token, folder);
  const heard = listener();
  const digest = await images.deliver(
    workFor(lab.id('shopreg'), loginServer, {
      from: 'cloud',
      dockerfile: 'docker/my Dockerfile',
      context: 'app',
      arguments: { WORD: 'it\'s "quoted"' },
    }),
    heard,
  );
  assert.match(digest, /^sha256:/);
  const [request] = bodiesTo(lab.azure, /\/scheduleRun\b/);
  assert.equal(request?.['type'], 'EncodedTaskRunRequest');
  assert.ok(
    heard.progress.some((message) => /^Building: \d\/\d RUN --mount/.test(message)),
    heard.progress.join(),
  );
});

dockerTest('a build that fails in the cloud is told by its line, as one here is', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  const folder = folderOf(context, {
    Dockerfile: `FROM ${baseImage}\nRUN echo fine\nRUN echo before && definitely-not-there\n`,
    'buildkit.Dockerfile': `# syntax is needed:\nFROM ${baseImage}\nCOPY --link gone.txt /\n`,
  });
  const images = imagesOf(lab.azure, lab.token, folder);
  for (const from of ['cloud', 'local'] as const) {
    const plain = images.deliver(workFor(lab.id('shopreg'), loginServer, { from }), listener());
    await assert.rejects(plain, {
      name: 'UserError',
      message: /^Line 3 of 'Dockerfile': 'RUN' failed with exit code 127: .*definitely-not-there/,
    });
    const missing = workFor(lab.id('shopreg'), loginServer, { from, dockerfile: 'buildkit.Dockerfile' });
    await assert.rejects(images.deliver(missing, listener()), {
      message: /^Line 3 of 'buildkit.Dockerfile': 'gone.txt' was not found/,
    });
  }
});

/** Not before its RUN has said something: BuildKit may not hear of it while it starts one. */
function cancelOnceBegun(text: string, controller: AbortController): void {
  if (/^(?:#\d+ [\d.]+ )?begun /m.test(text)) controller.abort();
}

dockerTest('cancelling ends the run in the cloud', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  const folder = folderOf(context, { Dockerfile: `FROM ${baseImage}\nRUN echo begun ${randomUUID()}; sleep 100\n` });
  const ours = ownTemporary(context);
  const heard = listener(() => undefined, cancelOnceBegun);
  const images = imagesOf(lab.azure, lab.token, folder);
  await assert.rejects(images.deliver(workFor(lab.id('shopreg'), loginServer, { from: 'cloud' }), heard), Cancelled);
  const cancelled = lab.azure.traffic.find(({ url }) => /\/runs\/\w+\/cancel\b/.test(url));
  assert.ok(cancelled?.status !== undefined && cancelled.status < 300, JSON.stringify(cancelled));
  assert.deepEqual(ours(), []);
});

dockerTest('cancelling a build here leaves nothing', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  const folder = folderOf(context, { Dockerfile: `FROM ${baseImage}\nRUN echo begun ${randomUUID()}; sleep 100\n` });
  const ours = ownTemporary(context);
  const heard = listener(() => undefined, cancelOnceBegun);
  const images = imagesOf(lab.azure, lab.token, folder);
  await assert.rejects(images.deliver(workFor(lab.id('shopreg'), loginServer), heard), Cancelled);
  assert.deepEqual(ours(), []);
});

dockerTest('cancelling in the middle of an upload or a push leaves nothing', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  context.after(() => forget(loginServer, 'shop/web:1a2b3c4'));
  const images = imagesOf(lab.azure, lab.token, folderOf(context, files));
  const ours = ownTemporary(context);
  for (const [from, call] of [
    ['cloud', /PUT .*\.tar\.gz/],
    ['local', /PUT .*\/manifests\//],
  ] as const) {
    const heard = listener();
    lab.azure.faults.add(call, { kind: 'hang' });
    lab.azure.faults.watch((moment, asked) => {
      if (moment === 'before' && call.test(asked)) heard.controller.abort();
    });
    await assert.rejects(images.deliver(workFor(lab.id('shopreg'), loginServer, { from }), heard), Cancelled);
    lab.azure.faults.clear();
    assert.deepEqual(ours(), [], from);
  }
  assert.ok(!lab.azure.traffic.some(({ url }) => /scheduleRun/.test(url)));
});

dockerTest('a subscription for which Azure does not build is offered a build here', async (context) => {
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  const body = { error: { code: 'TasksOperationsNotAllowed', message: 'ACR Tasks requests are not permitted.' } };
  lab.azure.faults.add(/POST .*scheduleRun/i, { kind: 'answer', status: 400, body });
  let offered = false;
  const images = imagesOf(lab.azure, lab.token, folderOf(context, files), { buildHere: () => (offered = true) });
  const work = workFor(lab.id('shopreg'), loginServer, { from: 'cloud' });
  await assert.rejects(images.deliver(work, listener()), (error: unknown) => {
    const { message, action } = error as { message: string; action?: { title: string; run: () => void } };
    assert.equal(message, 'Free and trial subscriptions may not build in the registry: build here and push');
    assert.equal(action?.title, 'Build here');
    action.run();
    return offered;
  });
});

dockerTest('a registry with repository permissions builds with the rights of the caller', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  const loginServer = await lab.registry('abacreg');
  const resource = lab.azure.resource(lab.id('abacreg'));
  assert.ok(resource);
  lab.azure.place(lab.id('abacreg'), {
    ...resource,
    properties: { ...(resource['properties'] as object), roleAssignmentMode: 'AbacRepositoryPermissions' },
  });
  const pusher = lab.azure.user({ roles: ['Contributor', 'AcrPush'] });
  const images = imagesOf(lab.azure, pusher.token, folderOf(context, files));
  await assert.rejects(images.deliver(workFor(lab.id('abacreg'), loginServer), listener()), {
    message: "You may not push to the registry 'abacreg': ask for its role 'Container Registry Repository Writer'",
  });
  lab.azure.grant(pusher.objectId, 'Container Registry Repository Writer', lab.id('abacreg'));
  const work = workFor(lab.id('abacreg'), loginServer, { from: 'cloud' });
  assert.match(await imagesOf(lab.azure, pusher.token, folderOf(context, files)).deliver(work, listener()), /^sha256:/);
  const [request] = bodiesTo(lab.azure, /\/scheduleRun\?api-version=2025-03-01-preview/);
  assert.equal(textAt(request, 'credentials.sourceRegistry.identity'), '[caller]');
});

dockerTest('what was planned is what is built, or nothing', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  const loginServer = await lab.registry('shopreg');
  context.after(() => forget(loginServer, 'shop/web:1a2b3c4'));
  const folder = folderOf(context, files);
  const choices = { repository: 'shop/web', dockerfile: 'Dockerfile', context: '.', arguments: {} };
  const { contents } = await readSource({
    folder,
    image: { ...choices, build: 'local', platform: 'linux/amd64' },
    run,
    tool: () => Promise.resolve(),
    signal: new AbortController().signal,
  });
  const images = imagesOf(lab.azure, lab.token, folder);
  const work = workFor(lab.id('shopreg'), loginServer, { contents });
  writeFileSync(join(folder, 'left-out.txt'), 'is not built, and so does not matter');
  assert.match(await images.deliver(work, listener()), /^sha256:/);
  writeFileSync(join(folder, 'app.txt'), 'changed');
  await assert.rejects(images.deliver(work, listener()), {
    message: 'Files of the app have changed since the deployment was planned: plan again',
  });
});
