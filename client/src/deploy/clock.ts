import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { setTimeout as after } from 'node:timers/promises';
import type { Clock } from './world.ts';

export const clock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  wait: async (milliseconds, signal) => {
    await after(milliseconds, undefined, { signal }).catch(() => undefined);
  },
};

/**
 * The status that an app answers with, whatever it is; it is asked without anything that says who asks. Not by `fetch`, which in the
 * editor's extension host knows only the certificates of the system, while the user may trust more.
 */
export function askApp(url: string, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve) => {
    const send = url.startsWith('https:') ? https : http;
    const request = send(url, { signal, timeout: 30_000, headers: { accept: '*/*' } }, (response) => {
      resolve(response.statusCode);
      response.destroy();
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
    request.end();
  });
}
