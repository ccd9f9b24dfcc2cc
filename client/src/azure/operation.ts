import { createHttpPoller, type OperationResponse, type OperationState } from '@azure/core-lro';
import type { SendOptions } from './arm.ts';
import { AzureError } from './azure-error.ts';
import { errorOf, nameOf, throwIfCancelled, type HttpAnswer, type HttpRequest } from './http.ts';
import { at, isObject, textAt, type Json, type JsonObject } from './json.ts';
import { readError, retryAfterOf } from './read-error.ts';
import type { Wait } from './send-safely.ts';
import { redact, withoutQuery } from './redact.ts';

/** Where Azure does not say how long to wait. */
const firstInterval = 500;
const longestInterval = 5_000;
/** Between two words of comfort for whoever waits. */
const comfort = 15_000;
/** Azure's replicas may not know yet what another has just made. */
const replication = [1_000, 2_000, 4_000, 8_000];

/**
 * Waits until what the request has begun is over, in whichever of Azure's styles: a status to ask for, a place to look at, or the state
 * of the resource. core-lro knows their precedence and words; the addresses it sees are without their signatures, as it logs them, and
 * we keep the real ones. How an operation failed we read ourselves: the library makes one text of it.
 */
export async function finish(
  request: HttpRequest,
  first: HttpAnswer,
  ask: (url: string) => Promise<HttpAnswer>,
  wait: Wait,
  { signal, onWait }: SendOptions = {},
): Promise<Json | undefined> {
  const addresses = new Map<string, string>();
  let last = first;
  let lastAddress = resourceOf(request);
  let polls = 0;

  const hide = (address: string | undefined): string | undefined => {
    if (address === undefined) return undefined;
    const url = URL.canParse(address) ? address : new URL(address, request.url).href;
    addresses.set(withoutQuery(url), url);
    return withoutQuery(url);
  };
  /** Asks once, and a little longer where the resource itself is not everywhere yet. */
  const look = async (url: string): Promise<HttpAnswer> => {
    for (let tries = 0; ; tries++) {
      throwIfCancelled(signal);
      const answer = await ask(url);
      if (answer.status < 400) return answer;
      if (answer.status === 404 && request.method === 'DELETE') return { ...answer, status: 204, body: undefined };
      const more = replication[tries];
      if (answer.status !== 404 || url !== request.url || more === undefined) {
        throw errorOf({ method: 'GET', url }, answer);
      }
      await wait(more, signal);
    }
  };
  const poller = createHttpPoller<HttpAnswer, OperationState<HttpAnswer>>(
    {
      sendInitialRequest: () => Promise.resolve(tell(first, methodFor(request, first), resourceOf(request), hide)),
      sendPollRequest: async (address) => {
        const url = addresses.get(address) ?? request.url;
        last = await look(url);
        lastAddress = address;
        return tell(last, 'GET', resourceOf(request), hide);
      },
    },
    { resolveOnUnsuccessful: true },
  );

  await poller.submitted();
  let total = 0;
  let quiet = 0;
  let said = '';
  const isDone = (): boolean => poller.isDone;
  while (!isDone()) {
    const pause = retryAfterOf(last.headers, Date.now()) ?? Math.min(firstInterval * 2 ** polls, longestInterval);
    await wait(pause, signal);
    throwIfCancelled(signal);
    await poller.poll();
    polls++;
    total += pause;
    quiet += pause;
    const state = stateOf(last);
    const isNews = state !== said && !usualStates.test(state);
    if (!isDone() && (isNews || quiet >= comfort)) {
      quiet = 0;
      onWait?.(isNews ? `Azure says '${state}'` : `Azure is at work, ${Math.round(total / 1000)} s so far`);
    }
    said = state;
  }

  const makesResource = request.method === 'PUT' || request.method === 'PATCH';
  if (poller.operationState?.status !== 'succeeded') {
    const reason = reasonIn(last.body);
    const state = stateOf(last);
    // Where the operation gives no reason, the resource may.
    const resource =
      reason === undefined && makesResource && polls > 0 ? await look(request.url).catch(() => undefined) : undefined;
    throw failedOperation(request, last, state, reason ?? reasonIn(resource?.body));
  }
  if (makesResource && polls > 0 && !isObject(last.body)) return (await look(request.url)).body;
  // The status of an operation is not what was asked for.
  const isStatus = polls > 0 && isStatusAddress(first) && lastAddress !== resourceOf(request) && !makesResource;
  return isStatus && textAt(last.body, 'status') !== undefined ? undefined : last.body;
}

