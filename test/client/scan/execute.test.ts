import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createRun } from '../../../client/src/process/run.ts';
import { scan, type ScanProgress, type ScanSettings } from '../../../client/src/scan/execute.ts';
import { databasesOf, findTrivy } from '../../../client/src/scan/find-trivy.ts';
import type { ScanReport, ScanSubject } from '../../../client/src/scan/finding.ts';
import { Cancelled, type Command, type Run } from '../../../client/src/tools/command.ts';
import type { ContainerTool } from '../../../client/src/tools/container/tool.ts';
import type { Trivy } from '../../../client/src/tools/trivy/trivy.ts';
import { UserError } from '../../../client/src/ui/user-error.ts';
import { standInTrivy, type TrivyScenario } from '../../trivy/stand-in.ts';

const posix = { skip: process.platform === 'win32' && 'The stand-in is started by a shell script' };
const plainRun = createRun();
const usualTemporary = tmpdir();
// A Docker that has no context, so that the stand-in is asked for the image.
const docker: ContainerTool = {
  kind: 'docker',
  program: 'false',
  version: '26.1.5',
  builder: 'buildx',
  hasRawProgress: true,
};
const leaky = 'FROM alpine\nENV KEY=AKIAIOSFODNN7EXAMPLE\n';

/** Scans with the stand-in as it is to behave; nothing of one test is seen by another. */
function bench(context: TestContext, files: Readonly<Record<string, string>> = {}) {
  const root = mkdtempSync(join(usualTemporary, 'shipshape-scan-test-'));
  context.after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  const folder = join(root, 'workspace');
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { program, cache } = standInTrivy(root);
  // Scans of other tests and programs have theirs elsewhere.
  const temporary = join(root, 'tmp');
  mkdirSync(temporary);
  process.env['TMPDIR'] = temporary;
  context.after(() => {
    process.env['TMPDIR'] = usualTemporary;
  });
  const leftovers = () => readdirSync(temporary);
  const known = new Map<string, Trivy>();
  const started: Command[] = [];
  const progress: ScanProgress[] = [];
  const go = async (
    subject: ScanSubject,
    settings: ScanSettings = {},
    scenario: TrivyScenario = {},
    signal?: AbortSignal,
  ) => {
    const run: Run = (command, options) => {
      started.push(command);
      return plainRun(
        { ...command, environment: { ...command.environment, TRIVY_STAND_IN: JSON.stringify(scenario) } },
        options,
      );
    };
    const version = scenario.version ?? '';
    const trivy = known.get(version) ?? (await findTrivy(run, { path: program }));
    assert.ok(trivy);
    known.set(version, trivy);
    const parts = { run, trivy, tool: docker, onProgress: (one: ScanProgress) => void progress.push(one) };
    return await scan(subject, settings, { ...parts, ...(signal && { signal }) });
  };
  return { root, folder, program, cache, started, progress, leftovers, go };
}

const image: ScanSubject = { kind: 'image', image: 'app:1' };
const ids = ({ findings }: ScanReport) => findings.map(({ id }) => id);
const because = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, message);
  return true;
};
function appears(file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher = watch(dirname(file), () => {
      if (existsSync(file) && readFileSync(file, 'utf8') !== '') done();
    });
    const deadline = setTimeout(() => done(new Error(`'${file}' did not appear`)), 120_000);
    const done = (error?: Error): void => {
      watcher.close();
      clearTimeout(deadline);
      if (error) reject(error);
      else resolve();
    };
    if (existsSync(file) && readFileSync(file, 'utf8') !== '') done();
  });
}

