// A process of its own that waits for ours to die. Each line of its input is something to do then, or that it has been done;
// when the input ends, however that came about, it does what is left.
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { createRun, endGroup, isAlive } from './run.ts';
import type { Will, WillMessage } from './keep.ts';

const patience = 20_000;
const wills = new Map<number, Will>();
// What is meant for the editor's group is not meant for us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface(process.stdin)) {
  const { id, will } = JSON.parse(line) as WillMessage;
  if (will === undefined) wills.delete(id);
  else wills.set(id, will);
}

const run = createRun();
const groups = [...wills.values()].flatMap((will) => (will.kind === 'end' ? [will.pid] : []));
for (const pid of groups) endGroup(pid, 'SIGTERM');
await Promise.allSettled([
  ...[...wills.values()].flatMap((will) =>
    will.kind === 'run' ? [run(will.command, { signal: AbortSignal.timeout(patience) })] : [],
  ),
  haveEnded(Date.now() + patience),
]);
for (const pid of groups) endGroup(pid, 'SIGKILL');

/** Containers that are started by hand take ten seconds to stop when they do not listen. */
async function haveEnded(deadline: number): Promise<void> {
  while (groups.some(isAlive) && Date.now() < deadline) await setTimeout(50);
}