function resourceOf(request: HttpRequest): string {
  return withoutQuery(request.url);
}

function isStatusAddress({ headers }: HttpAnswer): boolean {
  return 'azure-asyncoperation' in headers || 'operation-location' in headers;
}

/**
 * core-lro looks at a resource's state after a PUT alone. Azure answers PATCH in that way, too: with 202 and no address, or with a
 * resource that is still being changed.
 */
function methodFor(request: HttpRequest, first: HttpAnswer): string {
  if (request.method !== 'PATCH') return request.method;
  const hasAddress = addressHeaders.some((name) => name in first.headers);
  return !hasAddress && (first.status === 202 || textAt(first.body, 'properties.provisioningState') !== undefined)
    ? 'PUT'
    : 'PATCH';
}

const addressHeaders = ['azure-asyncoperation', 'operation-location', 'location'];

function tell(
  answer: HttpAnswer,
  method: string,
  url: string,
  hide: (address: string | undefined) => string | undefined,
): OperationResponse<HttpAnswer> {
  const headers: Record<string, string> = {};
  for (const name of addressHeaders) {
    const hidden = hide(answer.headers[name]);
    if (hidden !== undefined) headers[name] = hidden;
  }
  return {
    flatResponse: answer,
    rawResponse: {
      statusCode: answer.status,
      headers,
      body: statusOf(answer.body),
      request: { method, url },
    },
  };
}

/** No more than what core-lro decides upon. */
function statusOf(body: Json | undefined): Record<string, unknown> {
  const status = textAt(body, 'status');
  const provisioningState = textAt(body, 'properties.provisioningState');
  return {
    ...(status !== undefined && { status }),
    ...(provisioningState !== undefined && { properties: { provisioningState } }),
  };
}

const usualStates = /^(|inprogress|running|pending|accepted|creating|updating|waiting|succeeded|deleting)$/i;

function stateOf(answer: HttpAnswer): string {
  return textAt(answer.body, 'status') ?? textAt(answer.body, 'properties.provisioningState') ?? '';
}

type Reason = { readonly error: JsonObject } | { readonly message: string };

function reasonIn(body: Json | undefined): Reason | undefined {
  const error = at(body, 'error') ?? at(body, 'properties.error');
  if (isObject(error)) return { error };
  // Container Apps and others tell in a text of the resource.
  for (const name of ['provisioningError', 'errorMessage', 'statusMessage', 'deploymentErrors']) {
    const message = textAt(body, `properties.${name}`);
    if (message !== undefined && message !== '') return { message };
  }
  return undefined;
}

function failedOperation(
  request: HttpRequest,
  last: HttpAnswer,
  state: string,
  reason: Reason | undefined,
): AzureError {
  if (reason !== undefined && 'error' in reason) {
    return readError({ error: reason.error }, { status: last.status, request: nameOf(request), headers: last.headers });
  }
  const isCanceled = /^cancell?ed$/i.test(state);
  return new AzureError({
    status: last.status,
    code: isCanceled ? 'OperationCanceled' : 'OperationFailed',
    message: redact(reason?.message ?? (isCanceled ? 'It was cancelled in Azure' : 'Azure gives no reason')),
    request: nameOf(request),
    requestId: last.headers['x-ms-request-id'],
  });
}
