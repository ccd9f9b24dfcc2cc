import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { alone, type Worker } from '../../../../client/src/deploy/alone.ts';
import type { Target } from '../../../../client/src/deploy/choices.ts';
import { startOf } from '../../../../client/src/process/descendants.ts';
import { target } from './support.ts';

const editor: Worker = { from: 'the editor', doing: 'deployed' };
const script = join(import.meta.dirname, 'hold.ts');
const busy = `'production' is being deployed from the command line already (process `;

function freshFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-alone-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Another process that is at it. */
async function holder(context: TestContext, folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, folder, 'hold'], { stdio: ['pipe', 'pipe', 'inherit'] });
  context.after(() => child.kill('SIGKILL'));
  assert.ok(child.stdout);
  await once(child.stdout, 'data');
  return child;
}

const tried = async (folder: string, of: Target = target): Promise<string> => {
  try {
    return await alone(of, editor, () => Promise.resolve('done'), folder);
  } catch (error) {
    return String(error);
  }
};

test('one process at a time, and it says who is at it', async (context) => {
  const folder = freshFolder(context);
  const child = await holder(context, folder);
  const expected = `UserError: ${busy}${child.pid ?? ''}): wait until that ends, or stop it there`;
  assert.equal(await tried(folder), expected);
  // The same app under another name; another app of the same name.
  assert.match(await tried(folder, { ...target, name: 'other' }), /^UserError: 'other' is being deployed/);
  assert.equal(await tried(folder, { ...target, resourceGroup: 'other' }), 'done');
  child.stdin?.end();
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.equal(await tried(folder), 'done');
  assert.deepEqual(readdirSync(folder), []);
});

test('one that was killed holds nothing', async (context) => {
  const folder = freshFolder(context);
  const child = await holder(context, folder);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(readdirSync(folder).length, 1);
  assert.equal(await tried(folder), 'done');
  assert.deepEqual(readdirSync(folder), []);
});

test('in the same window, too, and gives it back when the work fails', async (context) => {
  const folder = freshFolder(context);
  const again = alone(target, editor, () => tried(folder), folder);
  assert.equal(await again, "UserError: 'production' is being deployed already: wait until that ends, or stop it");
  await assert.rejects(
    alone(target, editor, () => Promise.reject(new Error('no')), folder),
    /no/,
  );
  assert.deepEqual(readdirSync(folder), []);
});

test('what is left by nobody who lives is taken over', async (context) => {
  const folder = freshFolder(context);
  const child = await holder(context, folder);
  const [name = ''] = readdirSync(folder);
  const file = join(folder, name);
  const held = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  child.kill('SIGKILL');
  await once(child, 'exit');
  const mine = { ...held, pid: process.pid };
  const left = [
    ['another machine', { ...mine, host: 'elsewhere' }],
    ['another process by now', { ...mine, started: '1' }],
    ['before this machine was started', { ...mine, started: undefined, at: 0 }],
    ['damaged', undefined],
  ] as const;
  for (const [what, holding] of left) {
    writeFileSync(file, holding === undefined ? '{' : JSON.stringify(holding));
    assert.equal(await tried(folder), 'done', what);
    assert.deepEqual(readdirSync(folder), [], what);
  }
  // Whatever the time is said to have been by now.
  const started = startOf(process.pid);
  if (started === undefined) return;
  writeFileSync(file, JSON.stringify({ ...mine, started, at: 0 }));
  assert.match(await tried(folder), /^UserError: 'production' is being deployed already/);
});

test('many at once, over what a dead one left: never two, and in the end nothing is left', async (context) => {
  const folder = freshFolder(context);
  const dead = await holder(context, folder);
  dead.kill('SIGKILL');
  await once(dead, 'exit');
  const log = join(freshFolder(context), 'log');
  const ended = Array.from({ length: 4 }, async () => {
    const child = spawn(process.execPath, [script, folder, log], { stdio: ['ignore', 'inherit', 'inherit'] });
    context.after(() => child.kill('SIGKILL'));
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  });
  assert.deepEqual(await Promise.all(ended), [0, 0, 0, 0]);
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  assert.equal(lines.length, 40);
  for (let index = 0; index < lines.length; index += 2) {
    assert.equal(lines[index + 1], lines[index]?.replace('+', '-'));
  }
  assert.deepEqual(readdirSync(folder), []);
});

test('where nothing can be held, the work is done all the same', async (context) => {
  const file = join(freshFolder(context), 'file');
  writeFileSync(file, '');
  assert.equal(await tried(file), 'done');
  assert.equal(readFileSync(file, 'utf8'), '');
});
