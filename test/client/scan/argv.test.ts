import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asList, scanArguments, type ScannedThing } from '../../../client/src/tools/trivy/arguments.ts';
import { containedCommand } from '../../../client/src/tools/trivy/container.ts';
import { explainFailure } from '../../../client/src/tools/trivy/failure.ts';
import { stepOf } from '../../../client/src/tools/trivy/progress.ts';
import { readTrivyVersion } from '../../../client/src/tools/trivy/version.ts';
import { describeDatabase, describeScan } from '../../../client/src/scan/describe.ts';
import { planScan, type ScanFacts } from '../../../client/src/scan/plan.ts';

const usual = { version: '0.74.0', output: '/t/report.json', isOffline: false, skipFolders: [], hasOwnScanners: false };
const image: ScannedThing = { kind: 'image', image: 'app:1', source: 'docker' };
const workspace: ScannedThing = { kind: 'workspace', path: '.' };
const dockerfile = (name: string): ScannedThing => ({ kind: 'dockerfile', path: `/w/${name}`, name });
const line = (what: ScannedThing, more: object = {}) => scanArguments({ ...usual, ...more, what }).join(' ');
const common = '--format json --output /t/report.json --exit-code 0';

test('an image of the local engine', () => {
  const rest =
    '--scanners vuln,secret --image-config-scanners secret --list-all-pkgs=false --show-suppressed --no-progress';
  assert.equal(line(image), `image ${common} ${rest} --exit-on-eol 0 --image-src docker -- app:1`);
  assert.match(line({ ...image, source: 'podman' }), /--image-src podman -- app:1$/);
  assert.match(line({ kind: 'archive', file: '/t/image.tar' }), /--exit-on-eol 0 --input \/t\/image.tar$/);
});

test('a workspace, with the lines of its packages', () => {
  const rest = '--scanners vuln,misconfig,secret --list-all-pkgs --show-suppressed --no-progress -- .';
  assert.equal(line(workspace), `fs ${common} ${rest}`);
});

test('secrets alone', () => {
  assert.equal(
    line({ kind: 'secrets', path: '.' }),
    `fs ${common} --scanners secret --show-suppressed --no-progress -- .`,
  );
});

test('a Dockerfile, also under a name that Trivy would not know', () => {
  assert.equal(line(dockerfile('Dockerfile')), `config ${common} --misconfig-scanners dockerfile -- /w/Dockerfile`);
  for (const known of ['Dockerfile.dev', 'api.dockerfile', 'Containerfile']) {
    assert.doesNotMatch(line(dockerfile(known)), /file-patterns/);
  }
  assert.match(line(dockerfile('build-image')), /--file-patterns dockerfile:\^build-image\$ -- /);
  const args = scanArguments({ ...usual, what: dockerfile('a,"b".img') });
  assert.equal(args[args.indexOf('--file-patterns') + 1], '"dockerfile:^a,""b""\\.img$"');
});

test('severities are left to the view, telemetry to the environment', () => {
  for (const what of [image, workspace, dockerfile('Dockerfile')]) {
    assert.doesNotMatch(line(what), /--severity|--quiet|telemetry|version-check|--cache-dir/);
  }
});

test("Trivy's own files are named, and what they say is not said twice", () => {
  const files = { configFile: '/w/trivy.yaml', ignoreFile: '/w/.trivyignore.yaml' };
  assert.match(line(workspace, files), /--config \/w\/trivy.yaml --ignorefile \/w\/.trivyignore.yaml/);
  assert.doesNotMatch(line(workspace, { hasOwnScanners: true }), /--scanners/);
  assert.match(line({ kind: 'secrets', path: '.' }, { hasOwnScanners: true }), /--scanners secret/);
});

test('offline, nothing is downloaded, by the names that each version knows', () => {
  const offline = { isOffline: true };
  assert.match(line(image, offline), /--offline-scan --skip-db-update --skip-java-db-update --image-src/);
  assert.match(line(workspace, offline), /--skip-java-db-update --skip-check-update/);
  assert.match(line(dockerfile('Dockerfile'), { ...offline, version: '0.50.4' }), /--skip-policy-update/);
  assert.doesNotMatch(line(dockerfile('Dockerfile'), offline), /--offline-scan|--skip-db-update|--no-progress/);
});

