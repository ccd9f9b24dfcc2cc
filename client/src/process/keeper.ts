// A process of its own that waits for ours to die. Each line of its input is something to do then, or that it has been done;
// when the input ends, however that came about, it does what is left.
import { createInterface } from 'node:readline';
import { createRun, endGroup } from './run.ts';
import type { Will, WillMessage } from './keep.ts';

const wills = new Map<number, Will>();
// What is meant for the editor's group is not meant for us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface(process.stdin)) {
  const { id, will } = JSON.parse(line) as WillMessage;
  if (will === undefined) wills.delete(id);
  else wills.set(id, will);
}

const run = createRun();
for (const will of wills.values()) if (will.kind === 'end') endGroup(will.pid, 'SIGTERM');
await Promise.allSettled(
  [...wills.values()].flatMap((will) =>
    will.kind === 'run' ? [run(will.command, { signal: AbortSignal.timeout(60_000) })] : [],
  ),
);
for (const will of wills.values()) if (will.kind === 'end') endGroup(will.pid, 'SIGKILL');
