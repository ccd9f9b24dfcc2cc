import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { baseImage, docker, dockerTest, ensureBaseImage } from '../docker/docker.ts';
import { runApp, type App, type AppOptions } from './containers.ts';
import type { Core } from './core.ts';

const hello = ['sh', '-c', 'echo "$GREETING" > /tmp/index.html; echo ready; exec httpd -f -p 8080 -h /tmp'];

dockerTest('runs an image with its environment, publishes its port, and takes it away at the end', async (context) => {
  const { core, end } = coreOf(context);
  const app = await run(core, { command: hello, environment: { GREETING: 'Hi there' }, ports: [8080] });

  assert.equal(await app.answers(8080, 10_000), true);
  const { host, port } = await app.reach(8080);
  assert.equal(host, '127.0.0.1');
  assert.equal(await textAt(`http://${host}:${port}/`), 'Hi there\n');
  assert.equal(await app.logs(), 'ready\n');

  await app.stop(0);
  assert.equal((await app.state()).running, false);
  await app.start();
  assert.equal(await app.answers(8080, 10_000), true);
  assert.equal(await textAt(`http://127.0.0.1:${(await app.reach(8080)).port}/`), 'Hi there\n');

  await end();
  assert.equal(docker('ps', '--all', '--quiet', '--no-trunc', '--filter', `id=${app.id}`), '');
});

dockerTest('answers on an address of its own, with a second container beside it', async (context) => {
  const { core } = coreOf(context);
  const app = await run(core, {
    command: hello,
    environment: { GREETING: 'main' },
    ports: [8080, 9090],
    ip: '127.77.1.2',
  });
  await run(core, { command: ['httpd', '-f', '-p', '9090', '-h', '/etc'], beside: app });

  assert.equal(await app.answers(8080, 10_000), true);
  assert.equal(await app.answers(9090, 10_000), true);
  assert.equal(await textAt('http://127.77.1.2:8080/'), 'main\n');
  assert.match(await textAt('http://127.77.1.2:9090/passwd'), /^root:/);
});

dockerTest('tells the exit code, and a program that is not there', async (context) => {
  const { core } = coreOf(context);
  const app = await run(core, { command: ['sh', '-c', 'echo one; echo two >&2; exit 3'], ports: [8080] });
  assert.equal(await app.ended(), 3);
  assert.equal(await app.answers(8080, 10_000), false);
  const { running, exitCode, finishedAt } = await app.state();
  assert.deepEqual({ running, exitCode }, { running: false, exitCode: 3 });
  assert.notEqual(finishedAt, undefined);
  assert.deepEqual((await app.logs()).trim().split('\n').sort(), ['one', 'two']);
  assert.match(await app.logs({ tail: 1, timestamps: true }), /^\d{4}-\d\d-\d\dT[\d:.]+Z (one|two)\n$/);

  const missing = await run(core, { command: ['/no/such'] });
  const state = await missing.state();
  assert.equal(state.running, false);
  assert.equal(state.exitCode, 127);
  assert.match(state.error ?? '', /no such file/);
});

dockerTest('knows a port where nothing listens', async (context) => {
  const { core } = coreOf(context);
  const app = await run(core, { command: ['sleep', '60'], ports: [8080] });
  assert.equal(await app.answers(8080, 300), false);
});

dockerTest('follows the log until it is told to stop', async (context) => {
  const { core } = coreOf(context);
  const app = await run(core, { command: ['sh', '-c', 'echo first; exec sleep 600'] });
  const stop = new AbortController();
  for await (const piece of app.follow({}, stop.signal)) {
    assert.equal(piece, 'first\n');
    stop.abort();
  }
  assert.deepEqual(await app.run(['cat', '/etc/group']), { code: 0, output: 'root:x:0:\napp:x:1000:\n' });
});

dockerTest('keeps to the memory it is given', async (context) => {
  const { core } = coreOf(context);
  const app = await run(core, { command: ['sleep', '60'], memoryInGiB: 0.5, cpus: 0.25 });
  const limits = docker('inspect', '--format', '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}', app.id);
  assert.equal(limits, `${2 ** 29} 250000000`);
});

dockerTest('removes what a killed run has left behind', async (context) => {
  ensureBaseImage();
  const here = new URL('./containers.ts', import.meta.url).href;
  const script = `
    const { runApp } = await import(${JSON.stringify(here)});
    const core = { atEnd: () => undefined };
    const app = await runApp({ core, label: 'left', image: ${JSON.stringify(baseImage)}, command: ['sleep', '600'] });
    console.log(app.id);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const id = String((await once(child.stdout, 'data'))[0]).trim();
  context.after(() => void docker('rm', '--force', id));
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.notEqual(docker('ps', '--quiet', '--filter', `id=${id}`), '');

  await run(coreOf(context).core, { command: ['true'] });
  assert.equal(docker('ps', '--all', '--quiet', '--filter', `id=${id}`), '');
});

function coreOf(context: TestContext): { readonly core: Core; readonly end: () => Promise<void> } {
  ensureBaseImage();
  const ends: (() => Promise<void> | void)[] = [];
  const end = async (): Promise<void> => {
    for (const one of ends.splice(0)) await one();
  };
  context.after(end);
  return { core: { atEnd: (one) => ends.push(one) } as Partial<Core> as Core, end };
}

function run(core: Core, options: Partial<AppOptions>): Promise<App> {
  return runApp({ core, label: 'test', image: baseImage, ...options });
}

async function textAt(url: string): Promise<string> {
  return (await fetch(url)).text();
}
