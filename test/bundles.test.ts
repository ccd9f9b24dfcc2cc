import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

// What a bundle loads is what its users pay for. The bundles are built before the tests run.
const dist = join(import.meta.dirname, '../dist');

/** Whatever else it is minified to, these stay: names of Azure's libraries, addresses and headers. */
const marks = ['@azure/', 'AADSTS', 'login.microsoftonline.com', 'management.azure.com', 'ClientSecretCredential'];

test('starting the extension loads nothing of Azure, and a command of Azure does', () => {
  const required = inProcess(`
    const { activateExtension } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'editor-stub.ts')).href)});
    const { required, run } = await activateExtension(${JSON.stringify(dist)});
    const before = [...required];
    await run('shipshape.signInToAzure');
    process.stdout.write(JSON.stringify({ before, after: required }));
    process.exit(0);
  `) as { readonly before: readonly string[]; readonly after: readonly string[] };
  assert.ok(required.before.includes('vscode'));
  assert.deepEqual(required.before.filter(isOurs), [join(dist, 'extension.js')]);
  assert.deepEqual(required.after.filter(isOurs), [join(dist, 'extension.js'), join(dist, 'azure.js')]);
});

test('the bundle of the extension holds nothing of Azure', () => {
  const text = readFileSync(join(dist, 'extension.js'), 'utf8');
  assert.deepEqual(
    marks.filter((mark) => text.includes(mark)),
    [],
  );
  const azure = readFileSync(join(dist, 'azure.js'), 'utf8');
  assert.deepEqual(
    marks.filter((mark) => !azure.includes(mark)),
    [],
  );
});

test('linting loads nothing of Azure, and deploying does', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-test-'));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'Dockerfile'), 'FROM alpine:3.20\nUSER 1000\nCMD ["true"]\n');
  const loadedBy = (...args: readonly string[]): readonly string[] => {
    const program = JSON.stringify([process.execPath, join(dist, 'cli.js'), ...args, folder]);
    return inProcess(`
      const { default: Module } = await import('node:module');
      const required = [];
      const load = Module._load;
      Module._load = (request, ...rest) => (required.push(request), load(request, ...rest));
      process.argv = ${program};
      process.stdout.write = process.stderr.write = () => true;
      process.on('exit', () => (process.exitCode = 0, require('fs').writeSync(1, JSON.stringify(required))));
      require(process.argv[1]);
    `) as readonly string[];
  };
  assert.deepEqual(loadedBy('lint').filter(isOurs), [join(dist, 'cli.js')]);
  assert.deepEqual(loadedBy('deploy', '--plan').filter(isOurs), [join(dist, 'cli.js'), join(dist, 'deploy.js')]);
});

function isOurs(request: string): boolean {
  return request.startsWith('.') || request.startsWith(dist);
}

/** What a program of Node, in a process of its own, writes as JSON. */
function inProcess(program: string): unknown {
  const script = `(async () => {${program}})()`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 300_000 }));
}
