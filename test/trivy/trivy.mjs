// Stands in for Trivy in tests. It refuses what Trivy refuses, in its words, reads the files it is pointed to, and reports on what is
// really there. How it is to behave beyond that is never in its arguments: see `scenarioOf`.
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { failures } from './failures.mjs';
import { lookAt } from './files.mjs';
import { filterResult, readIgnoreFile } from './ignore.mjs';
import { archiveOf, imageOf, resultsFor } from './images.mjs';
import { Fatal, readOptions } from './options.mjs';

const environment = process.env;
const early = scenarioOf([]);
const version = early.version ?? '0.74.0';
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Fatal)) throw error;
  log('FATAL', `${error.title}\t${error.message}`);
  process.exitCode = 1;
}

async function main() {
  const options = readOptions(process.argv.slice(2), environment, version);
  const { command, targets, value, isOn } = options;
  if (command === 'version') return printVersion(value);
  const input = command === 'image' ? value('input') : undefined;
  const database = command === 'image' ? databaseToDownload(value, isOn) : undefined;
  if (targets.length === 0 && input === undefined && database === undefined)
    throw new Fatal(
      command === 'image' ? 'Require at least 1 argument or --input option' : 'Require at least 1 argument',
    );
  if (targets.length > 1) throw new Fatal('multiple targets cannot be specified');
  const target = input ?? targets[0];
  const scenario = scenarioOf([command === 'image' ? '.' : target]);
  if (scenario.argumentsTo !== undefined)
    appendFileSync(scenario.argumentsTo, `${JSON.stringify(process.argv.slice(2))}\n`);
  if (scenario.quiet === true || isOn('quiet')) log.isQuiet = true;

  const scanners = command === 'config' ? ['misconfig'] : value('scanners', ['vuln', 'secret']);
  if (command !== 'config') announce(scanners);
  const failure = scenario.failure === undefined ? undefined : failures[scenario.failure];
  if (scenario.failure !== undefined && !failure) throw new Error(`There is no failure '${scenario.failure}'`);
  if (failure?.when === 'start') return fail(failure, target);
  if (scanners.includes('vuln')) prepareDatabase(value, isOn);
  if (database === 'java') writeFileSync(javaDatabase(value), '');
  if (database !== undefined) return 0;
  const unlock =
    command === 'image' && value('cache-backend', 'fs') === 'fs' ? await lock(cacheOf(value)) : () => undefined;
  try {
    if (failure) return await fail(failure, target);
    if (scenario.startedTo !== undefined) writeFileSync(scenario.startedTo, String(process.pid));
    // Slow for as long as the file is there.
    while (scenario.slowWhile !== undefined && existsSync(scenario.slowWhile)) await wait(20);
    const report = await reportOn(target, scenario, options, scanners, input);
    write(report, value, scenario);
    const hasFailed = report.Results.some((one) =>
      ['Vulnerabilities', 'Misconfigurations', 'Secrets'].some((key) => one[key]),
    );
    return hasFailed ? Number(value('exit-code', 0)) : 0;
  } finally {
    unlock();
  }
}

