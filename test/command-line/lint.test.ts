import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { folderWith, runCli, type Ran, type RunOptions } from './run-cli.ts';

interface Json {
  readonly version: string;
  readonly files: readonly { readonly path: string; readonly problems: readonly { readonly rule: string }[] }[];
  readonly summary: Readonly<Record<string, number>>;
}

// One rule of each severity, each about one line, and nothing else.
const maintainer = 'FROM alpine:3.20\nMAINTAINER me\nUSER app\n';
const only = 'rules:\n  missing-dockerignore: off\n  shell-form-cmd: off\n';
const privileged = 'services:\n  web:\n    image: nginx:1.27\n    privileged: true\n';
const clean = 'FROM alpine:3.20\nUSER app\n';

suite('lint', { concurrency: 2 }, () => {
  test('exits with 0, 1 or 2, by the severity that is asked for', async () => {
    const folder = folderWith({ Dockerfile: maintainer, 'compose.yaml': privileged, clean, '.shipshape.yaml': only });
    const codes = await Promise.all(
      [
        ['clean'],
        ['Dockerfile'],
        ['Dockerfile', '--fail-on', 'warning'],
        ['compose.yaml'],
        ['compose.yaml', '--fail-on', 'never'],
        ['clean', 'gone'],
        ['gone', '--fail-on', 'never'],
        ['clean', '--nonsense'],
      ].map(async (args) => (await runCli(['lint', ...args], { folder })).code),
    );
    assert.deepEqual(codes, [0, 0, 1, 1, 0, 2, 2, 2]);
  });

  test('lints what can be read when some cannot', async () => {
    const folder = folderWith({ Dockerfile: maintainer, binary: Uint8Array.of(1, 0, 2), '.shipshape.yaml': only });
    const ran = await runCli(['lint', '--format', 'json', 'gone', 'binary', 'Dockerfile'], { folder });
    assert.equal(ran.code, 2);
    assert.deepEqual(rulesOf(ran), { Dockerfile: ['maintainer-deprecated'] });
    assert.equal(
      ran.stderr,
      "shipshape: 'gone' cannot be read: there is no such file or folder\n" +
        "shipshape: 'binary' cannot be read: it is not a text file\n",
    );
  });

  test('says when there was nothing to lint', async () => {
    const folder = folderWith({ 'docs/README.md': '' });
    const [here, glob] = await Promise.all([
      runCli(['lint'], { folder }),
      runCli(['lint', '**/Dockerfile', '--format', 'json'], { folder }),
    ]);
    assert.deepEqual([here.code, here.stderr], [2, "shipshape: There are no Dockerfiles or Compose files in '.'\n"]);
    assert.equal(glob.stderr, "shipshape: There are no Dockerfiles or Compose files in '**/Dockerfile'\n");
    assert.deepEqual(rulesOf(glob), {});
  });

  test('counts lines from 1 and columns in UTF-16, behind a byte order mark and CRLF', async () => {
    const text = '\ufeff# 🚢 名前\r\nFROM alpine:3.20\r\nRUN echo 🚢 && sudo ls\r\nMAINTAINER me\r\nUSER app\r\n';
    const folder = folderWith({ Dockerfile: text, '.shipshape.yaml': only });
    const ran = await runCli(['lint', '--format', 'json', './Dockerfile'], { folder });
    const [file] = jsonOf(ran).files;
    assert.equal(file?.path, './Dockerfile');
    const problem = file.problems.find(({ rule }) => rule === 'maintainer-deprecated');
    assert.partialDeepStrictEqual(problem, { start: { line: 4, column: 1 }, end: { line: 4, column: 11 } });
  });

  test('takes names of any kind', async () => {
    const names = [
      'with space/Dockerfile',
      '-dash',
      'new\nline.Dockerfile',
      'ünïcode/Dockerfile',
      '100%/Dockerfile',
      '#x?/Dockerfile',
    ];
    const folder = folderWith({
      ...Object.fromEntries(names.map((name) => [name, maintainer])),
      '.shipshape.yaml': only,
    });
    const ran = await runCli(['lint', '--format', 'json', '--', ...names], { folder });
    assert.equal(ran.stderr, '');
    assert.deepEqual(rulesOf(ran), Object.fromEntries(names.map((name) => [name, ['maintainer-deprecated']])));
    const pretty = await runCli(['lint', '--', names[2] ?? ''], { folder });
    assert.match(pretty.stdout, /^new␊line\.Dockerfile:2:1 /);
  });

  test('tells a Dockerfile from a Compose file by what it says when its name does not', async () => {
    const folder = folderWith({ 'build.txt': maintainer, stack: privileged, '.shipshape.yaml': only });
    const ran = await runCli(['lint', '--format', 'json', 'build.txt', 'stack'], { folder });
    assert.deepEqual(rulesOf(ran), { 'build.txt': ['maintainer-deprecated'], stack: ['compose-privileged'] });
  });

  test('reads config files, and says what is wrong in them', async () => {
    const folder = folderWith({
      'a/Dockerfile': maintainer,
      'a/.shipshape.yaml': `${only}  maintainer-deprecated: error\n`,
      'b/Dockerfile': maintainer,
      'b/.shipshape.yaml': `${only}fail-on: never\npresett: all\n`,
      'c/Dockerfile': maintainer,
      'c/.shipshape.yaml': 'ignore: Dockerfile\n',
    });
    const ran = await runCli(['lint', '--format', 'json'], { folder });
    assert.equal(ran.code, 1);
    assert.deepEqual(rulesOf(ran), {
      'a/Dockerfile': ['maintainer-deprecated'],
      'b/Dockerfile': ['maintainer-deprecated'],
      'c/Dockerfile': [],
      'b/.shipshape.yaml': ['invalid-configuration'],
    });
    assert.equal((await runCli(['lint', 'b', '--fail-on', 'error'], { folder })).code, 0);
    assert.equal((await runCli(['lint', 'c'], { folder })).code, 0);
  });

  test('--preset beats the config file', async () => {
    const folder = folderWith({ 'compose.yaml': privileged, '.shipshape.yaml': 'preset: all\n' });
    const [fromFile, fromOption] = await Promise.all([
      runCli(['lint', '--format', 'json'], { folder }),
      runCli(['lint', '--format', 'json', '--preset', 'recommended'], { folder }),
    ]);
    assert.ok((jsonOf(fromFile).summary['problems'] ?? 0) >= (jsonOf(fromOption).summary['problems'] ?? 0));
    assert.deepEqual(rulesOf(fromOption), { 'compose.yaml': ['compose-privileged'] });
  });

  test('writes every format, to a file when asked to', async () => {
    const folder = folderWith({ Dockerfile: maintainer, '.shipshape.yaml': only });
    const starts = {
      pretty: 'Dockerfile:2:1 ',
      json: '{"version":"',
      sarif: '{\n  "$schema"',
      github: '::warning ',
      gitlab: '[\n',
      junit: '<?xml',
    };
    for (const [format, start] of Object.entries(starts)) {
      const ran = await runCli(['lint', '--format', format, '--output', `report.${format}`], { folder });
      assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, '', '']);
      assert.equal(readFileSync(join(folder, `report.${format}`), 'utf8').slice(0, start.length), start);
    }
    const ran = await runCli(['lint', '--output', 'no/such/folder'], { folder });
    assert.deepEqual(
      [ran.code, ran.stderr],
      [2, "shipshape: 'no/such/folder' cannot be written: there is no such file or folder\n"],
    );
  });

  test('colours by the environment alone when nobody looks', async () => {
    const folder = folderWith({ Dockerfile: maintainer });
    const colourful = async (environment: RunOptions['environment']): Promise<boolean> =>
      (await runCli(['lint'], { folder, environment: environment ?? {} })).stdout.includes('\u001b[');
    assert.equal(await colourful({}), false);
    assert.equal(await colourful({ FORCE_COLOR: '1' }), true);
    assert.equal(await colourful({ FORCE_COLOR: '0' }), false);
  });

  test('survives a reader who leaves', async () => {
    const long = `FROM alpine:3.20\n${'MAINTAINER me\n'.repeat(20_000)}`;
    const folder = folderWith({ Dockerfile: long });
    const ran = await runCli(['lint', '--format', 'json'], { folder, closesOutput: true });
    assert.deepEqual([ran.code, ran.stderr], [0, '']);
  });
});

