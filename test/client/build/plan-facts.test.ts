import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test, type TestContext } from 'node:test';
import { gatherFacts, type BuildFacts } from '../../../client/src/build/facts.ts';
import { createRun } from '../../../client/src/process/run.ts';
import { Cancelled, NotStarted, type Run } from '../../../client/src/tools/command.ts';
import { UserError } from '../../../client/src/ui/user-error.ts';
import { folderOf } from '../../docker/docker.ts';
import { onDisk } from './builders.ts';

const noGit: Run = () => Promise.reject(new NotStarted('git', '', true));
const never = new AbortController().signal;

async function factsOf(
  context: TestContext,
  files: Readonly<Record<string, string>>,
  dockerfile = 'Dockerfile',
): Promise<BuildFacts & { readonly root: string }> {
  const root = folderOf(context, files);
  const request = { dockerfile: join(root, dockerfile), workspaceFolder: root, ...onDisk, run: noGit };
  return { root, ...(await gatherFacts(request, never)) };
}

function foldersIn({ contexts, root }: BuildFacts & { readonly root: string }): readonly string[] {
  return contexts.map(({ folder }) => relative(root, folder) || '.');
}

test('the context is the folder that has what COPY and ADD name', async (context) => {
  const copy =
    'FROM a\nCOPY package.json package-*.json ./\nCOPY --from=x /y /z\nADD https://example.com/a /a\nCOPY <<EOF /b\nEOF\n';
  const here = await factsOf(
    context,
    { 'api/Dockerfile': copy, 'api/package.json': '', 'package-lock.json': '' },
    'api/Dockerfile',
  );
  assert.deepEqual(foldersIn(here), ['api', '.']);
  const above = await factsOf(context, { 'api/Dockerfile': copy, 'package.json': '' }, 'api/Dockerfile');
  assert.deepEqual(foldersIn(above), ['.', 'api']);
  assert.deepEqual(
    above.contexts.map(({ missing }) => missing),
    [[], ['package.json']],
  );
  const deep = {
    'a/b/Dockerfile': 'FROM a\nCOPY ["b/x y/*.txt", "/"]\nRUN --mount=type=bind,source=lib,target=/lib x\n',
    'a/b/x y/1.txt': '',
    'a/lib/l': '',
  };
  assert.deepEqual(foldersIn(await factsOf(context, deep, 'a/b/Dockerfile')), ['a', 'a/b', '.']);
  const variable = { 'a/Dockerfile': 'ARG D=src\nFROM a\nARG D\nCOPY ${D}/main.c /\n', 'src/main.c': '' };
  assert.deepEqual(foldersIn(await factsOf(context, variable, 'a/Dockerfile')), ['.', 'a']);
});

test('where all is copied it is the nearest folder that holds more than Dockerfiles', async (context) => {
  const all = 'FROM a\nCOPY . .\n';
  assert.deepEqual(foldersIn(await factsOf(context, { 'api/Dockerfile': all, 'api/x.js': '' }, 'api/Dockerfile')), [
    'api',
    '.',
  ]);
  const bare = { 'docker/Dockerfile': all, 'docker/dev.Dockerfile': all, 'docker/.dockerignore': '', 'x.js': '' };
  assert.deepEqual(foldersIn(await factsOf(context, bare, 'docker/Dockerfile')), ['.', 'docker']);
});

test('a Compose service that builds the file comes first, with all it says', async (context) => {
  const compose = `
services:
  web: { image: nginx }
  other: { build: ./other }
  remote: { build: https://github.com/example/example.git }
  api:
    platform: linux/arm64
    build:
      context: \${ROOT:-.}
      dockerfile: docker/Dockerfile
      target: runtime
      args:
        MODE: release
        VERSION: \${VERSION}
        TAG: \${TAG:-1}
        FROM_SHELL:
      secrets: [npm, { source: cert, target: tls }, gone]
secrets:
  npm: { environment: NPM_TOKEN }
  cert: { file: ./keys/cert.pem }
`;
  const facts = await factsOf(
    context,
    { 'compose.yaml': compose, 'docker/Dockerfile': 'FROM a\nCOPY b .\n' },
    'docker/Dockerfile',
  );
  const [first, second] = facts.contexts;
  assert.deepEqual(first, {
    folder: facts.root,
    missing: ['b'],
    service: {
      name: 'api',
      file: join(facts.root, 'compose.yaml'),
      target: 'runtime',
      platforms: ['linux/arm64'],
      arguments: [
        { name: 'MODE', value: 'release' },
        { name: 'TAG', value: '1' },
      ],
      secrets: [
        { id: 'npm', from: { kind: 'environment', name: 'NPM_TOKEN' } },
        { id: 'tls', from: { kind: 'file', path: join(facts.root, 'keys/cert.pem') } },
      ],
    },
  });
  assert.deepEqual([second?.folder, second?.service], [join(facts.root, 'docker'), undefined]);
  // A file that nobody could read is no reason not to build.
  assert.equal((await factsOf(context, { 'compose.yaml': '{{', Dockerfile: 'FROM a\n' })).contexts.length, 1);
});

