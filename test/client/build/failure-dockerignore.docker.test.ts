import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { hidingLine } from '../../../client/src/build/failure/dockerignore.ts';
import { dockerTest, folderOf } from '../../docker/docker.ts';

const files = [
  'a.txt',
  'b.txt',
  'ab',
  'a b',
  '[x]',
  'a+b',
  'src/a.txt',
  'src/x/a.txt',
  'src/x/y/b',
  'docs/a/b.md',
  'docs/c.md',
  '#h',
];

const ignores: readonly (readonly string[])[] = [
  ['*.txt'],
  ['**/*.txt', '!src/a.txt'],
  ['*', '!src', 'src/x'],
  ['*', '!src/x/y'],
  ['src/**', '!**/a.txt'],
  ['docs', '!docs/a', ' # no comment', '#h'],
  ['/docs/', './src/../ab', 'a?b', '**/y'],
  ['[ab].txt', 'a[^ ]b', 'a+b'],
  ['\\[x\\]', '**', '!docs/**'],
  ['src/*/a.txt', 's*/**/b', '.', '/'],
  ['!a.txt', '*.txt', '', '  ab  '],
];

dockerTest('what a .dockerignore hides is what the builder leaves out', (context) => {
  for (const lines of ignores) {
    const text = lines.join('\n');
    const folder = folderOf(context, {
      ...Object.fromEntries(files.map((file) => [`context/${file}`, 'x'])),
      Dockerfile: 'FROM scratch\nCOPY . /\n',
      'Dockerfile.dockerignore': text,
    });
    const out = join(folder, 'out');
    const args = ['buildx', 'build', '--quiet', '--file', join(folder, 'Dockerfile'), '--output', out];
    execFileSync('docker', [...args, join(folder, 'context')], { stdio: ['ignore', 'ignore', 'pipe'] });
    const sent = new Set(filesIn(out));
    const hidden = files.filter((file) => hidingLine(text, file) !== undefined);
    assert.deepEqual(
      hidden,
      files.filter((file) => !sent.has(file)),
      text,
    );
  }
  return Promise.resolve();
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
