import type { SendOptions } from './arm.ts';
import { AzureError } from './azure-error.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import { retryAfterOf } from './read-error.ts';

/** Waits; ends early, without an error, when the signal is aborted. */
export type Wait = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

const mostRetries = 3;
const mostWaits = 6;
/** Longer than this we say so instead of waiting. */
const longestWait = 300_000;
const firstPause = 1_000;

/** Azure has not seen the request, so that sending it again is sending it once. */
const neverArrived = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH']);
/** What another try cannot better: certificates, and addresses that are wrong. */
const hopeless = /CERT|SIGNED|TLS|SSL|ERR_INVALID|EPROTO|ENOTFOUND|NoAnswer/;

/**
 * Sends, and sends again where that is safe: what Azure refused because it is busy, whatever it was; what got lost only if doing it
 * twice is doing it once. A swap or a build whose answer got lost is never sent again.
 */
export async function sendSafely<Answer extends HttpAnswer>(
  request: HttpRequest,
  send: () => Promise<Answer>,
  wait: Wait,
  { signal, onWait }: SendOptions = {},
): Promise<Answer> {
  let retries = 0;
  let waits = 0;
  for (;;) {
    let answer: Answer | undefined;
    let failure: AzureError | undefined;
    try {
      answer = await send();
    } catch (error) {
      if (!(error instanceof AzureError) || error.status !== 0) throw error;
      failure = error;
    }

    if (answer !== undefined) {
      const isBusy = answer.status === 429 || answer.status === 503;
      const asked = isBusy ? retryAfterOf(answer.headers, Date.now()) : undefined;
      if (asked !== undefined || answer.status === 429) {
        const pause = asked ?? firstPause * 5 * 2 ** waits;
        if (waits++ >= mostWaits || pause > longestWait) return answer;
        if (pause >= 1000) onWait?.(`Azure asks to wait ${Math.ceil(pause / 1000)} s`);
        await wait(pause, signal);
        continue;
      }
      const isBroken =
        answer.status === 408 || (answer.status >= 500 && answer.status !== 501 && answer.status !== 505);
      if (!isBroken || !isRepeatable(request) || retries >= mostRetries) return answer;
    } else if (failure !== undefined) {
      const isSafe = isRepeatable(request) || neverArrived.has(failure.code);
      if (!isSafe || hopeless.test(failure.code) || retries >= mostRetries) throw failure;
    }
    onWait?.(failure ? 'Azure does not answer; trying again' : 'Azure has trouble; trying again');
    // Some randomness, so that many who lost the connection together do not come back together.
    await wait(firstPause * 2 ** retries * (0.8 + 0.4 * Math.random()), signal);
    retries++;
  }
}

/** Whether doing it twice is doing it once. Everything that we PUT has an id that follows from what it is. */
function isRepeatable({ method, url }: HttpRequest): boolean {
  if (method === 'POST') return readingPosts.test(url);
  return method !== 'PATCH';
}

/** POSTs that only read, or that say the same the second time. */
const readingPosts =
  /\/(list\w*|sharedKeys|check\w*|getAuthtoken|register|slotsdiffs|containerlogs|query|restart|activate|deactivate)(\?|$)/i;
