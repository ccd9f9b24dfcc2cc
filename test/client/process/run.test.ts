import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRun } from '../../../client/src/process/run.ts';
import { Cancelled, NotStarted } from '../../../client/src/tools/command.ts';

const run = createRun();
const node = process.execPath;
const script = (source: string, ...args: string[]) => ({ program: node, args: ['-e', source, ...args] });

test('gives the exit code and both streams', async () => {
  const ended = await run(script("console.log('out'); console.error('err'); process.exitCode = 3"));
  assert.deepEqual(ended, { code: 3, stdout: 'out\n', stderr: 'err\n' });
});

test('arguments arrive as they are, whatever a shell would make of them', async () => {
  const hostile = ['$(id)', '`id`', 'a\'b"c', '-x', 'two\nlines', ' ', '*', '&& id', '%PATH%', '\\'];
  const { stdout } = await run(script('console.log(JSON.stringify(process.argv.slice(1)))', '--', ...hostile));
  assert.deepEqual(JSON.parse(stdout), hostile);
});

test('input reaches the program, and nothing else does', async () => {
  const echo = { ...script('process.stdin.pipe(process.stdout)'), input: 'secret' };
  assert.equal((await run(echo)).stdout, 'secret');
  assert.equal((await run(script('process.stdin.pipe(process.stdout)'))).stdout, '');
});

test('a character that is split between two reads stays one', async () => {
  const bytes =
    'process.stdout.write(Buffer.from([0xe2, 0x82])); setTimeout(() => process.stdout.write(Buffer.from([0xac])), 50)';
  const parts: string[] = [];
  const { stdout } = await run(script(bytes), { onOutput: (text) => parts.push(text) });
  assert.equal(stdout, '€');
  assert.equal(parts.join(''), '€');
});

test('keeps the end of a long output', async () => {
  const { stdout } = await run(script("process.stdout.write('x'.repeat(3_000_000) + 'end')"), { keep: 10 });
  assert.equal(stdout, 'xxxxxxxend');
});

test('a missing program, a missing folder and an impossible argument say which', async () => {
  await assert.rejects(run({ program: 'no-such-program', args: [] }), (error: NotStarted) => {
    assert.ok(error instanceof NotStarted);
    assert.deepEqual([error.message, error.isMissing], ["'no-such-program' was not found", true]);
    return true;
  });
  await assert.rejects(run({ ...script(''), folder: '/no/such/folder' }), (error: NotStarted) => {
    assert.deepEqual(
      [error.message.split(': ')[1], error.isMissing],
      ["the folder '/no/such/folder' is not there", false],
    );
    return true;
  });
  await assert.rejects(
    run({ program: 'no-such-program', args: [], folder: tmpdir() }),
    (error: NotStarted) => error.isMissing,
  );
  await assert.rejects(run(script('', 'a\0b')), NotStarted);
});

test('cancelling ends the program and what it started', { skip: process.platform === 'win32' }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-run-'));
  try {
    const file = join(folder, 'pid');
    // The child ignores SIGTERM, as a shell in a RUN would.
    const source = `const c = require('child_process').spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('up')"], { stdio: ['ignore', 'pipe', 'ignore'] });
      c.stdout.once('data', () => { require('fs').writeFileSync(${JSON.stringify(file)}, String(c.pid)); console.log('ready'); });`;
    const controller = new AbortController();
    const running = run(script(source), {
      signal: controller.signal,
      onOutput: () => controller.abort(),
    });
    await assert.rejects(running, Cancelled);
    const pid = Number(readFileSync(file, 'utf8'));
    assert.ok(!isAlive(pid), 'the child is still there');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a run that is cancelled before it begins starts nothing', async () => {
  await assert.rejects(run(script(''), { signal: AbortSignal.abort() }), Cancelled);
});

test(
  'what we started ends when we are killed, and what we asked for is run',
  { skip: process.platform === 'win32' },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shipshape-keep-'));
    const source = join(import.meta.dirname, '../../../client/src/process');
    const done = join(folder, 'done');
    try {
      writeFileSync(
        join(folder, 'editor.mjs'),
        `import { createKeeper } from ${JSON.stringify(join(source, 'keep.ts'))};
       import { createRun } from ${JSON.stringify(join(source, 'run.ts'))};
       const keeper = createKeeper(${JSON.stringify(join(source, 'keeper.ts'))});
       const released = keeper.runIfWeDie({ program: process.execPath, args: ['-e', 'require("fs").writeFileSync(process.argv[1], "")', ${JSON.stringify(join(folder, 'released'))}] });
       keeper.runIfWeDie({ program: process.execPath, args: ['-e', 'require("fs").writeFileSync(process.argv[1], "")', ${JSON.stringify(done)}] });
       released();
       void createRun(keeper)({ program: process.execPath, args: ['-e', 'console.log(process.pid); setInterval(() => {}, 1e6)'] }, { long: true, onOutput: (text) => console.log(text) });`,
      );
      const editor = spawn(node, [join(folder, 'editor.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [pid] = (await once(editor.stdout, 'data')) as [Buffer];
      const appeared = new Promise<void>((resolve) => {
        const watcher = watch(folder, () => {
          if (!existsSync(done)) return;
          watcher.close();
          resolve();
        });
      });
      assert.ok(isAlive(Number(pid.toString())));
      editor.kill('SIGKILL');
      await appeared;
      assert.ok(!existsSync(join(folder, 'released')));
      while (isAlive(Number(pid.toString()))) await new Promise((resolve) => setImmediate(resolve));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie counts as gone: nobody has asked after it yet, that is all.
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('cancelling ends what has left the group, too', { skip: process.platform !== 'linux' }, async () => {
  // As Podman does with the container that it builds in: a session of its own.
  const child = "setInterval(() => undefined, 1000); process.on('SIGTERM', () => undefined); console.log(process.pid)";
  const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { detached: true, stdio: 'inherit' })`;
  const abort = new AbortController();
  let pid = 0;
  const running = run(script(parent), {
    signal: abort.signal,
    grace: 200,
    onOutput: (text) => {
      pid = Number(text);
      abort.abort();
    },
  });
  await assert.rejects(running, Cancelled);
  assert.ok(pid > 0);
  assert.ok(!existsSync(`/proc/${pid}`) || readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
});
