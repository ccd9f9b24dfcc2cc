import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { contentsOf, pack } from '../../../client/src/registry/cloud-build/pack.ts';
import { findSources } from '../../../client/src/registry/cloud-build/sources.ts';
import { baseImage, docker, dockerTest, ensureBaseImage, folderOf } from '../../docker/docker.ts';

const signal = new AbortController().signal;

/** Everything below /context in the image: names, modes, links, contents. */
const look =
  'cd /context && find . -print | sort | while read -r f; do [ -L "$f" ] && echo "$f -> $(readlink "$f")" && continue; s=$(stat -c %a "$f"); [ -d "$f" ] && echo "$f/ $s" || echo "$f $s $(md5sum < "$f")"; done';

interface Built {
  readonly folder: string;
  readonly dockerfile: string;
  readonly buildKit: boolean;
}

function seen(context: TestContext, { folder, dockerfile, buildKit }: Built): string {
  const name = `shipshape-test/pack-${Math.random().toString(36).slice(2)}:1`;
  execFileSync('docker', ['build', '--quiet', '--file', dockerfile, '--tag', name, folder], {
    env: { ...process.env, DOCKER_BUILDKIT: buildKit ? '1' : '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  context.after(() => void spawnSync('docker', ['image', 'rm', '--force', name], { stdio: 'ignore' }));
  return docker('run', '--rm', '--network', 'none', name, 'sh', '-c', look);
}

/** As it would be on the other side: extracted, and built there. */
async function seenThere(
  context: TestContext,
  root: string,
  dockerfile: string,
  from: string,
  buildKit: boolean,
): Promise<string> {
  const sources = await findSources(root, { dockerfile, context: from });
  const contents = await contentsOf(sources, buildKit ? 'buildkit' : 'classic', signal);
  const target = mkdtempSync(join(tmpdir(), 'shipshape-test-'));
  context.after(() => rmSync(target, { recursive: true, force: true }));
  const archive = `${target}.tar.gz`;
  context.after(() => rmSync(archive, { force: true }));
  await pack(contents, archive, { time: 1_000_000_000, signal });
  execFileSync('tar', ['-xpzf', archive, '-C', target]);
  return seen(context, { folder: target, dockerfile: join(target, contents.dockerfile), buildKit });
}

const dockerfile = `FROM ${baseImage}\nCOPY . /context/\n`;
const files = {
  Dockerfile: dockerfile,
  'run.sh': '#!/bin/sh\n',
  'src/a.js': 'a',
  'src/a.test.js': 'test',
  'src/deep/er/b.js': 'b',
  'node_modules/x/index.js': 'x',
  'node_modules/x/keep.js': 'kept',
  'docs/readme.md': 'readme',
  'docs/other.md': 'other',
  '.env': 'SECRET=1',
  '.git/HEAD': 'ref: refs/heads/main',
  'ünï cödé/file name.txt': 'text',
};

const ignores: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no .dockerignore': {},
  'plain names, comments and blanks': { '.dockerignore': '# what is not needed\n\nnode_modules\n.git\n.env\n' },
  'exceptions in what is left out': {
    '.dockerignore': 'node_modules\n!node_modules/x/keep.js\n*.md\ndocs/*\n!docs/readme.md\n',
  },
  'everything but': { '.dockerignore': '*\n!src\n!run.sh\n**/*.test.js\n' },
  'slashes, dots and double stars': { '.dockerignore': '/src/deep/\n./docs\n**/node_modules/**\n**/.e*\n' },
  'itself and the Dockerfile': { '.dockerignore': 'Dockerfile\n.dockerignore\n.git\n' },
  'one of the Dockerfile': { 'Dockerfile.dockerignore': 'src\nDockerfile*\n', '.dockerignore': 'docs\n' },
};

for (const [title, extra] of Object.entries(ignores)) {
  dockerTest(`the archive is built into what a build here gives: ${title}`, async (context) => {
    ensureBaseImage();
    const folder = folderOf(context, { ...files, ...extra });
    chmodSync(join(folder, 'run.sh'), 0o750);
    symlinkSync('src/a.js', join(folder, 'link.js'));
    symlinkSync('/etc/hostname', join(folder, 'absolute'));
    symlinkSync('deep', join(folder, 'src/folder-link'));
    const here = seen(context, { folder, dockerfile: join(folder, 'Dockerfile'), buildKit: true });
    assert.match(here, /\.\/run\.sh 750 /);
    assert.equal(await seenThere(context, folder, 'Dockerfile', '.', true), here);
    const there = await seenThere(context, folder, 'Dockerfile', '.', false);
    // The classic builder does not know the Dockerfile's own file, so the context's is replaced by what has the same effect.
    const isOwn = 'Dockerfile.dockerignore' in extra;
    assert.equal(there, isOwn ? here.replace(/^\.\/\.dockerignore .*\n/m, '') : here);
  });
}

dockerTest(
  'a Dockerfile outside of the context is not in the image, with and without a .dockerignore',
  async (context) => {
    ensureBaseImage();
    for (const extra of [{}, { 'app/.dockerignore': 'b.txt\n.dockerignore\n' }]) {
      const folder = folderOf(context, {
        'docker/Dockerfile': dockerfile,
        'app/a.txt': 'a',
        'app/b.txt': 'b',
        ...extra,
      });
      const here = seen(context, {
        folder: join(folder, 'app'),
        dockerfile: join(folder, 'docker/Dockerfile'),
        buildKit: true,
      });
      for (const buildKit of [true, false])
        assert.equal(await seenThere(context, folder, 'docker/Dockerfile', 'app', buildKit), here);
    }
  },
);
