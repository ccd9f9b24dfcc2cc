import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { findTool } from '../../../client/src/container/find-tool.ts';
import { createRun } from '../../../client/src/process/run.ts';
import {
  askImageId,
  askImageSize,
  listImages,
  readImageId,
  readImages,
  readImageSize,
} from '../../../client/src/tools/container/images.ts';
import { whyNotInAzure } from '../../../client/src/registry/platform.ts';
import { baseImage, docker, dockerTest, ensureBaseImage, folderOf } from '../../docker/docker.ts';

dockerTest('images are listed, and told apart by their ids', async () => {
  ensureBaseImage();
  const run = createRun();
  const tool = await findTool(run, { kind: 'docker' });
  const id = readImageId((await run(askImageId(tool, baseImage))).stdout);
  assert.equal(id, docker('image', 'inspect', '--format', '{{.Id}}', baseImage));
  const listed = readImages((await run(listImages(tool))).stdout).find(({ name }) => name === baseImage);
  assert.ok(listed && id.includes(listed.id), JSON.stringify(listed));
  assert.match(listed.size, /^[\d.]+MB$/);
  assert.match(listed.created, / ago$/);
  assert.ok(readImages((await run(listImages(tool))).stdout).every(({ name }) => !name.includes('<none>')));
  const bytes = readImageSize((await run(askImageSize(tool, baseImage))).stdout);
  assert.ok(bytes !== undefined && bytes > 100_000, String(bytes));
});

dockerTest('an image for another platform than that of Azure is told, with what to do', async (context) => {
  ensureBaseImage();
  const run = createRun();
  const tool = await findTool(run, { kind: 'docker' });
  const folder = folderOf(context, { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
  const name = `shipshape-test/${randomUUID()}:1`;
  context.after(() => void spawnSync('docker', ['image', 'rm', '--force', name], { stdio: 'ignore' }));
  const { signal } = new AbortController();
  const told = async (platform: string): Promise<string | undefined> => {
    docker('build', '--quiet', '--platform', platform, '--tag', name, folder);
    return (await whyNotInAzure(run, tool, { id: name, name }, signal))?.message;
  };
  assert.equal(await told('linux/arm64'), `'${name}' is for linux/arm64, and Azure's apps run linux/amd64`);
  assert.equal(await told('linux/amd64'), undefined);
  assert.equal(await whyNotInAzure(run, tool, { id: 'shipshape-test/nothing:1', name }, signal), undefined);
});

dockerTest('an image that is not there has no id, whatever it is called', async () => {
  const run = createRun();
  const tool = await findTool(run, { kind: 'docker' });
  for (const name of ['shipshape-test/nothing:1', '--help', '$(id)']) {
    const ended = await run(askImageId(tool, name));
    assert.notEqual(ended.code, 0, name);
    assert.equal(readImageId(ended.stdout), undefined, name);
  }
});
