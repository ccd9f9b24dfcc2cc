import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { ImageChoices } from '../../../client/src/deploy/choices.ts';
import type { SourceFacts } from '../../../client/src/deploy/facts.ts';
import { appFacts, readSource } from '../../../client/src/deploy/read-source.ts';
import { containerPort } from '../../../client/src/deploy/source/compose-port.ts';
import { createRun } from '../../../client/src/process/run.ts';
import { UserError } from '../../../client/src/ui/user-error.ts';
import { folderOf } from '../../docker/docker.ts';
import { image } from './targets.ts';

function health(check: string, before = ''): SourceFacts['health'] {
  return appFacts(`FROM a\n${before}HEALTHCHECK ${check}\n`, { dockerfile: 'Dockerfile' }).health;
}

test('a health check that asks a URL of its own, with whatever program', () => {
  const path = '/healthz';
  assert.deepEqual(health('CMD curl -f http://localhost:8080/healthz || exit 1'), { path, port: 8080 });
  assert.deepEqual(
    health(
      '--interval=1m30s --timeout=500ms --start-period=10s --retries=5 CMD ["curl", "-f", "http://127.0.0.1/healthz"]',
    ),
    { path, interval: 90, timeout: 1, startPeriod: 10, retries: 5 },
  );
  assert.deepEqual(health('CMD wget -qO- localhost:3000/healthz'), { path, port: 3000 });
  assert.deepEqual(
    health(`CMD python -c "import urllib.request; urllib.request.urlopen('http://localhost:8000/healthz')"`),
    { path, port: 8000 },
  );
  assert.deepEqual(health('CMD curl -f "http://localhost:${PORT}/healthz"', 'ENV PORT=5000\n'), { path, port: 5000 });
  assert.deepEqual(health('CMD curl -f http://localhost:${PORT:-4000}/healthz'), { path, port: 4000 });
  assert.deepEqual(health('CMD curl -f http://localhost:8080 && curl http://localhost:8080/second'), {
    path: '/',
    port: 8080,
  });
  assert.deepEqual(health(`CMD ["node", "-e", "fetch('http://[::1]:80/a?b=c').then(r => process.exit(+!r.ok))"]`), {
    path: '/a?b=c',
    port: 80,
  });
});

test('a health check that asks nobody, or somebody else', () => {
  for (const check of [
    'NONE',
    'CMD pg_isready',
    'CMD curl -f https://example.com/health',
    'CMD curl -f http://localhost:8080/$WHICH',
    'CMD curl http://localhost.example.com/x',
  ])
    assert.equal(health(check), undefined, check);
});

test('ports and health are those of the stage that is built', () => {
  const text = `ARG P=9000
FROM a AS base
EXPOSE 3000
ENV PORT=3000
FROM base AS dev
EXPOSE 9229 53/udp
HEALTHCHECK NONE
FROM base
ARG P
EXPOSE $P 8080-8081 3000
ENV PORT="$P"
HEALTHCHECK CMD curl localhost:9000/up
`;
  const name = { dockerfile: 'Dockerfile' };
  assert.deepEqual(appFacts(text, name), {
    exposed: [3000, 9000, 8080, 8081],
    portVariable: 9000,
    health: { path: '/up', port: 9000 },
  });
  assert.deepEqual(appFacts(text, { ...name, stage: 'DEV' }), { exposed: [3000, 9229], portVariable: 3000 });
  assert.throws(() => appFacts(text, { ...name, stage: 'gone' }), /^UserError: 'Dockerfile' has no stage 'gone'/);
  assert.throws(() => appFacts('# nothing', name), /has no FROM/);
});

test("the container's side of what a service publishes", () => {
  const port = (ports: string): number | undefined => containerPort(`services:\n  web:\n    ${ports}\n`, 'web');
  assert.equal(port('ports: ["8080:80"]'), 80);
  assert.equal(port('ports: ["127.0.0.1:8080:81/tcp"]'), 81);
  assert.equal(port('ports: ["[::1]:8080:82"]'), 82);
  assert.equal(port('ports: ["3000"]'), 3000);
  assert.equal(port('ports: ["${PORT:-8080}:${INNER:-5000}"]'), 5000);
  assert.equal(port('ports: ["$UNKNOWN"]'), undefined);
  assert.equal(port('ports: ["53:53/udp", "8080:80"]'), 80);
  assert.equal(port('ports: ["9000-9001:7000-7001"]'), 7000);
  assert.equal(port('ports: [{ target: 90, published: 8080 }]'), 90);
  assert.equal(port('ports: [{ target: 53, protocol: udp }]'), undefined);
  assert.equal(port('expose: ["4000"]'), 4000);
  assert.equal(port('image: x'), undefined);
});

