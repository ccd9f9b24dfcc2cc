import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { findTool } from '../../../client/src/container/find-tool.ts';
import type { BuildRequest } from '../../../client/src/build/build.ts';
import { describeBuild } from '../../../client/src/build/describe.ts';
import { executeBuild } from '../../../client/src/build/execute.ts';
import { planBuild } from '../../../client/src/build/plan.ts';
import { createRun } from '../../../client/src/process/run.ts';
import { dockerTest, ensureBaseImage, folderOf } from '../../docker/docker.ts';

const tool = { kind: 'docker', program: 'docker', version: '26.1.5', builder: 'buildx', hasRawProgress: true } as const;

test('the value of an ARG that looks like a secret is in no argument and no description', () => {
  const plan = planBuild(requestFor('/shop', 'hush'), tool);
  assert.ok(plan.kind === 'build');
  assert.equal(plan.command.environment?.['NPM_TOKEN'], 'hush');
  assert.ok(plan.command.args.includes('NPM_TOKEN'), plan.command.args.join(' '));
  assert.ok(plan.command.args.includes('VERSION=1'), plan.command.args.join(' '));
  const described = JSON.stringify([plan.command.args, describeBuild(plan)]);
  assert.ok(!described.includes('hush'), described);
  assert.match(described, /NPM_TOKEN=\.\.\. docker buildx build /);
});

dockerTest('and the build gets it all the same', async (context) => {
  ensureBaseImage();
  const secret = randomUUID();
  const dockerfile = `FROM shipshape-test/base:1\nARG NPM_TOKEN\nARG VERSION\nRUN test "$VERSION $NPM_TOKEN" = "1 ${secret}"\n`;
  const folder = folderOf(context, { Dockerfile: dockerfile });
  const run = createRun();
  const plan = planBuild(requestFor(folder, secret), await findTool(run, { kind: 'docker' }));
  assert.ok(plan.kind === 'build');
  const outcome = await executeBuild(plan, { run });
  assert.equal(outcome.kind, 'built', JSON.stringify(outcome));
});

function requestFor(folder: string, secret: string): BuildRequest {
  return {
    dockerfile: join(folder, 'Dockerfile'),
    context: folder,
    platforms: [],
    arguments: [
      { name: 'VERSION', value: '1' },
      { name: 'NPM_TOKEN', value: secret },
    ],
    secrets: [],
    tags: [],
    pull: false,
    useCache: true,
  };
}
