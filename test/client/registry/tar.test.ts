import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { listContext } from '../../../client/src/registry/cloud-build/context.ts';
import { contentsOf, hashOf, pack } from '../../../client/src/registry/cloud-build/pack.ts';
import { findSources } from '../../../client/src/registry/cloud-build/sources.ts';
import { Cancelled } from '../../../client/src/tools/command.ts';
import { folderOf } from '../../docker/docker.ts';

const signal = new AbortController().signal;

/** Packs, and extracts with the machine's tar. */
async function extracted(context: TestContext, folder: string, dockerfile = 'Dockerfile', from = '.'): Promise<string> {
  const contents = await contentsOf(await findSources(folder, { dockerfile, context: from }), 'classic', signal);
  const target = mkdtempSync(join(tmpdir(), 'shipshape-test-'));
  context.after(() => rmSync(target, { recursive: true, force: true }));
  const file = `${target}.tar.gz`;
  context.after(() => rmSync(file, { force: true }));
  await pack(contents, file, { time: 1_000_000_000, signal });
  execFileSync('tar', ['-xzf', file, '-C', target, '--no-same-owner']);
  return target;
}

test('names of any length and in any script, links, modes, empty files and folders come through', async (context) => {
  const long = `${'a-long-name/'.repeat(15)}${'x'.repeat(120)}.txt`;
  const names = ['plain.txt', 'empty', long, 'übung/файл 日本.txt', 'odd\'name"$(x).sh', 'exactly/'.padEnd(100, 'y')];
  const folder = folderOf(context, {
    Dockerfile: 'FROM scratch\n',
    ...Object.fromEntries(names.map((name) => [name, `of ${name}`])),
  });
  writeFileSync(join(folder, 'empty'), '');
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(1_000_003, 7));
  chmodSync(join(folder, 'plain.txt'), 0o755);
  mkdirSync(join(folder, 'hollow'), { mode: 0o700 });
  symlinkSync('plain.txt', join(folder, 'link'));
  symlinkSync('/etc/passwd', join(folder, 'leads-out'));
  symlinkSync(`../${'up/'.repeat(50)}far`, join(folder, 'hollow-link'));

  const target = await extracted(context, folder);
  for (const name of names) if (name !== 'empty') assert.equal(readFileSync(join(target, name), 'utf8'), `of ${name}`);
  assert.equal(lstatSync(join(target, 'empty')).size, 0);
  assert.deepEqual(readFileSync(join(target, 'large.bin')), Buffer.alloc(1_000_003, 7));
  assert.equal(lstatSync(join(target, 'plain.txt')).mode & 0o777, 0o755);
  assert.equal(lstatSync(join(target, 'hollow')).mode & 0o777, 0o700);
  assert.equal(readlinkSync(join(target, 'link')), 'plain.txt');
  assert.equal(readlinkSync(join(target, 'leads-out')), '/etc/passwd');
  assert.equal(readlinkSync(join(target, 'hollow-link')), `../${'up/'.repeat(50)}far`);
  assert.equal(lstatSync(join(target, 'plain.txt')).mtimeMs, 1_000_000_000_000);
});

test('the same files give the same bytes, whenever they were written', async (context) => {
  const files = { Dockerfile: 'FROM scratch\n', 'b.txt': 'b', 'a/c.txt': 'c', 'a.txt': 'a' };
  const [one, two] = [folderOf(context, files), folderOf(context, Object.fromEntries(Object.entries(files).reverse()))];
  utimesSync(join(two, 'b.txt'), 1, 1);
  const [first, second] = await Promise.all(
    [one, two].map(async (folder) => {
      const contents = await contentsOf(
        await findSources(folder, { dockerfile: 'Dockerfile', context: '.' }),
        'classic',
        signal,
      );
      const file = join(dirname(folder), `packed-${Math.random()}.tar.gz`);
      context.after(() => rmSync(file, { force: true }));
      await pack(contents, file, { time: 5, signal });
      return { bytes: readFileSync(file), hash: await hashOf(contents, signal), files: contents.files };
    }),
  );
  assert.ok(first && second);
  assert.deepEqual(first.bytes, second.bytes);
  assert.equal(first.hash, second.hash);
  assert.equal(first.files, 4);
  writeFileSync(join(two, 'a/c.txt'), 'C');
  const changed = await contentsOf(
    await findSources(two, { dockerfile: 'Dockerfile', context: '.' }),
    'classic',
    signal,
  );
  assert.notEqual(await hashOf(changed, signal), first.hash);
});

