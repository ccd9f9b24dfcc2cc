import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { setTimeout as after } from 'node:timers/promises';
import type { Arm, ArmRequest, SendOptions, StreamOptions } from './arm.ts';
import { scopeOf, sendAs, tokenOf } from './authorize.ts';
import { AzureError } from './azure-error.ts';
import type { Cloud } from './cloud.ts';
import { createHttp, errorOf, nameOf, throwIfCancelled, type HttpAnswer, type HttpRequest } from './http.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { finish } from './operation.ts';
import { isPage } from './read-error.ts';
import { sendSafely, type Wait } from './send-safely.ts';
import { openStream } from './stream.ts';
import { withCache } from './token-cache.ts';

export interface Connection {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  /** Where the user is a guest, the tenant of the subscription. */
  readonly tenant?: string | undefined;
  readonly httpClient?: HttpClient | undefined;
  /** For tests, which have no time: how to wait, and milliseconds until an answer comes too late. */
  readonly wait?: Wait;
  readonly patience?: number;
}

/** More pages than this are a server that goes round in circles. */
const mostPages = 1000;

export function connect({ cloud, credential: given, tenant, httpClient, wait = sleep, patience }: Connection): Arm {
  const http = createHttp(httpClient, patience);
  const credential = withCache(given);

  /** With a token, and so to the resource manager only, whatever an answer of it says. */
  const exchange = async (request: HttpRequest, options: SendOptions = {}): Promise<HttpAnswer> => {
    if (!isOfManager(request.url, cloud)) throw foreignAddress(request);
    const { signal } = options;
    const answer = await sendSafely(
      request,
      () =>
        sendAs(credential, cloud, { tenant, signal }, (headers) =>
          http.exchange({ ...request, headers: { ...headers, ...request.headers } }, signal),
        ),
      wait,
      options,
    );
    // Networks that want one to sign in answer everything, and answer it well.
    if (answer.status < 300 && isPage(answer.body)) throw errorOf(request, answer);
    return answer;
  };
  const urlOf = (path: string, apiVersion: string, query: Readonly<Record<string, string>> = {}): string =>
    `${cloud.resourceManager}${checked(path)}?${queryOf({ ...query, 'api-version': apiVersion })}`;

  const find: Arm['find'] = async (path, apiVersion, options) => {
    const request = { method: 'GET', url: urlOf(path, apiVersion) } as const;
    const answer = await exchange(request, options);
    if (isMissing(request, answer)) return undefined;
    return objectOf(request, answer);
  };

  return {
    cloud,
    find,
    get: async (path, apiVersion, options) => {
      const request = { method: 'GET', url: urlOf(path, apiVersion) } as const;
      return objectOf(request, await exchange(request, options));
    },
    list: async (path, apiVersion, query, options) => {
      const found: JsonObject[] = [];
      const seen = new Set<string>();
      let url: string | undefined = urlOf(path, apiVersion, query);
      while (url !== undefined) {
        const request: HttpRequest = { method: 'GET', url };
        const answer = await exchange(request, options);
        // Of a provider that is not registered there is nothing.
        if (found.length === 0 && isUnregistered(request, answer)) return [];
        const page = objectOf(request, answer);
        for (const one of Array.isArray(page['value']) ? (page['value'] as readonly Json[]) : []) {
          if (isObject(one)) found.push(one);
        }
        seen.add(url);
        const next: Json | undefined = page['nextLink'];
        url = typeof next === 'string' && next !== '' ? next : undefined;
        if (url !== undefined && (seen.has(url) || seen.size >= mostPages)) {
          throw unexpected(request, answer, 'The pages of the list go round in circles');
        }
      }
      return found;
    },
    send: async (request, options) => {
      const sent = toHttp(request, urlOf(request.path, request.apiVersion, request.query));
      const first = await exchange(sent, options);
      if (first.status >= 300) throw errorOf(sent, first);
      if (request.method === 'GET' || request.method === 'HEAD') return first.body;
      return finish(sent, first, (url) => exchange({ method: 'GET', url }, options), wait, options);
    },
    token: async (audience, options) => {
      throwIfCancelled(options?.signal);
      return tokenOf(credential, scopeOf(audience ?? cloud.audience), { tenant, signal: options?.signal });
    },
    ask: async (url, audience, body, options) => {
      const request: HttpRequest = { method: 'POST', url, body };
      const { signal } = options ?? {};
      const answer = await sendSafely(
        request,
        () =>
          sendAs(credential, cloud, { tenant, audience, signal }, (headers) =>
            http.exchange({ ...request, headers }, signal),
          ),
        wait,
        options,
      );
      if (answer.status >= 300) throw errorOf(request, answer);
      return answer.body;
    },
    stream: (url: string, options: StreamOptions) =>
      openStream({ http, credential, cloud, tenant, wait }, url, options),
  };
}

const sleep: Wait = async (milliseconds, signal) => {
  await after(milliseconds, undefined, signal && { signal }).catch(() => undefined);
};

function toHttp({ method, body }: ArmRequest, url: string): HttpRequest {
  return { method, url, ...(body !== undefined && { body }) };
}

/** A name that somebody chose must not lead elsewhere. */
function checked(path: string): string {
  if (!path.startsWith('/') || /[?#\\]|\/\/|\/\.{1,2}(\/|$)|%2f|%5c/i.test(path)) {
    throw new Error(`Not a path of Azure: '${path}'`);
  }
  return path.split('/').map(encodeSegment).join('/');
}

/** Only what would not survive: Azure compares ids as they are, with parentheses and all. */
function encodeSegment(segment: string): string {
  return segment.replace(/[^\w!$&'()*+,;=:@.~%-]/g, encodeURIComponent);
}

function queryOf(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${name.startsWith('$') ? name : encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

/** The resource manager itself, or one of its regions. */
function isOfManager(url: string, cloud: Cloud): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username } = new URL(url);
  const own = new URL(cloud.resourceManager).host;
  return protocol === 'https:' && username === '' && (host === own || host.endsWith(`.${own}`));
}

function foreignAddress(request: HttpRequest): AzureError {
  return new AzureError({
    status: 0,
    code: 'ForeignAddress',
    message: 'Azure named an address that is not its own; no sign-in was sent there',
    request: nameOf(request),
  });
}

/** Nothing is there, in contrast to: the question itself was wrong. */
function isMissing(request: HttpRequest, answer: HttpAnswer): boolean {
  if (isUnregistered(request, answer)) return true;
  if (answer.status !== 404) return false;
  if (answer.body === undefined) return true;
  const { code } = errorOf(request, answer);
  return /^(\w*NotFound|Http404)$/.test(code) && !/^(Subscription|Tenant)NotFound$/.test(code) && isObject(answer.body);
}

function isUnregistered(request: HttpRequest, answer: HttpAnswer): boolean {
  return answer.status === 409 && errorOf(request, answer).code === 'MissingSubscriptionRegistration';
}

function objectOf(request: HttpRequest, answer: HttpAnswer): JsonObject {
  if (answer.status >= 300) throw errorOf(request, answer);
  if (isObject(answer.body)) return answer.body;
  throw unexpected(request, answer, 'The answer is not what Azure gives');
}

function unexpected(request: HttpRequest, answer: HttpAnswer, message: string): AzureError {
  return new AzureError({ status: answer.status, code: 'UnexpectedAnswer', message, request: nameOf(request) });
}
