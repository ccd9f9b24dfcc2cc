import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textAt } from '../../../client/src/azure/json.ts';
import { apiVersions } from '../../../client/src/azure/api-versions.ts';
import { contentsOf, pack } from '../../../client/src/registry/cloud-build/pack.ts';
import { runRequest } from '../../../client/src/registry/cloud-build/request.ts';
import { findSources } from '../../../client/src/registry/cloud-build/sources.ts';
import { upload } from '../../../client/src/registry/cloud-build/upload.ts';
import { createHttp } from '../../../client/src/registry/http.ts';
import { startLab } from '../../azure/registry/lab.ts';
import { baseImage, dockerTest, ensureBaseImage, folderOf } from '../../docker/docker.ts';
import { armOf } from './registry-lab.ts';

dockerTest('what is too large for one piece goes in several, and is whole there', async (context) => {
  ensureBaseImage();
  const lab = await startLab(context);
  await lab.registry('shopreg');
  const folder = folderOf(context, { Dockerfile: `FROM ${baseImage}\nCOPY . /app/\n`, 'a.txt': 'a'.repeat(5000) });
  const { signal } = new AbortController();
  const contents = await contentsOf(
    await findSources(folder, { dockerfile: 'Dockerfile', context: '.' }),
    'classic',
    signal,
  );
  const temporary = mkdtempSync(join(tmpdir(), 'shipshape-test-'));
  context.after(() => rmSync(temporary, { recursive: true, force: true }));
  const file = join(temporary, 'context.tar.gz');
  await pack(contents, file, { time: 0, signal });
  const arm = armOf(lab.azure, lab.token);
  const version = { method: 'POST', apiVersion: apiVersions.registryTasks } as const;
  const place = await arm.send({ ...version, path: `${lab.id('shopreg')}/listBuildSourceUploadUrl` });
  const sent: number[] = [];
  await upload(file, textAt(place, 'uploadUrl') ?? '', {
    http: createHttp(lab.azure.httpClient),
    signal,
    onSent: (bytes) => sent.push(bytes),
    most: 50,
    piece: 64,
  });
  assert.ok(sent.length > 3 && sent.every((bytes, index) => bytes >= (sent[index - 1] ?? 0)), sent.join());
  const blocks = lab.azure.traffic.filter(({ url }) => /comp=block\b/.test(url));
  assert.ok(blocks.length >= 3);
  const body = runRequest({
    repository: 'pieces',
    tag: '1',
    dockerfile: contents.dockerfile,
    platform: 'linux/amd64',
    arguments: [],
    sourceLocation: textAt(place, 'relativePath') ?? '',
    needsBuildKit: false,
    asCaller: false,
  });
  const run = await arm.send({ ...version, path: `${lab.id('shopreg')}/scheduleRun`, body });
  const path = textAt(run, 'id') ?? '';
  for (const deadline = Date.now() + 120_000; Date.now() < deadline;) {
    const status = textAt(await arm.get(path, apiVersions.registryTasks), 'properties.status') ?? '';
    if (status === 'Succeeded') return;
    assert.match(status, /^(?:Queued|Started|Running)$/);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('it took too long');
});
