import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { readFileSync, readlinkSync } from 'node:fs';
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { prove } from '../../../client/src/prove/execute.ts';
import { usualProveSettings } from '../../../client/src/prove/promise.ts';
import { Cancelled, type Command } from '../../../client/src/tools/command.ts';
import { UserError } from '../../../client/src/ui/user-error.ts';
import { docker, dockerTest, ensureBaseImage, imageOf } from '../../docker/docker.ts';
import { appOf, containersLeft, goodServer, meansOf, untilStopped } from '../../docker/prove-images.ts';

after(() => assert.deepEqual(containersLeft(), []));

const script = new URL('../../docker/proving.ts', import.meta.url).pathname;

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`Not in time: ${what}`);
    await delay(100);
  }
}

/** The programs that this process has started, and that are still running, for any container of a proof. */
function programsLeft(): readonly string[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
  const commands = children.flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
    } catch {
      return [];
    }
  });
  return commands.filter((command) => command.includes('shipshape-prove-'));
}

dockerTest('cancelling leaves nothing behind, whenever it comes', async (context) => {
  const image = imageOf(context, { Dockerfile: goodServer });
  const means = await meansOf();
  // In the middle of making the first container, of starting it, and of looking at it.
  for (const moment of ['create', 'start', 'logs', 'exec', 'stop']) {
    const cancel = new AbortController();
    const commands: Command[] = [];
    const run: typeof means.run = (command, options) => {
      commands.push(command);
      if (command.args[0] === moment) setImmediate(() => cancel.abort());
      return means.run(command, options);
    };
    await assert.rejects(prove(image, usualProveSettings, { ...means, run, signal: cancel.signal }), Cancelled);
    assert.deepEqual(containersLeft(), [], `cancelled in '${moment}'`);
    assert.deepEqual(programsLeft(), [], `cancelled in '${moment}'`);
    assert.ok(commands.some(({ args }) => args[0] === moment));
  }
});

dockerTest('killing the process that proves removes its containers', async (context) => {
  const image = imageOf(context, { Dockerfile: appOf(untilStopped, ['EXPOSE 1']) });
  const child = spawn(process.execPath, [script, image], { stdio: 'inherit' });
  const ended = once(child, 'close');
  const pid = child.pid ?? 0;
  await until('two containers', () => containersLeft(pid).length === 2);
  child.kill('SIGKILL');
  await ended;
  await until('no container left', () => containersLeft(pid).length === 0);
});

dockerTest('what a dead proof left is removed by the next, what a living one uses is not', async (context) => {
  ensureBaseImage();
  const image = imageOf(context, { Dockerfile: appOf(['exit 0']) });
  const world = readlinkSync('/proc/self/ns/pid');
  const gone = spawn('true');
  await once(gone, 'close');
  const owners = {
    dead: `${gone.pid ?? 0}@${hostname()}${world}`,
    elsewhere: `${gone.pid ?? 0}@another-machine${world}`,
    alive: `1@${hostname()}${world}`,
    hostile: "1,a=b'$(id)",
  };
  const made = Object.entries(owners).map(([name, owner]) => {
    const id = docker('create', '--label', 'io.shipshape.prove=old', '--label', `io.shipshape.owner=${owner}`, image);
    context.after(() => docker('rm', '--force', id));
    return [name, id] as const;
  });
  await prove(image, { ...usualProveSettings, checks: ['non-root'] }, await meansOf());
  const all = docker('ps', '--all', '--quiet', '--no-trunc').split('\n');
  assert.deepEqual(
    made.filter(([, id]) => all.includes(id)).map(([name]) => name),
    ['elsewhere', 'alive', 'hostile'],
  );
});

dockerTest('two proofs at once do not disturb each other', async (context) => {
  const image = imageOf(context, { Dockerfile: goodServer });
  const settings = { ...usualProveSettings, checks: ['non-root', 'port', 'stops'] } as const;
  const means = await meansOf();
  const proofs = await Promise.all([prove(image, settings, means), prove(image, settings, means)]);
  for (const { verdicts } of proofs) {
    assert.deepEqual(
      verdicts.map(({ outcome }) => outcome),
      ['kept', 'kept', 'kept'],
    );
  }
});

dockerTest('hostile names and values arrive in the app, and nowhere else', async (context) => {
  const values = {
    'a b': '$(touch /tmp/shipshape-pwned)',
    '-x': '--privileged',
    '$(id)': '`id`',
    PATH: '/bin:/no such folder',
    DOCKER_HOST: 'tcp://127.0.0.1:1',
    LINES: 'one\ntwo',
    EMPTY: '',
  };
  const app = appOf(
    ["tr '\\0' '\\n' < /proc/self/environ", 'exit 3'],
    ['LABEL "io.shipshape.prove"="x"', 'ENV LINES=none'],
  );
  const image = imageOf(context, { Dockerfile: app });
  const means = await meansOf();
  const commands: Command[] = [];
  const run: typeof means.run = (command, options) => {
    commands.push(command);
    return means.run(command, options);
  };
  const settings = { ...usualProveSettings, checks: ['non-root'] as const, environment: values };
  const { verdicts } = await prove(image, settings, { ...means, run });
  const details = verdicts[0]?.details ?? [];
  for (const [name, value] of Object.entries(values)) {
    for (const line of `${name}=${value}`.split('\n'))
      assert.ok(details.includes(line), `${line}\n${details.join('\n')}`);
  }
  const words = commands.flatMap(({ args }) => args);
  assert.ok(!words.some((word) => word.includes('shipshape-pwned')), 'a value is in the list of processes');
  const impossible = { ...settings, environment: { 'A=B': 'c' } };
  await assert.rejects(
    prove(image, impossible, means),
    (error) => error instanceof UserError && /'A=B'/.test(error.message),
  );
});

dockerTest('a limit that the engine does not know is told with its reason', async (context) => {
  const image = imageOf(context, { Dockerfile: appOf(untilStopped) });
  const settings = { ...usualProveSettings, checks: ['limits'], memory: 'lots', waitCommand: ['true'] } as const;
  await assert.rejects(prove(image, settings, await meansOf()), (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, /^No container could be made of '.*': .*invalid.*lots/);
    return true;
  });
  assert.deepEqual(containersLeft(), []);
});

dockerTest('a missing image and a dead daemon are told, and what to do', async () => {
  const means = await meansOf();
  const saying = (wanted: RegExp) => (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, wanted);
    return true;
  };
  await assert.rejects(
    prove('shipshape-test/no-such-image:1', usualProveSettings, means),
    saying(/^There is no image 'shipshape-test\/no-such-image:1' here: build or pull it first$/),
  );
  await assert.rejects(prove('--privileged', usualProveSettings, means), saying(/'--privileged'/));
  const run: typeof means.run = (command, options) =>
    means.run({ ...command, environment: { DOCKER_HOST: 'unix:///no/such/socket' } }, options);
  await assert.rejects(
    prove('shipshape-test/any:1', usualProveSettings, { ...means, run }),
    saying(/^Docker is installed but not running: start it, then try again/),
  );
});