const run = createRun();

async function sourceOf(folder: string, more: Partial<ImageChoices> = {}, hasDocker = true): Promise<SourceFacts> {
  const tool = (): Promise<unknown> => (hasDocker ? Promise.resolve({}) : Promise.reject(new UserError('none')));
  return readSource({ folder, image: { ...image, ...more }, run, tool, signal: new AbortController().signal });
}

function repository(context: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = folderOf(context, files);
  git(folder, 'init', '--quiet');
  commit(folder);
  return folder;
}

function git(folder: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgSign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

function commit(folder: string): void {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'A change');
}

const app = {
  Dockerfile: 'FROM a\nCOPY . .\nEXPOSE 8080\n',
  'main.js': '1',
  'docs/readme.md': 'text',
  '.dockerignore': 'docs\n',
  'compose.yaml':
    'services:\n  web:\n    build: .\n    ports: ["80:8080"]\n  other:\n    image: x\n    ports: ["1:2"]\n',
};

test('the whole: commit, ports, Docker', async (context) => {
  const folder = repository(context, app);
  const full = git(folder, 'rev-parse', 'HEAD');
  const { contents, ...rest } = await sourceOf(folder);
  assert.match(contents, /^[0-9a-f]{64}$/);
  assert.deepEqual(rest, {
    exposed: [8080],
    composePort: 8080,
    commit: { short: git(folder, 'rev-parse', '--short', 'HEAD'), full, isDirty: false },
    hasDocker: true,
  });
  assert.equal((await sourceOf(folder, {}, false)).hasDocker, false);
});

test('dirty is what would be built otherwise, and its name follows from what that is', async (context) => {
  const folder = repository(context, app);
  const dirty = async (): Promise<boolean | undefined> => (await sourceOf(folder)).commit?.isDirty;
  writeFileSync(join(folder, 'docs/readme.md'), 'changed, but not in the image');
  mkdirSync(join(folder, '.shipshape'));
  writeFileSync(join(folder, '.shipshape/deploy.yaml'), 'ours');
  assert.equal(await dirty(), false);
  writeFileSync(join(folder, 'new file.js'), 'not known to Git');
  assert.equal(await dirty(), true);
  const first = (await sourceOf(folder)).contents;
  assert.equal((await sourceOf(folder)).contents, first);
  writeFileSync(join(folder, 'new file.js'), 'something else');
  const second = (await sourceOf(folder)).contents;
  assert.notEqual(second, first);
  assert.notEqual((await sourceOf(folder, { arguments: { A: '1' } })).contents, second);
  commit(folder);
  assert.equal(await dirty(), false);
  writeFileSync(join(folder, 'Dockerfile'), `${app.Dockerfile}RUN true\n`);
  assert.equal(await dirty(), true);
});

test('of a repository, only the part that is built counts', async (context) => {
  const folder = repository(context, { 'shop/Dockerfile': app.Dockerfile, 'shop/a': '1', 'other/b': '1' });
  const isDirty = async (): Promise<boolean | undefined> => {
    const facts = await sourceOf(folder, { dockerfile: 'shop/Dockerfile', context: 'shop' });
    return facts.commit?.isDirty;
  };
  writeFileSync(join(folder, 'other/b'), '2');
  assert.equal(await isDirty(), false);
  writeFileSync(join(folder, 'shop/a'), '2');
  assert.equal(await isDirty(), true);
});

test('without Git there is no commit, but a name all the same', async (context) => {
  const facts = await sourceOf(folderOf(context, app));
  assert.equal(facts.commit, undefined);
  assert.match(facts.contents, /^[0-9a-f]{64}$/);
});