test('lists are CSV, as Trivy reads them', () => {
  assert.equal(
    asList(['a b', 'x,y', 'say "hi"', 'two\nlines', '**/*.d']),
    'a b,"x,y","say ""hi""","two\nlines",**/*.d',
  );
  assert.match(
    line(workspace, { skipFolders: ['dist', 'a,b'], timeout: 15 }),
    /--timeout 15m0s --skip-dirs dist,"a,b"/,
  );
});

const ended = (stdout: string, stderr = '', code = 0) => ({ code, stdout, stderr });

test('the version and the age of the databases', () => {
  const answer = readTrivyVersion(
    ended(
      JSON.stringify({
        Version: '0.74.0',
        VulnerabilityDB: {
          Version: 2,
          UpdatedAt: '2026-11-20T06:00:00Z',
          NextUpdate: '2026-11-21T06:00:00Z',
          DownloadedAt: '2026-11-20T09:00:00Z',
        },
        JavaDB: { Version: 1, UpdatedAt: '0001-01-01T00:00:00Z' },
        CheckBundle: { Digest: 'sha256:1', DownloadedAt: '2026-11-01T00:00:00Z' },
      }),
    ),
  );
  assert.deepEqual(answer, {
    kind: 'ready',
    version: '0.74.0',
    databases: {
      vulnerabilities: {
        updatedAt: '2026-11-20T06:00:00Z',
        nextUpdate: '2026-11-21T06:00:00Z',
        downloadedAt: '2026-11-20T09:00:00Z',
      },
      checks: '2026-11-01T00:00:00Z',
    },
  });
});

test('old, harmful and strange programs are told apart', () => {
  const answer = (stdout: string) => readTrivyVersion(ended(stdout));
  assert.deepEqual(answer('Version: 0.18.3\n'), {
    kind: 'unusable',
    message: 'Trivy 0.18.3 is too old: update it to 0.50.0 or newer',
  });
  assert.equal(answer('{"Version":"0.49.1"}').kind, 'unusable');
  assert.equal(answer('{"Version":"0.50.0"}').kind, 'ready');
  assert.match(JSON.stringify(answer('{"Version":"v0.69.4"}')), /published by intruders/);
  assert.equal(answer('{"Version":"dev"}').kind, 'ready');
  assert.deepEqual(readTrivyVersion(ended('', 'usage: trivy\nno such command', 2)), {
    kind: 'strange',
    reason: 'no such command',
  });
});

test('failures say what to do', () => {
  const say = (stderr: string, code = 1) =>
    explainFailure(ended('', stderr, code), { subject: 'app:1', timeout: 15 }).message;
  const fatal = (reason: string) =>
    say(`2026-11-21T06:00:00Z\tINFO\tx\n2026-11-21T06:00:00Z\tFATAL\tFatal error\t${reason}\n`);
  assert.equal(fatal('unknown flag: --x'), "This Trivy does not know '--x': install another version of it");
  assert.match(
    fatal('filesystem scan error: scan error: no idea: what this is'),
    /^Trivy failed: no idea: what this is$/,
  );
  assert.equal(say('', 2), 'Trivy failed: it ended with code 2');
  assert.match(say('', 137), /out of memory/);
  assert.match(
    fatal('config file "/w/trivy.yaml" loading error: While parsing config: yaml: line 3'),
    /^'trivy.yaml' cannot be read: While/,
  );
  assert.match(
    say('docker: Error response from daemon: pull access denied.\n', 125),
    /container could not be started: pull access denied/,
  );
  // A word in a log line is no reason.
  assert.match(
    say('2026\tINFO\tno space left on device was seen once\n2026\tFATAL\tFatal error\tother: thing\n'),
    /^Trivy failed: other: thing$/,
  );
});

