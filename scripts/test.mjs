// `npm test [-- NAME]`: installs what is missing, builds, and runs every test, or those whose file (else title) has NAME in it.
// Runs on any Node >= 20; the tests themselves run from source on the project's own Node.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { MissingPart } from './code-server.mjs';
import { ensureDocker } from './docker.mjs';
import { ensureInstalled, node, ProgramFailed, root, run } from './install.mjs';

const endToEnd = join('test', 'e2e', 'run.ts');
const environment = {};
const ending = [];
const counts = { passed: 0, failed: 0, skipped: 0 };
const name = process.argv[2] ?? '';

try {
  await runAll();
} catch (error) {
  console.error(error instanceof ProgramFailed ? error.message : error);
  counts.failed++;
}
for (const end of ending) await end();
if (counts.passed + counts.failed + counts.skipped === 0) {
  console.error(`No test has '${name}' in its file's name or its title`);
  counts.failed++;
}
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`\n${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exitCode = counts.failed === 0 ? 0 : 1;

async function runAll() {
  await ensureInstalled();
  await run(node, ['scripts/build.ts']);

  const files = testFiles();
  const named = files.filter((file) => file.includes(name));
  // A name that is no file's is looked for in the titles of all tests.
  const inTitles = named.length === 0 && !endToEnd.includes(name) ? ['--test-name-pattern', escapeRegExp(name)] : [];
  const chosen = inTitles.length > 0 ? files : named;

  if (name === '' || name === 'e2e' || chosen.some((file) => file.endsWith('.docker.test.ts'))) await startDocker();
  // Much of their time is waiting for containers: two files at a time also where Node would run only one.
  const atOnce = `--test-concurrency=${Math.max(2, availableParallelism() - 1)}`;
  if (chosen.length > 0) await runTests('unit tests', ['--test', atOnce, ...inTitles], chosen);
  if (
    existsSync(join(root, endToEnd)) &&
    inTitles.length === 0 &&
    (name === '' || named.length === 0 || name === 'e2e')
  ) {
    await run(node, ['scripts/package.ts', '--built']);
    await runTests('end-to-end tests', [], [endToEnd, ...(name === '' || endToEnd.includes(name) ? [] : [name])], {
      VSIX: vsix(),
    });
  }
}

/** Without Docker the tests that need it are skipped, except in CI. */
async function startDocker() {
  try {
    const docker = await ensureDocker({ log: console.log });
    Object.assign(environment, docker.environment);
    ending.push(docker.stop);
  } catch (error) {
    if (!(error instanceof MissingPart) || process.env.CI === 'true') throw error;
    environment.SHIPSHAPE_NO_DOCKER = error.message;
  }
}

function testFiles() {
  return readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => !file.startsWith(join('test', 'e2e')))
    .sort();
}

/** Adds the counts of the last `N passed, N failed` that the run prints; a run that dies without one has failed. */
async function runTests(what, options, args, env = {}) {
  console.log(`\nRunning the ${what} ...`);
  const reporter = ['--test-reporter=./scripts/reporter.mjs', '--test-reporter-destination=stdout'];
  const { code, output } = await runShown(node, [...options, ...reporter, ...args], env);
  const lines = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/gm)];
  const [, passed = 0, failed = 0, skipped = 0] = lines.at(-1)?.map((count) => Number(count ?? 0)) ?? [];
  counts.passed += passed;
  counts.failed += failed === 0 && code !== 0 ? 1 : failed;
  counts.skipped += skipped;
  if (failed === 0 && code !== 0) console.error(`The ${what} ended with ${code}`);
}

function runShown(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...environment, ...env },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

function vsix() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(root, `${name}-${version}.vsix`);
}

function escapeRegExp(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
