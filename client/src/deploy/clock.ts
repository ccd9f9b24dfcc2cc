import { setTimeout as after } from 'node:timers/promises';
import type { Clock } from './world.ts';

export const clock: Clock = {
  now: () => Date.now(),
  wait: async (milliseconds, signal) => {
    await after(milliseconds, undefined, { signal }).catch(() => undefined);
  },
};

/** Whatever the app answers is enough; it is asked without anything that says who asks. */
export async function askApp(url: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const answer = await fetch(url, { signal, redirect: 'manual', headers: { accept: '*/*' } });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return undefined;
  }
}
