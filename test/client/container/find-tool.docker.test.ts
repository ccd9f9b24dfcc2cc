import assert from 'node:assert/strict';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findTool } from '../../../client/src/container/find-tool.ts';
import { createRun } from '../../../client/src/process/run.ts';
import type { Run } from '../../../client/src/tools/command.ts';
import { isAtLeast, readVersion } from '../../../client/src/tools/container/version.ts';
import { UserError } from '../../../client/src/ui/user-error.ts';
import { dockerTest, folderOf } from '../../docker/docker.ts';

const run = createRun();
const within =
  (environment: Readonly<Record<string, string>>): Run =>
  (command, options) =>
    run({ ...command, environment: { ...command.environment, ...environment } }, options);
const says = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, message);
  return true;
};

dockerTest('finds the Docker that answers, and its builder', async () => {
  const tool = await findTool(run, { kind: 'auto' });
  assert.equal(tool.kind, 'docker');
  assert.equal(tool.builder, 'buildx');
  assert.match(tool.version, /^\d+\.\d+/);
  assert.equal(tool.hasRawProgress, true);
});

dockerTest('knows clients without buildx by what they can do', async (context) => {
  const old = '/usr/bin/docker';
  if (!existsSync(old)) {
    context.skip('no Docker of the system beside the one of the tests');
    return;
  }
  const tool = await findTool(within({ DOCKER_CONFIG: folderOf(context, {}) }), { kind: 'docker', path: old });
  const isOld = !isAtLeast(tool.version, [23]);
  if (tool.builder !== 'buildx') assert.equal(tool.builder, isOld ? 'buildkit' : 'classic');
  assert.equal(tool.program, old);
});

dockerTest('a daemon that is not there is told apart from a program that is not there', async () => {
  const dead = within({ DOCKER_HOST: 'unix:///nowhere/docker.sock' });
  await assert.rejects(findTool(dead, { kind: 'docker' }), says(/^Docker is installed but not running: start it/));
});

test('nothing at all says what to install', async () => {
  // Programs are looked up on the PATH that they are given.
  const bare = within({ PATH: '/nowhere' });
  await assert.rejects(
    findTool(bare, { kind: 'auto' }),
    says(/^Neither Docker, Podman nor nerdctl was found: install/),
  );
  await assert.rejects(findTool(bare, { kind: 'podman' }), says(/^Podman was not found: install/));
  await assert.rejects(
    findTool(bare, { kind: 'docker', path: '/no/docker' }),
    says(/^'\/no\/docker' was not found: correct/),
  );
});

test('a path that is no program says so', async (context) => {
  const folder = folderOf(context, {});
  const file = join(folder, 'docker');
  writeFileSync(file, 'not a program');
  chmodSync(file, 0o644);
  await assert.rejects(findTool(run, { kind: 'docker', path: file }), says(/permission denied/));
});

test('reads what the clients answer', () => {
  const json = (version: string) => JSON.stringify({ Client: { Version: version }, Server: {} });
  const ended = (stdout: string, code = 0, stderr = '') => ({ code, stdout, stderr });
  const builder = (kind: 'docker' | 'podman' | 'nerdctl', version: string, buildx?: string) => {
    const answer = readVersion(kind, kind, ended(json(version)), buildx === undefined ? undefined : ended(buildx));
    return answer.kind === 'ready' ? [answer.tool.builder, answer.tool.hasRawProgress] : answer.reason;
  };
  assert.deepEqual(builder('docker', '28.5.2', 'github.com/docker/buildx v0.29.1 abc'), ['buildx', true]);
  assert.deepEqual(builder('docker', '24.0.0', 'github.com/docker/buildx v0.10.0 abc'), ['buildx', false]);
  assert.deepEqual(builder('docker', '28.5.2'), ['classic', false]);
  assert.deepEqual(builder('docker', '20.10.24+dfsg1'), ['buildkit', false]);
  assert.deepEqual(builder('docker', '18.06.0'), ['classic', false]);
  assert.deepEqual(builder('podman', '5.4.2'), ['podman', false]);
  assert.deepEqual(builder('nerdctl', '2.0.0'), ['nerdctl', false]);
  assert.deepEqual(readVersion('docker', 'docker', ended('what?')), { kind: 'silent', reason: '' });
  assert.deepEqual(readVersion('docker', 'docker', ended(json('1'), 1, 'a\nCannot connect\n')), {
    kind: 'silent',
    reason: 'Cannot connect',
  });
});