test('targets ask for the arguments and secrets of the stages they need', async (context) => {
  const text = `ARG NODE=20
ARG REGISTRY
FROM \${REGISTRY}/node:\${NODE} AS base
ARG TARGETPLATFORM
ARG HTTP_PROXY
FROM base AS build
ARG NODE
ARG MODE="a b"
ARG COMMIT
ARG NPM_TOKEN
RUN --mount=type=secret,id=NPM_TOKEN,required=true npm ci
FROM scratch AS docs
ARG UNUSED
FROM node:20
COPY --from=build /a /a
RUN --mount=type=secret,target=/run/secrets/key,required x
`;
  const { targets } = await factsOf(context, { Dockerfile: text });
  assert.deepEqual(
    targets.map(({ name, isFinal }) => [name, isFinal]),
    [
      ['base', false],
      ['build', false],
      ['docs', false],
      ['3', true],
    ],
  );
  assert.deepEqual(targets[3]?.arguments, [
    { name: 'NODE', default: '20' },
    { name: 'REGISTRY' },
    { name: 'MODE', default: 'a b' },
    { name: 'COMMIT' },
  ]);
  assert.deepEqual(targets[3].secrets, [
    { id: 'NPM_TOKEN', isRequired: true },
    { id: 'key', isRequired: true },
  ]);
  assert.deepEqual(targets[2]?.arguments, [{ name: 'UNUSED' }]);
  assert.deepEqual(targets[0]?.secrets, []);
  assert.deepEqual((await factsOf(context, { Dockerfile: 'half FRO' })).targets, []);
});

test('a Dockerfile that is gone, and a cancel', async (context) => {
  const root = folderOf(context, { Dockerfile: 'FROM a\n' });
  const request = { dockerfile: join(root, 'gone'), ...onDisk, run: noGit };
  await assert.rejects(gatherFacts(request, never), UserError);
  const cancelled = gatherFacts({ ...request, dockerfile: join(root, 'Dockerfile') }, AbortSignal.abort());
  await assert.rejects(cancelled, Cancelled);
});

test('the commit, and whether anything differs from it', async (context) => {
  const { root, commit } = repository(context);
  assert.equal(await commit(), undefined);
  git(root, 'add', '.');
  git(root, 'commit', '--message', 'one');
  const id = git(root, 'rev-parse', '--short', 'HEAD');
  assert.deepEqual(await commit(), { id, isDirty: false });
  writeFileSync(join(root, 'new file'), '');
  assert.deepEqual(await commit(), { id, isDirty: true });
});

test(
  "no program of the repository's own configuration is run",
  { skip: process.platform === 'win32' },
  async (context) => {
    const { root, commit } = repository(context);
    writeFileSync(join(root, '.gitattributes'), '* filter=bad\n*.md filter=long\n');
    git(root, 'add', '.');
    git(root, 'commit', '--message', 'one');
    const spy = join(root, '.git', 'spy');
    writeFileSync(spy, `#!/bin/sh\ntouch '${root}/.git/ran'\ncat\n`);
    chmodSync(spy, 0o755);
    for (const key of [
      'core.fsmonitor',
      'filter.bad.clean',
      'filter.long.process',
      'core.pager',
      'core.sshCommand',
      'diff.external',
    ]) {
      git(root, 'config', key, spy);
    }
    writeFileSync(join(root, '.git/hooks/post-index-change'), `#!/bin/sh\ntouch '${root}/.git/ran'\n`, { mode: 0o755 });
    // Touched, so that Git has to look into it.
    utimesSync(join(root, 'Dockerfile'), new Date(0), new Date(0));
    assert.equal((await commit())?.isDirty, false);
    assert.ok(!existsSync(join(root, '.git/ran')));
    git(root, 'config', 'filter.a=b.clean', spy);
    assert.equal((await commit())?.isDirty, true, 'what cannot be asked safely is dirty');
    assert.ok(!existsSync(join(root, '.git/ran')));
    // The trap does work.
    utimesSync(join(root, 'Dockerfile'), new Date(1000), new Date(1000));
    git(root, '-c', 'core.fsmonitor=false', 'status');
    assert.ok(existsSync(join(root, '.git/ran')));
  },
);

function repository(context: TestContext): {
  readonly root: string;
  readonly commit: () => Promise<BuildFacts['commit']>;
} {
  const root = folderOf(context, { Dockerfile: 'FROM a\n' });
  git(root, 'init');
  git(root, 'config', 'user.name', 'Somebody');
  git(root, 'config', 'user.email', 'somebody@example.com');
  const request = { dockerfile: join(root, 'Dockerfile'), workspaceFolder: root, ...onDisk, run: createRun() };
  return { root, commit: async () => (await gatherFacts(request, never)).commit };
}

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}
