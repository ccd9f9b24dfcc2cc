import type { TestContext } from 'node:test';
import { createHttpHeaders, createPipelineRequest, type HttpHeaders } from '@azure/core-rest-pipeline';
import { isObject, textAt, type JsonObject } from '../../client/src/azure/json.ts';
import { startLocalAzure, type LocalAzure, type StartOptions } from './local-azure.ts';

/** A local Azure that ends with the test, and fails it if one of its own answers was wrong. */
export async function localAzure(context: TestContext, options: StartOptions = {}): Promise<LocalAzure> {
  const azure = await startLocalAzure(options);
  context.after(async () => await azure.close());
  return azure;
}

export interface Answer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: JsonObject;
  /** Of an error. */
  readonly code: string | undefined;
  readonly message: string;
}

/** One call to Resource Manager, as plain as can be: no retries, no waiting. */
export async function ask(
  azure: LocalAzure,
  call: {
    readonly method?: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
    /** From `/subscriptions` on, or a whole address. */
    readonly path: string;
    readonly version?: string;
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: JsonObject | string;
    readonly token?: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<Answer> {
  const { method = 'GET', version, body, token } = call;
  const url = new URL(call.path, 'https://management.azure.com');
  if (version !== undefined) url.searchParams.set('api-version', version);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  const headers = createHttpHeaders({
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...call.headers,
  });
  const request = createPipelineRequest({
    // Addresses that were given out are used letter by letter.
    url: version === undefined && call.query === undefined ? new URL(call.path, url.origin).href : url.href,
    method,
    headers,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const answer = await azure.httpClient.sendRequest(request);
  const parsed: unknown = answer.bodyAsText ? JSON.parse(answer.bodyAsText) : {};
  const found = isObject(parsed) ? parsed : {};
  return {
    status: answer.status,
    headers: answer.headers,
    body: found,
    code: textAt(found, 'error.code') ?? textAt(found, 'Code'),
    message: textAt(found, 'error.message') ?? textAt(found, 'Message') ?? '',
  };
}