suite('lint --stdin', { concurrency: 2 }, () => {
  const folder = folderWith({
    '.shipshape.yaml': only,
    'sub/.shipshape.yaml': `${only}  maintainer-deprecated: off\n`,
  });

  test('reads standard input, under a name or none', async () => {
    const lint = async (input: string, ...args: string[]): Promise<object> =>
      rulesOf(await runCli(['lint', '--format', 'json', ...args], { folder, input }));
    assert.deepEqual(await lint(maintainer, '--stdin'), { '<stdin>': ['maintainer-deprecated'] });
    assert.deepEqual(await lint(privileged, '-'), { '<stdin>': ['compose-privileged'] });
    assert.deepEqual(await lint(privileged, '--stdin', '--stdin-filename', 'x/compose.yaml'), {
      'x/compose.yaml': ['compose-privileged'],
    });
    assert.deepEqual(await lint(maintainer, '--stdin', '--stdin-filename', 'sub/Dockerfile'), { 'sub/Dockerfile': [] });
  });

  test('with --fix prints the fixed text, and the report beside it', async () => {
    const ran = await runCli(['lint', '--stdin', '--fix'], { folder, input: `\ufeff${maintainer}` });
    assert.equal(ran.code, 0);
    assert.match(ran.stdout, /^\ufeffFROM alpine:3\.20\nLABEL .*me.*\nUSER app\n$/u);
    assert.equal(ran.stderr, 'No problems in 1 file\n');
  });
});