test('what .dockerignore leaves out is left out, but for exceptions and what the builder needs', async (context) => {
  const folder = folderOf(context, {
    '.dockerignore': '*\n!src\nsrc/secret\n**/*.log\n!keep/deep/one.txt\n',
    Dockerfile: 'FROM scratch\n',
    'src/main.js': '',
    'src/secret/key': '',
    'src/debug.log': '',
    'keep/deep/one.txt': '',
    'keep/deep/two.txt': '',
    'other/file': '',
  });
  const list = await listContext(folder, {
    ignore: readFileSync(join(folder, '.dockerignore'), 'utf8'),
    always: ['Dockerfile', '.dockerignore'],
    signal,
  });
  const drawn = list.entries.map(({ path, kind }) => (kind === 'folder' ? `${path}/` : path)).join('\n');
  assert.equal(
    drawn,
    ['.dockerignore', 'Dockerfile', 'keep/', 'keep/deep/', 'keep/deep/one.txt', 'src/', 'src/main.js'].join('\n'),
  );
});

test('a Dockerfile outside of the context gets a name that nobody has, and is hidden from COPY', async (context) => {
  const folder = folderOf(context, {
    'docker/app.Dockerfile': 'FROM scratch\n',
    'app/a.txt': '',
    'app/.dockerignore': 'b.txt',
  });
  const target = await extracted(context, folder, 'docker/app.Dockerfile', 'app');
  const contents = await contentsOf(
    await findSources(folder, { dockerfile: 'docker/app.Dockerfile', context: 'app' }),
    'classic',
    signal,
  );
  assert.match(contents.dockerfile, /^[0-9a-f]{32}_app\.Dockerfile$/);
  assert.equal(readFileSync(join(target, contents.dockerfile), 'utf8'), 'FROM scratch\n');
  assert.equal(readFileSync(join(target, '.dockerignore'), 'utf8'), `b.txt\n${contents.dockerfile}\n`);
});

test('nothing outside of the workspace is packed, not even by a link', async (context) => {
  const outside = folderOf(context, { Dockerfile: 'FROM scratch\n', secret: 'mine' });
  const folder = folderOf(context, { Dockerfile: 'FROM scratch\n' });
  symlinkSync(outside, join(folder, 'app'));
  const refused = /leads out of the workspace/;
  await assert.rejects(findSources(folder, { dockerfile: 'Dockerfile', context: 'app' }), refused);
  await assert.rejects(findSources(folder, { dockerfile: 'app/Dockerfile', context: '.' }), refused);
  await assert.rejects(findSources(folder, { dockerfile: 'Dockerfile', context: '..' }), refused);
  await assert.rejects(findSources(folder, { dockerfile: 'Dockerfile', context: 'gone' }), /'gone' is not there/);
});

test('sockets are passed over, and packing ends when it is cancelled', async (context) => {
  const folder = folderOf(context, { Dockerfile: 'FROM scratch\n' });
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(20_000_000));
  const contents = await contentsOf(
    await findSources(folder, { dockerfile: 'Dockerfile', context: '.' }),
    'classic',
    signal,
  );
  assert.deepEqual(
    contents.entries.map(({ path }) => path),
    ['Dockerfile', 'large.bin'],
  );
  const controller = new AbortController();
  const file = `${folder}.tar.gz`;
  context.after(() => rmSync(file, { force: true }));
  const packing = pack(contents, file, { time: 0, signal: controller.signal });
  controller.abort();
  await assert.rejects(packing, Cancelled);
});

test('a file that cannot be read is named', { skip: process.platform === 'win32' }, async (context) => {
  const folder = folderOf(context, { Dockerfile: 'FROM scratch\n', 'secret.key': 'x' });
  const contents = await contentsOf(
    await findSources(folder, { dockerfile: 'Dockerfile', context: '.' }),
    'classic',
    signal,
  );
  // Root may read everything, so it is taken away instead.
  rmSync(join(folder, 'secret.key'));
  await assert.rejects(hashOf(contents, signal), /^UserError: 'secret.key' cannot be read/);
});

test('on Windows everything may be run, as Docker has it there', async (context) => {
  const folder = folderOf(context, { 'run.sh': '', 'a/b': '' });
  const list = await listContext(folder, { ignore: '', signal, isWindows: true });
  assert.deepEqual(
    list.entries.map(({ mode }) => mode.toString(8)),
    ['755', '755', '755'],
  );
});
