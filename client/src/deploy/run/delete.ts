import type { Work } from '../step.ts';
import type { Context, Ran } from './context.ts';
import { sendWithCare } from './send.ts';
import { settled } from './state.ts';

/** What stands there after it was done is its successor, and never taken away. */
export async function runDelete({ path, apiVersion }: Extract<Work, { do: 'delete' }>, context: Context): Promise<Ran> {
  const { before, world, signal, onWait } = context;
  if (before?.state === 'done') return 'already';
  const isGone = async (): Promise<boolean> => (await settled(path, apiVersion, context)) === undefined;
  if (await isGone()) return 'already';
  await sendWithCare({ method: 'DELETE', path, apiVersion }, context, { isDone: isGone });
  for (let pause = 1_000; (await world.arm.find(path, apiVersion, { signal, onWait })) !== undefined; pause = 5_000) {
    onWait('Waiting until it is gone');
    await world.clock.wait(pause, signal);
    signal.throwIfAborted();
  }
  return 'done';
}