async function reportOn(target, scenario, { command, value, isOn }, scanners, input) {
  const withPackages =
    command !== 'config' && String(value('list-all-pkgs', Number(version.split('.')[1]) >= 60)) === 'true';
  const report = {
    SchemaVersion: 2,
    ...(Number(version.split('.')[1]) >= 68 && { Trivy: { Version: version } }),
    CreatedAt: new Date().toISOString(),
    ArtifactName: target,
    ArtifactType: command === 'image' ? 'container_image' : 'filesystem',
  };
  if (scenario.report !== undefined) Object.assign(report, JSON.parse(readFileSync(scenario.report, 'utf8')));
  else if (command === 'image') {
    const sources = value('image-src', ['docker', 'containerd', 'podman', 'remote']);
    report.Metadata =
      input === undefined ? await imageOf(target, sources[0], scenario, loginsIn(value)) : archiveOf(input);
    if (scenario.hasJava === true) prepareJavaDatabase(value, isOn);
    report.Results = resultsFor(target, report.Metadata, { scanners, withPackages });
  } else {
    const { 'skip-dirs': skipDirs, 'file-patterns': patterns } = {
      'skip-dirs': value('skip-dirs', []),
      'file-patterns': value('file-patterns', []),
    };
    report.Results = lookAt(target, { scanners, skipDirs, patterns, withPackages });
  }
  const source = value('ignorefile', '.trivyignore');
  const filter = {
    ignored: readIgnoreFile(source),
    source,
    severities: value('severity', ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']),
    showSuppressed: command !== 'config' && isOn('show-suppressed'),
  };
  report.Results = (report.Results ?? []).map((one) => filterResult(one, filter));
  return report;
}

function write(report, value, scenario) {
  if (value('format', 'table') !== 'json') throw new Error('The stand-in writes JSON only');
  const whole = `${JSON.stringify(report, undefined, 2)}\n`;
  const text = scenario.cutAt === undefined ? whole : whole.slice(0, scenario.cutAt);
  const output = value('output');
  if (scenario.noReport === true) return;
  if (output === undefined) process.stdout.write(text);
  else {
    try {
      writeFileSync(output, scenario.raw === undefined ? text : readFileSync(scenario.raw));
    } catch {
      throw new Fatal(
        `report error: unable to write results: failed to create output file: open ${output}: no such file or directory`,
      );
    }
  }
}

async function fail({ lines, message, code = 1, signal }, target) {
  for (const line of lines ?? []) log(...line);
  if (signal !== undefined) {
    process.kill(process.pid, signal);
    await wait(5000);
  }
  if (message !== undefined) log('FATAL', `Fatal error\t${message.replaceAll('TARGET', target)}`);
  return code;
}

function announce(scanners) {
  if (scanners.includes('vuln')) log('INFO', '[vuln] Vulnerability scanning is enabled');
  if (scanners.includes('misconfig')) log('INFO', '[misconfig] Misconfiguration scanning is enabled');
  if (scanners.includes('secret')) log('INFO', '[secret] Secret scanning is enabled');
}

/** Its own folder and never the real Trivy's, unless told. */
function cacheOf(value) {
  return value('cache-dir') ?? join(tmpdir(), 'shipshape-trivy-stand-in');
}

function loginsIn(value) {
  const [usernames, passwords] = [value('username', []), value('password', [])];
  if (usernames.length !== passwords.length)
    throw new Fatal('flag error: registry flag error: the number of usernames and passwords must match');
  return { usernames, passwords };
}

/** What is to be downloaded without a scan. */
function databaseToDownload(value, isOn) {
  for (const [download, skip] of [
    ['download-db-only', 'skip-db-update'],
    ['download-java-db-only', 'skip-java-db-update'],
  ]) {
    if (isOn(download) && isOn(skip))
      throw new Fatal(`flag error: db flag error: --${skip} and --${download} options can not be specified both`);
  }
  return isOn('download-db-only') ? 'vulnerabilities' : isOn('download-java-db-only') ? 'java' : undefined;
}

function javaDatabase(value) {
  return join(cacheOf(value), 'db', 'java');
}

/** Only what has jars needs it. */
function prepareJavaDatabase(value, isOn) {
  if (existsSync(javaDatabase(value))) return;
  if (isOn('skip-java-db-update')) {
    log('ERROR', '[javadb] The first run cannot skip downloading Java DB');
    throw new Fatal(
      "run error: image scan error: scan error: scan failed: failed analysis: post analysis error: Unable to initialize the Java DB: Java DB update failed: '--skip-java-db-update' cannot be specified on the first run",
    );
  }
  writeFileSync(javaDatabase(value), '');
}

function prepareDatabase(value, isOn) {
  // A login is shown to each registry that is met: to that of the database, too, whenever it is out of date.
  if (!isOn('skip-db-update') && loginsIn(value).usernames.length > 0)
    throw new Fatal(
      'run error: init error: DB error: failed to download vulnerability DB: OCI artifact error: OCI repository error: 1 error occurred:\n\t* GET https://mirror.gcr.io/v2/token?scope=repository%3Aaquasec%2Ftrivy-db%3Apull: UNAUTHORIZED: not allowed',
    );
  const folder = join(cacheOf(value), 'db');
  const file = join(folder, 'metadata.json');
  if (existsSync(file)) return;
  if (isOn('skip-db-update')) {
    log('ERROR', '[vulndb] The first run cannot skip downloading DB');
    throw new Fatal(
      'run error: init error: DB error: database error: --skip-db-update cannot be specified on the first run',
    );
  }
  log('INFO', '[vulndb] Need to update DB');
  log('INFO', '[vulndb] Downloading vulnerability DB...');
  mkdirSync(folder, { recursive: true });
  const day = 86_400_000;
  const time = (offset) => new Date(Date.now() + offset).toISOString();
  const times = { UpdatedAt: time(-day / 4), NextUpdate: time(day * 0.75), DownloadedAt: time(0) };
  writeFileSync(file, JSON.stringify({ Version: 2, ...times }));
}

/** Bolt waits a second for whoever has the file. */
async function lock(cache) {
  const file = join(cache, 'fanal', 'fanal.lock');
  mkdirSync(dirname(file), { recursive: true });
  for (let tries = 0; ; tries++) {
    try {
      const opened = openSync(file, 'wx');
      writeFileSync(opened, String(process.pid));
      closeSync(opened);
      const unlock = () => rmSync(file, { force: true });
      for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => (unlock(), process.exit(1)));
      return unlock;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isAlive(Number(readFileSync(file, 'utf8')))) rmSync(file, { force: true });
      if (tries >= 20) {
        log(
          'ERROR',
          'Failed to acquire cache or database lock, see https://trivy.dev/docs/latest/references/troubleshooting/',
        );
        throw new Fatal(
          'run error: image scan error: scan error: unable to initialize cache: unable to initialize fs cache: cache may be in use by another process: timeout',
        );
      }
      await wait(50);
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return pid > 0;
  } catch {
    return false;
  }
}

function printVersion(value) {
  const file = join(cacheOf(value), 'db', 'metadata.json');
  const database = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  const answer = { Version: version, ...(database && { VulnerabilityDB: database }) };
  console.log(value('format') === 'json' ? JSON.stringify(answer) : `Version: ${version}`);
  return 0;
}

/** From the variable TRIVY_STAND_IN (JSON), or `.trivy-stand-in.json` beside what is scanned. */
function scenarioOf(targets) {
  const set = environment['TRIVY_STAND_IN'];
  if (set !== undefined && set !== '') return JSON.parse(set);
  for (const target of targets) {
    const isFile = existsSync(target) && statSync(target).isFile();
    const file = join(isFile ? dirname(resolve(target)) : target, '.trivy-stand-in.json');
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  }
  return {};
}

function log(level, text) {
  if (log.isQuiet === true && level !== 'FATAL') return;
  process.stderr.write(`${new Date().toISOString().replace(/\.\d+Z/, 'Z')}\t${level}\t${text}\n`);
}
