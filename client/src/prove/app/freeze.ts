import { sendSignal } from '../../tools/container/container.ts';
import type { Process } from '../../tools/container/processes.ts';
import { until, type App } from './app.ts';

/** Stops everything that runs in the container, but not the container: as an app is that hangs. Why not, when it cannot. */
export async function freeze(app: App): Promise<string | undefined> {
  const { run, tool } = app.context;
  // From outside the first process can be stopped whatever it is; the others only from inside.
  await run(sendSignal(tool, app.name, 'STOP'));
  for (const command of [undefined, ...waysToStop]) {
    if (command) await app.exec(command, { user: '0', timeout: 5 });
    const isFrozen = await until(app.context, command ? 0.3 : 0, async () => ((await isStill(app)) ? true : undefined));
    if (isFrozen === true) return undefined;
  }
  return 'its processes can be frozen only by a shell, which the image does not have';
}

// To `-1` means to all but the first process and the one that sends it.
const waysToStop: readonly (readonly string[])[] = [
  ['/bin/sh', '-c', 'kill -STOP -1'],
  ['kill', '-STOP', '-1'],
  ['/busybox/sh', '-c', 'kill -STOP -1'],
  ['node', '-e', `process.kill(-1,'SIGSTOP')`],
  ['python3', '-c', 'import os,signal; os.kill(-1, signal.SIGSTOP)'],
];

async function isStill(app: App): Promise<boolean> {
  const processes = await app.processes();
  return processes.length > 0 && processes.every(({ state }: Process) => /^[TZ]/.test(state));
}