function disappears(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher = watch(dirname(path), () => {
      if (!existsSync(path)) done();
    });
    const deadline = setTimeout(() => done(new Error(`'${path}' is still there`)), 120_000);
    const done = (error?: Error): void => {
      watcher.close();
      clearTimeout(deadline);
      if (error) reject(error);
      else resolve();
    };
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie counts as gone: nobody has asked after it yet, that is all.
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('a workspace: packages with their lines, misconfigurations and secrets', posix, async (context) => {
  const { folder, go, progress } = bench(context, {
    Dockerfile: leaky,
    'api/requirements.txt': 'requests==2.0\nflask==1.0\n',
  });
  const report = await go({ kind: 'workspace', folder });
  assert.deepEqual(ids(report), ['CVE-2023-30861', 'DS-0001', 'DS-0002', 'DS-0026', 'aws-access-key-id']);
  assert.deepEqual(report.findings[0]?.kind === 'vulnerability' && report.findings[0].lines, { first: 2, last: 2 });
  assert.equal(report.artifactName, folder);
  const steps = progress.flatMap((one) => (one.kind === 'step' ? [one.message] : []));
  assert.deepEqual(steps, [
    'Starting Trivy',
    'Reading files',
    'Downloading the vulnerability database',
    'Reading the report',
  ]);
});

test('secrets alone, and the misconfigurations of one Dockerfile', posix, async (context) => {
  const { folder, go } = bench(context, { 'a/Dockerfile': leaky, 'b/Dockerfile': leaky });
  assert.deepEqual(ids(await go({ kind: 'secrets', folder })), ['aws-access-key-id', 'aws-access-key-id']);
  const report = await go({ kind: 'dockerfile', file: join(folder, 'a/Dockerfile') }, { folder });
  assert.deepEqual(ids(report), ['DS-0001', 'DS-0002', 'DS-0026']);
  assert.deepEqual(new Set(report.findings.map(({ target }) => target)), new Set(['Dockerfile']));
});

test('an image, with its layers and the steps that made them', posix, async (context) => {
  const { go } = bench(context);
  const { findings, artifactName, os, diffIds } = await go(image, {}, { images: ['app:1'] });
  assert.deepEqual(
    findings.map(({ id, target }) => `${id} ${target}`),
    [
      'CVE-2023-38545 app:1 (debian 12.5)',
      'CVE-2023-4911 app:1 (debian 12.5)',
      'CVE-2011-3374 app:1 (debian 12.5)',
      'CVE-2021-23337 Node.js',
      'aws-access-key-id /app/.env',
    ],
  );
  assert.match(findings[0]?.layer?.createdBy ?? '', /apt-get install -y curl/);
  assert.deepEqual([artifactName, os?.family, diffIds.length], ['app:1', 'debian', 3]);
});

test('ignore files of both kinds are obeyed, and what they took out is counted', posix, async (context) => {
  const files = { Dockerfile: leaky, 'requirements.txt': 'flask==1.0\n' };
  const plain = bench(context, { ...files, '.trivyignore': '# known\nDS-0026\nCVE-2023-30861 exp:2020-01-01\n' });
  assert.deepEqual(ids(await plain.go({ kind: 'workspace', folder: plain.folder })), [
    'CVE-2023-30861',
    'DS-0001',
    'DS-0002',
    'aws-access-key-id',
  ]);
  const yaml = [
    'vulnerabilities:',
    '  - id: CVE-2023-30861',
    '    purls: ["pkg:pypi/flask"]',
    '    expired_at: 2099-01-01',
    '    statement: not reachable',
    'misconfigurations:',
    '  - id: DS-0002',
    '    paths: ["**/Dockerfile"]',
    '  - id: DS-0026',
    '    expired_at: 2020-01-01',
    'secrets:',
    '  - id: aws-access-key-id',
    '    paths: ["other/**"]',
  ].join('\n');
  const both = bench(context, { ...files, '.trivyignore.yaml': yaml, '.trivyignore': 'DS-0001\n' });
  const report = await both.go({ kind: 'workspace', folder: both.folder });
  assert.deepEqual(ids(report), ['DS-0001', 'DS-0026', 'aws-access-key-id']);
  assert.equal(report.suppressed, 2);
  const lines = both.progress.flatMap((one) => (one.kind === 'log' ? [one.line] : []));
  assert.ok(lines.includes("Leaves out what '.trivyignore.yaml' says"));
  assert.ok(lines.some((line) => line.startsWith("Does not use '.trivyignore'")));
});

test('trivy.yaml is obeyed: what it says of scanners, severities, time and the ignore file', posix, async (context) => {
  const config = 'timeout: 1h0m0s\nseverity: [HIGH]\nignorefile: my.yaml\nscan:\n  scanners: [misconfig]\n';
  const ignore = 'misconfigurations:\n  - id: DS-0009\n';
  const { folder, go, started } = bench(context, {
    Dockerfile: leaky,
    'trivy.yaml': config,
    'my.yaml': ignore,
    '.trivyignore': 'DS-0002\n',
  });
  assert.deepEqual(ids(await go({ kind: 'workspace', folder })), ['DS-0002']);
  const args = started.at(-1)?.args ?? [];
  assert.ok(args.includes(join(folder, 'trivy.yaml')));
  for (const flag of ['--scanners', '--timeout', '--ignorefile', '--severity']) assert.ok(!args.includes(flag), flag);
  const own = await go({ kind: 'workspace', folder }, { timeout: 3, ignoreFile: '.trivyignore' });
  assert.deepEqual(ids(own), []);
  assert.ok(started.at(-1)?.args.includes('3m0s'));
});

test('files that are wrong or not there are named', posix, async (context) => {
  const broken = bench(context, { Dockerfile: leaky, 'trivy.yaml': 'a: [1\n' });
  await assert.rejects(
    broken.go({ kind: 'workspace', folder: broken.folder }),
    because(/^'trivy.yaml' cannot be read: /),
  );
  const ignore = bench(context, { Dockerfile: leaky, '.trivyignore.yaml': 'a: [1\n' });
  await assert.rejects(
    ignore.go({ kind: 'workspace', folder: ignore.folder }),
    because(/^'.trivyignore.yaml' cannot be read: yaml/),
  );
  const { folder, go } = bench(context);
  await assert.rejects(
    go({ kind: 'workspace', folder }, { configFile: 'no.yaml' }),
    because(/^'no.yaml' is not there/),
  );
  await assert.rejects(
    go({ kind: 'dockerfile', file: join(folder, 'Dockerfile') }),
    because(/is not there: save it first$/),
  );
});

test('offline: not without a database, then with the one that is there', posix, async (context) => {
  const { folder, go, program, cache } = bench(context, { 'requirements.txt': 'flask==1.0\n' });
  const subject: ScanSubject = { kind: 'workspace', folder };
  await assert.rejects(
    go(subject, { offline: true }),
    because(/no vulnerability database to scan offline with: scan online once$/),
  );
  await go(subject);
  assert.deepEqual(ids(await go(subject, { offline: true })), ['CVE-2023-30861']);
  const trivy = await findTrivy(plainRun, { path: program });
  assert.ok(trivy);
  assert.ok(existsSync(join(cache, 'db/metadata.json')));
  assert.match((await databasesOf(plainRun, trivy)).vulnerabilities?.updatedAt ?? '', /^\d{4}-/);
});

const reasons: readonly (readonly [failure: string, message: RegExp])[] = [
  ['too-many-requests', /^The registry refuses to hand out the database so often: try again/],
  ['no-network', /^The vulnerability database could not be downloaded: check the network/],
  ['new-schema', /^The vulnerability database is newer than this Trivy: update Trivy$/],
  ['java-database', /^The Java database could not be downloaded/],
  ['timeout', /^The scan took longer than 15 minutes: raise the setting 'shipshape.trivy.timeout'$/],
  ['space', /^The disk is full/],
  ['killed', /^Trivy was ended by SIGKILL: it may have run out of memory$/],
  ['silent', /^Trivy failed: .*(ended with code 2|enabled)/],
];
for (const [failure, message] of reasons) {
  test(`Trivy fails: ${failure}`, posix, async (context) => {
    const { go, leftovers } = bench(context);
    await assert.rejects(go(image, {}, { failure, images: ['app:1'] }), because(message));
    assert.deepEqual(leftovers(), []);
  });
}

test('an image that is not there, or can be none', posix, async (context) => {
  const { go } = bench(context);
  await assert.rejects(go(image, {}, { images: [] }), because(/^There is no image 'app:1' here: build it first$/));
  for (const name of ['$(touch x)', '-v', '--output=x', 'a b', "a'b", 'two\nlines', 'APP:1', '']) {
    await assert.rejects(
      go({ kind: 'image', image: name }, {}, { images: [name] }),
      (error) => error instanceof UserError,
    );
  }
});

test('folders and files of any name are scanned, and nothing of the name is read', posix, async (context) => {
  const { root, go } = bench(context);
  for (const name of ['-v', '--output=x', '$(touch pwned)', '`id`', 'two\nlines', "it's", '"quoted",comma', ' ', '*']) {
    const folder = join(root, name, 'in');
    mkdirSync(folder, { recursive: true });
    for (const file of ['Dockerfile', `Dockerfile${name}`, name]) writeFileSync(join(folder, file), leaky);
    writeFileSync(join(folder, '.trivyignore'), 'DS-0026\n');
    const whole = await go({ kind: 'workspace', folder }, { skipFolders: [name] });
    assert.ok(ids(whole).includes('DS-0002'), name);
    for (const file of ['Dockerfile', name]) {
      const one = await go({ kind: 'dockerfile', file: join(folder, file) });
      assert.deepEqual(ids(one), ['DS-0001', 'DS-0002'], `${name}/${file}`);
    }
    rmSync(join(root, name), { recursive: true });
  }
  assert.ok(!existsSync('pwned') && !existsSync(join(root, 'pwned')));
});

test('cancelling a slow scan ends Trivy and leaves no report behind', posix, async (context) => {
  const { root, folder, leftovers, go } = bench(context, { Dockerfile: leaky });
  const [slowWhile, startedTo] = [join(root, 'slow'), join(root, 'pid')];
  writeFileSync(slowWhile, '');
  const abort = new AbortController();
  const scanning = go({ kind: 'workspace', folder }, {}, { slowWhile, startedTo }, abort.signal);
  const failed = assert.rejects(scanning, Cancelled);
  await appears(startedTo);
  const pid = Number(readFileSync(startedTo, 'utf8'));
  assert.ok(isAlive(pid));
  assert.equal(leftovers().length, 1);
  abort.abort();
  await failed;
  assert.ok(!isAlive(pid));
  assert.deepEqual(leftovers(), []);
});

test('when the editor is killed, neither Trivy nor its report outlives it', posix, async (context) => {
  const { root, folder, program, leftovers } = bench(context, { Dockerfile: leaky });
  const [slowWhile, startedTo] = [join(root, 'slow'), join(root, 'pid')];
  writeFileSync(slowWhile, '');
  const env = { ...process.env, TRIVY_STAND_IN: JSON.stringify({ slowWhile, startedTo }) };
  const script = join(import.meta.dirname, 'slow-scan.ts');
  const editor = spawn(process.execPath, [script, program, folder], { env, stdio: 'ignore' });
  await appears(startedTo);
  const pid = Number(readFileSync(startedTo, 'utf8'));
  const [left] = leftovers();
  assert.ok(left !== undefined);
  const gone = disappears(join(process.env['TMPDIR'] ?? '', left));
  editor.kill('SIGKILL');
  await gone;
  const deadline = Date.now() + 120_000;
  while (isAlive(pid) && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(!isAlive(pid));
  assert.deepEqual(leftovers(), []);
});

test('two scans at once do not meet', posix, async (context) => {
  const { root, folder, go } = bench(context, { Dockerfile: leaky, 'b/Dockerfile': 'FROM a:1\nUSER 1\n' });
  const [first, second] = await Promise.all([
    go({ kind: 'secrets', folder }),
    go({ kind: 'dockerfile', file: join(folder, 'b/Dockerfile') }),
  ]);
  assert.deepEqual([ids(first), ids(second)], [['aws-access-key-id'], ['DS-0026']]);

  // Images share a cache that Trivy gives to one of them: the other goes without.
  const [slowWhile, startedTo] = [join(root, 'slow'), join(root, 'pid')];
  writeFileSync(slowWhile, '');
  const slow = go(image, {}, { images: ['app:1'], slowWhile, startedTo });
  await appears(startedTo);
  const other = await go({ kind: 'image', image: 'other:1' }, {}, { images: ['other:1'] });
  assert.equal(other.artifactName, 'other:1');
  rmSync(slowWhile);
  assert.equal((await slow).artifactName, 'app:1');
});

test('with a Trivy that cannot go without its cache, the other scan says so', posix, async (context) => {
  const { go } = bench(context);
  const scenario = { version: '0.52.2', failure: 'locked', images: ['app:1'] };
  await assert.rejects(go(image, {}, scenario), because(/^Another Trivy is using the cache: wait/));
});

test('the oldest Trivy that we take is scanned with, too', posix, async (context) => {
  const { folder, go } = bench(context, { Dockerfile: leaky, 'build me': leaky });
  const scenario = { version: '0.50.0', images: ['app:1'] };
  assert.ok(ids(await go({ kind: 'workspace', folder }, {}, scenario)).length > 0);
  assert.ok(
    ids(await go({ kind: 'dockerfile', file: join(folder, 'build me') }, { offline: true }, scenario)).length > 0,
  );
  assert.ok(ids(await go(image, { offline: true }, scenario)).length > 0);
});

test('a report that is cut off, missing or none', posix, async (context) => {
  const { folder, go, root } = bench(context, { Dockerfile: leaky });
  const subject: ScanSubject = { kind: 'workspace', folder };
  assert.match((await go(subject, {}, { cutAt: 2000 })).incomplete ?? '', /^The report ends too early/);
  await assert.rejects(go(subject, {}, { noReport: true }), because(/^Trivy wrote no report/));
  writeFileSync(join(root, 'sarif.json'), '{"version":"2.1.0","runs":[]}');
  await assert.rejects(go(subject, {}, { raw: join(root, 'sarif.json') }), because(/^This is a SARIF report/));
});

test('findings never make a scan fail, whatever the environment asks for', posix, async (context) => {
  const { folder, go } = bench(context, { Dockerfile: leaky });
  context.after(() => {
    for (const name of ['TRIVY_EXIT_CODE', 'TRIVY_FORMAT', 'TRIVY_OUTPUT', 'TRIVY_INPUT'])
      Reflect.deleteProperty(process.env, name);
  });
  Object.assign(process.env, {
    TRIVY_EXIT_CODE: '3',
    TRIVY_FORMAT: 'table',
    TRIVY_OUTPUT: '/nowhere/at/all',
    TRIVY_INPUT: '/no.tar',
  });
  assert.ok(ids(await go({ kind: 'workspace', folder })).length > 0);
});

test(
  'the Trivy to use: the one of the setting, on PATH, that we installed; none is no error',
  posix,
  async (context) => {
    const { root, program } = bench(context);
    await assert.rejects(
      findTrivy(plainRun, { path: '/no/such/trivy' }),
      because(/^'\/no\/such\/trivy' was not found: correct the setting/),
    );
    await assert.rejects(
      findTrivy(plainRun, { path: '/bin/false' }),
      because(/^'\/bin\/false' does not work as Trivy/),
    );
    const withPath =
      (path: string): Run =>
      (command, options) =>
        plainRun({ ...command, environment: { ...command.environment, PATH: path } }, options);
    const path = process.env['PATH'] ?? '';
    const onPath = await findTrivy(withPath(`${dirname(program)}:${path}`), {});
    assert.deepEqual(onPath?.kind === 'installed' && onPath.program, 'trivy');
    assert.equal(await findTrivy(withPath('/nowhere'), { installFolder: root }), undefined);
    const old: Run = (command, options) =>
      plainRun(
        { ...command, environment: { ...command.environment, TRIVY_STAND_IN: '{"version":"0.49.1"}' } },
        options,
      );
    await assert.rejects(
      findTrivy(old, { path: program }),
      because(/^Trivy 0.49.1 is too old: update it to 0.50.0 or newer$/),
    );
  },
);
