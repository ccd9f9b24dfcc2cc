// The stand-in is only of use if it refuses what Trivy refuses.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { databaseArguments, scanArguments, type ScannedThing } from '../../../client/src/tools/trivy/arguments.ts';
import { readOptions, splitList } from '../../trivy/options.mjs';
import { standInTrivy, type TrivyScenario } from '../../trivy/stand-in.ts';

const posix = { skip: process.platform === 'win32' && 'The stand-in is started by a shell script' };

function bench(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-stand-in-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const { program } = standInTrivy(folder);
  const trivy = (args: readonly string[], scenario: TrivyScenario = {}) => {
    const env = { ...process.env, TRIVY_STAND_IN: JSON.stringify({ images: ['app:1'], ...scenario }) };
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' });
    return { status, stdout, fatal: /\tFATAL\t(?:Fatal error|Error)\t(.*)/.exec(stderr)?.[1], stderr };
  };
  return { folder, trivy };
}

const refused = (args: readonly string[], environment = {}, version = '0.74.0') => {
  try {
    const { value, targets } = readOptions(args, environment, version);
    return `taken: ${targets.length} ${String(value('format', 'table'))}`;
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

test('flags of another command or version are refused', () => {
  assert.equal(refused(['fs', '--x', '.']), 'unknown flag: --x');
  assert.equal(refused(['fs', '--x=1', '.']), 'unknown flag: --x');
  assert.equal(refused(['fs', '-y', '.']), "unknown shorthand flag: 'y' in -y");
  assert.equal(refused(['config', '--scanners', 'vuln', '.']), 'unknown flag: --scanners');
  assert.equal(refused(['fs', '--image-src', 'docker', '.']), 'unknown flag: --image-src');
  assert.equal(refused(['image', '--security-checks', 'vuln', 'a']), 'unknown flag: --security-checks');
  assert.equal(refused(['fs', '--disable-telemetry', '.'], {}, '0.62.0'), 'unknown flag: --disable-telemetry');
  assert.equal(refused(['fs', '--disable-telemetry', '.'], {}, '0.63.0'), 'taken: 1 table');
  assert.equal(refused(['scan', '.']), 'unknown command "scan" for "trivy"');
  assert.equal(refused([]), 'unknown command "" for "trivy"');
});

test('values are checked', () => {
  assert.match(
    refused(['fs', '--severity', 'HIGH,WORSE', '.']),
    /^invalid argument "WORSE" for "--severity" flag: must be one of/,
  );
  assert.match(refused(['fs', '--format', 'xml', '.']), /^invalid argument "xml" for "--format"/);
  assert.match(refused(['fs', '--exit-code', 'one', '.']), /ParseInt/);
  assert.match(refused(['fs', '--timeout', '15', '.']), /invalid duration "15"/);
  assert.match(refused(['fs', '--list-all-pkgs=maybe', '.']), /ParseBool/);
  assert.match(refused(['fs', '--skip-dirs', 'a"b', '.']), /bare " in non-quoted field/);
  assert.equal(refused(['fs', '--output']), 'flag needs an argument: --output');
  assert.match(refused(['fs', '.'], { TRIVY_SEVERITY: 'BAD' }), /^invalid argument "BAD"/);
  assert.match(refused(['fs', '--config', '/no.yaml', '.']), /^config file "\/no.yaml" loading error: open/);
});

test('what is right is taken as the real one takes it', () => {
  assert.equal(refused(['fs', '-f', 'json', '.']), 'taken: 1 json');
  assert.equal(refused(['fs', '-fjson', '--', '--x']), 'taken: 1 json');
  assert.equal(refused(['fs', '.'], { TRIVY_FORMAT: 'json' }), 'taken: 1 json');
  assert.equal(refused(['fs', '.', '--format=sarif'], { TRIVY_FORMAT: 'json' }), 'taken: 1 sarif');
  assert.deepEqual(splitList('a b,"x,y","say ""hi""","two\nlines"'), ['a b', 'x,y', 'say "hi"', 'two\nlines']);
});

test('every version that we take knows all of our arguments', () => {
  const things: readonly ScannedThing[] = [
    { kind: 'image', image: 'app:1', source: 'podman' },
    { kind: 'image', image: 'shopreg.azurecr.io/shop@sha256:1', source: 'remote' },
    { kind: 'archive', file: '/t/image.tar' },
    { kind: 'workspace', path: '.' },
    { kind: 'secrets', path: '.' },
    { kind: 'dockerfile', path: '/w/odd,name', name: 'odd,name' },
  ];
  for (let minor = 50; minor <= 74; minor++) {
    for (const what of things) {
      for (const isOffline of [false, true]) {
        const version = `0.${minor}.0`;
        const usual = {
          version,
          output: '/t/r.json',
          isOffline,
          skipFolders: ['a,b', 'c'],
          timeout: 15,
          hasOwnScanners: false,
        };
        const isRemote = what.kind === 'image' && what.source === 'remote';
        const { targets, value } = readOptions(scanArguments({ ...usual, what, hasDatabases: isRemote }), {}, version);
        assert.deepEqual(value('skip-dirs'), ['a,b', 'c']);
        assert.equal(targets.length, what.kind === 'archive' ? 0 : 1);
      }
    }
    for (const database of ['vulnerabilities', 'java'] as const) {
      const { isOn } = readOptions(
        databaseArguments(database, { timeout: 15 }),
        { TRIVY_SKIP_DB_UPDATE: 'true' },
        `0.${minor}.0`,
      );
      assert.deepEqual([isOn('download-java-db-only'), isOn('skip-db-update')], [database === 'java', false]);
    }
  }
});

test('exactly one target', posix, (context) => {
  const { folder, trivy } = bench(context);
  assert.equal(trivy(['fs']).fatal, 'Require at least 1 argument');
  assert.equal(trivy(['image']).fatal, 'Require at least 1 argument or --input option');
  assert.equal(trivy(['fs', 'a', 'b']).fatal, 'multiple targets cannot be specified');
  assert.match(trivy(['fs', join(folder, 'nowhere')]).fatal ?? '', /no such file or directory$/);
  assert.match(trivy(['image', 'NO IMAGE']).fatal ?? '', /could not parse reference: NO IMAGE$/);
  assert.match(trivy(['image', '--input', 'no.tar']).fatal ?? '', /unable to open no.tar as a Docker image/);
});

test('it logs to one stream and writes to the file it is told, or not at all', posix, (context) => {
  const { folder, trivy } = bench(context);
  writeFileSync(join(folder, 'Dockerfile'), 'FROM a\n');
  const output = join(folder, 'report.json');
  const { status, stdout, stderr } = trivy(['fs', '--format', 'json', '--output', output, '.']);
  assert.deepEqual([status, stdout], [0, '']);
  assert.match(stderr, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\tINFO\t\[vuln\] Vulnerability scanning is enabled\n/);
  assert.equal((JSON.parse(readFileSync(output, 'utf8')) as { SchemaVersion: number }).SchemaVersion, 2);
  assert.match(
    trivy(['fs', '--format', 'json', '--output', join(folder, 'no/r.json'), '.']).fatal ?? '',
    /failed to create output file/,
  );
  const failed = join(folder, 'failed.json');
  assert.equal(trivy(['fs', '--format', 'json', '--output', failed, '.'], { failure: 'no-network' }).status, 1);
  assert.ok(!existsSync(failed));
  assert.equal(trivy(['config', '--format', 'json', '--exit-code', '7', '--output', output, '.']).status, 7);
});

test('a scenario may lie beside what is scanned', posix, (context) => {
  const { folder } = bench(context);
  const { program } = standInTrivy(folder);
  writeFileSync(join(folder, 'Dockerfile'), 'FROM a\n');
  writeFileSync(join(folder, '.trivy-stand-in.json'), '{"failure":"space"}');
  const env = { ...process.env, TRIVY_STAND_IN: '' };
  const { status, stderr } = spawnSync(program, ['config', '--', 'Dockerfile'], { cwd: folder, env, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /no space left on device/);
});

test('a path in an ignore file is a glob, a package may be of any version', posix, (context) => {
  const { folder, trivy } = bench(context);
  writeFileSync(join(folder, 'requirements.txt'), 'flask==1.0\n');
  const left = (yaml: string) => {
    writeFileSync(join(folder, 'i.yaml'), `vulnerabilities:\n  - id: CVE-2023-30861\n${yaml}`);
    const { stdout } = trivy(['fs', '--scanners', 'vuln', '--format', 'json', '--ignorefile', 'i.yaml', '.']);
    return stdout.includes('"VulnerabilityID": "CVE-2023-30861"');
  };
  assert.equal(left(''), false);
  assert.equal(left('    paths: ["**/*.txt"]\n'), false);
  assert.equal(left('    paths: ["sub/*.txt"]\n'), true);
  assert.equal(left('    purls: ["pkg:pypi/flask"]\n'), false);
  assert.equal(left('    purls: ["pkg:pypi/flask@2.0"]\n'), true);
  assert.equal(left('    expired_at: 2020-01-01\n'), true);
});