suite('lint --fix', { concurrency: 2 }, () => {
  test('writes what is safe, and keeps mode, line ends and links', async () => {
    const text = `\ufeff${maintainer.replaceAll('\n', '\r\n')}`;
    const folder = folderWith({ 'real/Dockerfile': text, '.shipshape.yaml': only });
    chmodSync(join(folder, 'real/Dockerfile'), 0o751);
    symlinkSync('real/Dockerfile', join(folder, 'Dockerfile'));
    const ran = await runCli(['lint', '--fix', 'Dockerfile'], { folder });
    assert.deepEqual([ran.code, ran.stdout], [0, 'No problems in 1 file\n']);
    const fixed = readFileSync(join(folder, 'real/Dockerfile'), 'utf8');
    assert.match(fixed, /^\ufeffFROM alpine:3\.20\r\nLABEL .*me.*\r\nUSER app\r\n$/u);
    assert.equal(statSync(join(folder, 'real/Dockerfile')).mode & 0o777, 0o751);
    assert.deepEqual(readdirSync(join(folder, 'real')), ['Dockerfile'], 'no drafts are left');
  });

  test('leaves alone what has nothing to fix, and what it would spoil', async () => {
    const latin = Buffer.from(`# caf\u00e9\n${maintainer}`, 'latin1');
    const folder = folderWith({ 'a/Dockerfile': clean, 'b/Dockerfile': latin, '.shipshape.yaml': only });
    const before = statSync(join(folder, 'a/Dockerfile')).mtimeMs;
    const ran = await runCli(['lint', '--fix'], { folder });
    assert.deepEqual([ran.code, ran.stderr], [2, "shipshape: 'b/Dockerfile': not fixed, as it is not valid UTF-8\n"]);
    assert.match(ran.stdout, /b\/Dockerfile:3:1 warning maintainer-deprecated/);
    assert.equal(statSync(join(folder, 'a/Dockerfile')).mtimeMs, before);
    assert.deepEqual(readFileSync(join(folder, 'b/Dockerfile')), latin);
  });

  test('changes meaning only with --fix-unsafe', async () => {
    const text = 'FROM debian:latest\nUSER app\n';
    const folder = folderWith({ Dockerfile: text, '.shipshape.yaml': only });
    await runCli(['lint', '--fix'], { folder });
    assert.equal(readFileSync(join(folder, 'Dockerfile'), 'utf8'), text);
    await runCli(['lint', '--fix-unsafe'], { folder });
    assert.match(readFileSync(join(folder, 'Dockerfile'), 'utf8'), /^FROM debian:\d[^\n]*\nUSER app\n$/);
  });

  test('writes new files once, never over one that is there', async () => {
    const text = 'FROM node:22.11-alpine\nWORKDIR /app\nCOPY . .\nUSER node\n';
    const folder = folderWith({
      Dockerfile: text,
      'Dockerfile.dev': text,
      'package.json': '{}',
      'node_modules/x/y.js': '',
    });
    const before = await runCli(['lint', '--format', 'json'], { folder });
    assert.ok(rulesOf(before)['Dockerfile']?.includes('missing-dockerignore'));
    const ran = await runCli(['lint', '--fix-unsafe', '--format', 'json'], { folder });
    assert.equal(ran.stderr, '');
    assert.match(readFileSync(join(folder, '.dockerignore'), 'utf8'), /^\*\*\/node_modules$/m);
    assert.deepEqual(
      Object.values(rulesOf(ran)).map((rules) => rules.includes('missing-dockerignore')),
      [false, false],
    );
    writeFileSync(join(folder, '.dockerignore'), 'mine\n');
    await runCli(['lint', '--fix-unsafe'], { folder });
    assert.equal(readFileSync(join(folder, '.dockerignore'), 'utf8'), 'mine\n');
  });
});

function jsonOf({ stdout }: Ran): Json {
  return JSON.parse(stdout) as Json;
}

function rulesOf(ran: Ran): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(jsonOf(ran).files.map(({ path, problems }) => [path, problems.map(({ rule }) => rule)]));
}
