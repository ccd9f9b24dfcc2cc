import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findFiles } from '../../server/src/command-line/find-files.ts';
import { folderWith } from './run-cli.ts';

suite('files to lint', () => {
  const files = [
    'Dockerfile',
    'README.md',
    'api/Dockerfile.dev',
    'api/docker-compose.override.yml',
    'api/values.yaml',
    'node_modules/x/Dockerfile',
    '.git/Dockerfile',
    '.devcontainer/Dockerfile',
    'web/sub/web.dockerfile',
    'web/sub/Containerfile',
    'we[i]rd/Dockerfile',
    'with space/compose.yaml',
  ];
  const folder = folderWith(Object.fromEntries(files.map((file) => [file, ''])));
  const found = (...paths: string[]): readonly string[] => findFiles(paths, folder).files.map((file) => file.path);

  test('a folder gives Dockerfiles and Compose files, in an order that is always the same', () => {
    assert.deepEqual(found(''), [
      '.devcontainer/Dockerfile',
      'Dockerfile',
      'api/Dockerfile.dev',
      'api/docker-compose.override.yml',
      'we[i]rd/Dockerfile',
      'web/sub/Containerfile',
      'web/sub/web.dockerfile',
      'with space/compose.yaml',
    ]);
  });

  test('paths begin as they were given', () => {
    assert.deepEqual(found('./web'), ['./web/sub/Containerfile', './web/sub/web.dockerfile']);
    assert.deepEqual(found('api/'), ['api/Dockerfile.dev', 'api/docker-compose.override.yml']);
    assert.deepEqual(found('.').slice(0, 2), ['./.devcontainer/Dockerfile', './Dockerfile']);
    assert.deepEqual(found(join(folder, 'web')), [
      `${folder}/web/sub/Containerfile`,
      `${folder}/web/sub/web.dockerfile`,
    ]);
  });

  test('a named file is taken whatever it is called, and once', () => {
    assert.deepEqual(found('README.md', './README.md', 'Dockerfile', 'Dockerfile'), ['README.md', 'Dockerfile']);
    assert.deepEqual(found('node_modules/x/Dockerfile'), ['node_modules/x/Dockerfile']);
    assert.deepEqual(found('node_modules'), ['node_modules/x/Dockerfile']);
  });

  test('globs', () => {
    assert.deepEqual(found('**/Dockerfile*'), ['Dockerfile', 'api/Dockerfile.dev', 'we[i]rd/Dockerfile']);
    assert.deepEqual(found('api/*.{yml,yaml}'), ['api/docker-compose.override.yml', 'api/values.yaml']);
    assert.deepEqual(found('./*/sub/[VC]on*'), ['./web/sub/Containerfile']);
    assert.deepEqual(found('*/sub/[!C]*'), ['web/sub/web.dockerfile']);
    assert.deepEqual(found('w?b'), ['web/sub/Containerfile', 'web/sub/web.dockerfile'], 'folders are walked');
    assert.deepEqual(found('{api,web/sub}'), [
      'api/Dockerfile.dev',
      'api/docker-compose.override.yml',
      'web/sub/Containerfile',
      'web/sub/web.dockerfile',
    ]);
    assert.deepEqual(found('web/**'), ['web/sub/Containerfile', 'web/sub/web.dockerfile']);
    assert.deepEqual(found('.dev*/*'), ['.devcontainer/Dockerfile']);
    assert.deepEqual(found('we[i]rd/*'), [], 'a glob, as in any shell');
    assert.deepEqual(found('we[i]rd/Dockerfile'), ['we[i]rd/Dockerfile'], 'a file that is there is no glob');
    assert.deepEqual(found('we[i]rd'), ['we[i]rd/Dockerfile']);
  });

  test('says what there is not', () => {
    assert.deepEqual(findFiles(['nowhere', '*.none', 'README.md/x', 'api'], folder), {
      files: findFiles(['api'], folder).files,
      failures: ['nowhere', 'README.md/x'].map((path) => ({
        path,
        file: join(folder, path),
        message: 'there is no such file or folder',
      })),
      empty: ['*.none'],
    });
  });

  test('follows links to files, not those to folders or to nowhere', () => {
    const linked = folderWith({ 'real/Dockerfile': '' });
    symlinkSync('real/Dockerfile', join(linked, 'Dockerfile'));
    symlinkSync('.', join(linked, 'loop'));
    symlinkSync('gone', join(linked, 'compose.yaml'));
    assert.deepEqual(paths([''], linked), ['Dockerfile', 'real/Dockerfile']);
    assert.deepEqual(paths(['loop/real'], linked), ['loop/real/Dockerfile']);
  });

  test(
    'a folder that is closed costs only itself',
    { skip: process.getuid?.() === 0 && 'root may read everything' },
    () => {
      const closed = folderWith({ 'a/Dockerfile': '', 'b/Dockerfile': '' });
      chmodSync(join(closed, 'a'), 0);
      const { files: open, failures } = findFiles([''], closed);
      chmodSync(join(closed, 'a'), 0o755);
      assert.deepEqual(
        open.map((file) => file.path),
        ['b/Dockerfile'],
      );
      assert.deepEqual(
        failures.map(({ path, message }) => [path, message]),
        [['a', 'permission denied']],
      );
    },
  );
});

suite('.gitignore', () => {
  const folder = folderWith({
    '.gitignore': 'build/\n/top\n*.dev\n!keep.dev\n# comment\nvendor/*\n!vendor/ours\n',
    Dockerfile: '',
    'Dockerfile.dev': '',
    'build/Dockerfile': '',
    'deep/build/Dockerfile': '',
    'deep/top/Dockerfile': '',
    'top/Dockerfile': '',
    'vendor/ours/Dockerfile': '',
    'vendor/theirs/Dockerfile': '',
    'sub/.gitignore': '!Dockerfile.dev\nDockerfile\n',
    'sub/Dockerfile': '',
    'sub/Dockerfile.dev': '',
    'sub/inner/Dockerfile': '',
    '.git/info/exclude': 'excluded\n',
    'excluded/Dockerfile': '',
  });

  test('counts in every folder, the nearest most', () => {
    assert.deepEqual(paths([''], folder), [
      'Dockerfile',
      'deep/top/Dockerfile',
      'sub/Dockerfile.dev',
      'vendor/ours/Dockerfile',
    ]);
    assert.deepEqual(paths(['**/Dockerfile*'], folder), paths([''], folder));
  });

  test('counts from the root of the repository on', () => {
    assert.deepEqual(paths(['sub'], folder), ['sub/Dockerfile.dev']);
    assert.deepEqual(paths(['deep'], folder), ['deep/top/Dockerfile']);
  });

  test('does not hide what was asked for by name', () => {
    assert.deepEqual(paths(['build', 'Dockerfile.dev'], folder), ['build/Dockerfile', 'Dockerfile.dev']);
  });

  test('of a folder above counts only in a repository', () => {
    const outside = folderWith({ '.gitignore': 'Dockerfile\n', 'a/Dockerfile': '' });
    assert.deepEqual(paths(['a'], outside), ['a/Dockerfile']);
    mkdirSync(join(outside, '.git'));
    assert.deepEqual(paths(['a'], outside), []);
  });
});

function paths(given: readonly string[], folder: string): readonly string[] {
  return findFiles(given, folder).files.map((file) => file.path);
}
