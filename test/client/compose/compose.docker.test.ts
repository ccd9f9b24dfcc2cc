import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { findCompose } from '../../../client/src/compose/find-compose.ts';
import { namesFor, readNames } from '../../../client/src/compose/services.ts';
import { findTool } from '../../../client/src/container/find-tool.ts';
import { createRun } from '../../../client/src/process/run.ts';
import { Cancelled } from '../../../client/src/tools/command.ts';
import { composeCommand, type ComposeChoice } from '../../../client/src/tools/container/compose.ts';
import { UserError } from '../../../client/src/ui/user-error.ts';
import { baseImage, docker, dockerTest, ensureBaseImage, folderOf } from '../../docker/docker.ts';

const run = createRun();
const compose = async () => findCompose(run, await findTool(run, { kind: 'docker' }));
const sleeper = `image: ${baseImage}\n    command: [sh, -c, "trap 'exit 0' TERM; echo up; while :; do sleep 0.1; done"]`;

dockerTest('services and profiles are what Compose itself makes of the files', async (context) => {
  const folder = folderOf(context, {
    'compose.yaml': `include: [more.yaml]\nservices:\n  web:\n    ${sleeper}\n  tools:\n    ${sleeper}\n    profiles: [debug]\n`,
    'compose.override.yaml': `services:\n  extra:\n    ${sleeper}\n`,
    'more.yaml': `services:\n  included:\n    ${sleeper}\n`,
  });
  const names = await readNames(run, await compose(), chosen(folder));
  const usual = ['extra', 'included', 'web'];
  assert.deepEqual(names, { services: ['extra', 'included', 'tools', 'web'], usual, profiles: ['debug'] });
  const toName = async (services: readonly string[], profiles: readonly string[]) =>
    namesFor(run, await compose(), { ...chosen(folder), services, profiles }, names);
  assert.deepEqual(await toName(usual, []), []);
  assert.deepEqual(await toName(usual, ['debug']), []);
  assert.deepEqual(await toName([], ['debug']), []);
  assert.deepEqual(await toName(['web'], []), ['web']);
  assert.deepEqual(await toName(['web'], ['debug']), ['web', 'tools']);
});

dockerTest('a file that Compose cannot read is told with its reason', async (context) => {
  const folder = folderOf(context, { 'compose.yaml': 'services:\n  web:\n    image: [\n' });
  await assert.rejects(readNames(run, await compose(), chosen(folder)), (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /^Compose cannot read the file: .*yaml: line \d/);
    return true;
  });
});

dockerTest('cancelling an up stops its containers and ends its processes', async (context) => {
  const folder = project(context, 'it\'s a "stack" $(touch pwned)');
  const controller = new AbortController();
  let said = '';
  const up = run(composeCommand(await compose(), 'up', chosen(folder)), {
    signal: controller.signal,
    grace: 30_000,
    onOutput: (text) => {
      said += text;
      if (/web-1\s.*\|.*up/.test(said.replaceAll(/\x1b\[[0-9;]*m/g, ''))) controller.abort();
    },
  });
  await assert.rejects(up, Cancelled, said);
  assert.equal(running(folder), '');
});

dockerTest('only the chosen services are started, restarted, logged and removed', async (context) => {
  const folder = project(context, 'chosen');
  const tool = await compose();
  const only = { ...chosen(folder), services: ['other'] };
  const up = composeCommand(tool, 'up', only);
  await run({ ...up, args: up.args.flatMap((word) => (word === 'up' ? ['up', '--detach'] : [word])) });
  assert.equal(running(folder), 'other');
  assert.equal((await run(composeCommand(tool, 'restart', only))).code, 0);
  assert.equal(running(folder), 'other');
  assert.equal((await run(composeCommand(tool, 'down', chosen(folder)))).code, 0);
  assert.equal(running(folder), '');
});

dockerTest('build builds, and says so when it fails', async (context) => {
  const folder = folderOf(context, {
    'compose.yaml': 'services:\n  web:\n    image: shipshape-test/composed:1\n    build: .\n',
    Dockerfile: `FROM ${baseImage}\nRUN exit 3\n`,
  });
  const { code, stderr } = await run(composeCommand(await compose(), 'build', chosen(folder)));
  assert.notEqual(code, 0);
  assert.match(stderr, /exit code: 3/);
});

function project(context: TestContext, name: string): string {
  ensureBaseImage();
  const down = { program: 'docker', args: ['compose', 'down', '--timeout', '1'] };
  const folders: string[] = [];
  // Before the folder is removed, which is what the next line sees to.
  context.after(() => Promise.all(folders.map((folder) => run({ ...down, folder }))));
  const file = join(name, 'compose.yaml');
  const parent = folderOf(context, { [file]: `services:\n  web:\n    ${sleeper}\n  other:\n    ${sleeper}\n` });
  folders.push(join(parent, name));
  return join(parent, name);
}

function running(folder: string): string {
  const label = `label=com.docker.compose.project.working_dir=${folder}`;
  return docker('ps', '--filter', label, '--format', '{{.Label "com.docker.compose.service"}}');
}

function chosen(folder: string): ComposeChoice {
  return { folder, files: [], services: [], profiles: [] };
}