test('no message is longer than a notification, whatever Trivy says', () => {
  const long = 'x '.repeat(5000);
  for (const reason of [
    long,
    `unknown flag: --${long}`,
    `config file "${long}" loading error: ${long}`,
    `: ${long}: ${long}`,
  ]) {
    const { message } = explainFailure(ended('', `1\tFATAL\tFatal error\t${reason}`, 1), { subject: long });
    assert.ok(message.length <= 140, message);
  }
});

test("Trivy's log tells the step", () => {
  assert.equal(
    stepOf('2026-11-21T06:00:00Z\tINFO\t[vulndb] Need to update DB'),
    'Downloading the vulnerability database',
  );
  assert.equal(stepOf('2026-11-21T06:00:00Z\tINFO\t[javadb] Downloading Java DB...'), 'Downloading the Java database');
  assert.equal(stepOf('something else'), undefined);
});

const docker = {
  kind: 'docker',
  program: 'docker',
  version: '26.1.5',
  builder: 'buildx',
  hasRawProgress: true,
} as const;
const trivy = { kind: 'installed', program: '/opt/trivy', version: '0.74.0', databases: {} } as const;
const place = { folder: '/t', id: 'abc' };
const facts: ScanFacts = { subject: { kind: 'image', image: 'app:1' }, trivy, isOffline: false, skipFolders: [] };

test('an image that Trivy cannot ask the engine for is saved first, and keeps its name', () => {
  const engine = { tool: docker, source: 'docker', host: 'unix:///run/docker.sock', isDirect: true } as const;
  const direct = planScan({ ...facts, engine }, place);
  assert.deepEqual(
    direct.steps.map(({ kind }) => kind),
    ['scan'],
  );
  assert.equal(direct.steps[0]?.command.environment?.['DOCKER_HOST'], 'unix:///run/docker.sock');
  const remote = planScan({ ...facts, engine: { ...engine, host: 'ssh://build', isDirect: false } }, place);
  assert.deepEqual(remote.steps[0]?.command.args, ['image', 'save', '--output', '/t/image.tar', '--', 'app:1']);
  assert.equal(remote.steps[1]?.command.environment?.['DOCKER_HOST'], undefined);
  assert.deepEqual(remote.renamed, [{ from: '/t/image.tar', to: 'app:1' }]);
});

test('in a container, Trivy sees what it needs and nothing else', () => {
  const contained = { kind: 'contained', tool: docker, image: 'trivy:1', version: '0.74.0', databases: {} } as const;
  const mountsOf = (some: Partial<ScanFacts>) => {
    const args = planScan({ ...facts, trivy: contained, ...some }, place).steps.at(-1)?.command.args ?? [];
    return args.filter((_, index) => args[index - 1] === '--mount');
  };
  const cache = 'type=volume,src=shipshape-trivy-cache,dst=/cache';
  const ours = 'type=bind,src=/t,dst=/shipshape';
  assert.deepEqual(mountsOf({ engine: { tool: docker, source: 'docker', isDirect: true } }), [cache, ours]);
  assert.deepEqual(
    mountsOf({ subject: { kind: 'workspace', folder: '/w/a,b' }, folder: '/w/a,b', ignoreFile: '/w/a,b/.trivyignore' }),
    [cache, ours, 'type=bind,"src=/w/a,b",dst=/scan,readonly'],
  );
  assert.deepEqual(
    mountsOf({ subject: { kind: 'dockerfile', file: '/w/Dockerfile' }, folder: '/w', ignoreFile: '/w/.trivyignore' }),
    [
      cache,
      ours,
      'type=bind,src=/w/Dockerfile,dst=/files/1/Dockerfile,readonly',
      'type=bind,src=/w/.trivyignore,dst=/files/2/.trivyignore,readonly',
    ],
  );
  const command = containedCommand({
    tool: docker,
    image: 'trivy:1',
    name: 'n',
    args: ['x'],
    mounts: [],
    isOffline: true,
  });
  assert.match(command.args.join(' '), /--cap-drop ALL --cap-add DAC_OVERRIDE .*--network none/);
  assert.doesNotMatch(command.args.join(' '), /docker\.sock|--privileged/);
});

const registry = { user: 'somebody', password: 's3cr3t' };
const there = `shopreg.azurecr.io/shop@sha256:${'1'.repeat(64)}`;
const remote: ScanFacts = { ...facts, subject: { kind: 'image', image: there, registry } };

test('an image in a registry is read from there, and its registry alone sees the login', () => {
  const { steps, renamed } = planScan(remote, place);
  assert.deepEqual([steps.map(({ kind }) => kind), renamed], [['database', 'scan'], []]);
  assert.doesNotMatch(JSON.stringify(steps.map(({ command }) => command.args)), /s3cr3t|somebody/);
  const [database, scan] = steps.map(({ command }) => command);
  assert.deepEqual(database?.args.slice(-1), ['--download-db-only']);
  assert.doesNotMatch(JSON.stringify(database), /s3cr3t|somebody/);
  assert.match(scan?.args.join(' ') ?? '', /--skip-db-update --skip-java-db-update .* --image-src remote -- shopreg/);
  const { TRIVY_USERNAME: user, TRIVY_PASSWORD: password } = scan?.environment ?? {};
  assert.deepEqual([user, password, scan?.args.at(-1)], ['somebody', 's3cr3t', there]);
  const kindsOf = (some: Partial<ScanFacts>, way = {}) =>
    planScan({ ...remote, ...some }, place, way).steps.map(({ command }) => command.args.at(-1));
  const java = ['--download-db-only', '--download-java-db-only', there];
  assert.deepEqual(kindsOf({}, { withJava: true }), java);
  assert.deepEqual(kindsOf({ trivy: { ...trivy, databases: { java: { updatedAt: '2026-11-18' } } } }), java);
  assert.deepEqual(kindsOf({ isOffline: true }, { withJava: true }), [there]);
});

test('in a container, Trivy gets the login by the name of its variables', () => {
  const contained = { kind: 'contained', tool: docker, image: 'trivy:1', version: '0.74.0', databases: {} } as const;
  const { steps } = planScan({ ...remote, trivy: contained, isOffline: true }, place);
  assert.deepEqual(
    steps.map(({ kind }) => kind),
    ['scan'],
  );
  const { args = [], environment } = steps[0]?.command ?? {};
  assert.match(args.join(' '), /--env TRIVY_USERNAME --env TRIVY_PASSWORD /);
  assert.doesNotMatch(args.join(' '), /s3cr3t|somebody|image\.tar|--network|docker\.sock/);
  assert.deepEqual(environment, { TRIVY_USERNAME: 'somebody', TRIVY_PASSWORD: 's3cr3t' });
});

test('what a scan does is said, and how old its database is', () => {
  const now = new Date('2026-11-21T06:00:00Z');
  const databases = { vulnerabilities: { updatedAt: '2026-11-18T06:00:00Z', nextUpdate: '2026-11-19T06:00:00Z' } };
  assert.deepEqual(
    describeScan(
      {
        ...facts,
        subject: { kind: 'workspace', folder: '/w' },
        trivy: { ...trivy, databases },
        config: { path: '/w/trivy.yaml', hasScanners: false, hasTimeout: false, hasIgnoreFile: false },
        ignoreFile: '/w/.trivyignore.yaml',
        unusedIgnoreFile: '/w/.trivyignore',
      },
      now,
    ),
    [
      "Looks for vulnerabilities, misconfigurations and secrets in 'w' with Trivy 0.74.0",
      'The vulnerability database is 3 days old, so a newer one is downloaded first',
      "Uses 'trivy.yaml'",
      "Leaves out what '.trivyignore.yaml' says",
      "Does not use '.trivyignore', as Trivy takes one ignore file: move its lines to the other",
    ],
  );
  assert.match(describeDatabase(databases, true, now), /3 days old, and offline no newer one is downloaded/);
  assert.match(describeDatabase({}, true, now), /no vulnerability database yet/);
  const fresh = { vulnerabilities: { updatedAt: '2026-11-21T01:00:00Z', nextUpdate: '2026-11-22T01:00:00Z' } };
  assert.equal(describeDatabase(fresh, true, now), 'The vulnerability database is 5 hours old');
});
