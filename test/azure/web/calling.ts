import { createHttpHeaders, createPipelineRequest, type HttpMethods } from '@azure/core-rest-pipeline';
import type { TestContext } from 'node:test';
import { isObject, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import { field } from './ids.ts';
import { startLocalAzure, type LocalAzure, type StartOptions } from '../local-azure.ts';

/** A local Azure with a resource group, and what calls Resource Manager as its owner. */
export interface Calling {
  readonly azure: LocalAzure;
  readonly token: string;
  /** `/subscriptions/…/resourceGroups/shop-rg`. */
  readonly group: string;
  /** Paths from the group's `providers` on, or whole ones; with the api-version of App Service. */
  readonly call: (method: HttpMethods, path: string, body?: Json, version?: string) => Promise<Answer>;
  /** As `call`, and fails where Azure refuses. */
  readonly done: (method: HttpMethods, path: string, body?: Json, version?: string) => Promise<JsonObject>;
  /** Any host of the local Azure's. */
  readonly get: (url: string, headers?: Readonly<Record<string, string>>, signal?: AbortSignal) => Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: JsonObject;
  readonly header: (name: string) => string | undefined;
}

export async function startCalling(context: TestContext, options: StartOptions = {}): Promise<Calling> {
  const azure = await startLocalAzure(options);
  context.after(async () => {
    const file = process.env['SHIPSHAPE_TRAFFIC'];
    if (file !== undefined) azure.writeTraffic(`${file}.${process.pid}.${Date.now()}.jsonl`);
    await azure.close();
  });
  const { token } = azure.user();
  const group = `/subscriptions/${azure.subscription}/resourceGroups/shop-rg`;

  const send = async (
    method: HttpMethods,
    url: string,
    headers: Readonly<Record<string, string>>,
    body?: Json,
    signal?: AbortSignal,
  ): Promise<Answer> => {
    const request = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders({ ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { abortSignal: signal }),
      timeout: 120_000,
    });
    const answer = await azure.httpClient.sendRequest(request);
    const text = answer.bodyAsText ?? '';
    const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {};
    return {
      status: answer.status,
      text,
      body: isObject(parsed) ? parsed : {},
      header: (name) => answer.headers.get(name),
    };
  };

  const call: Calling['call'] = (method, path, body, version = '2023-12-01') => {
    const whole = path.startsWith('/') ? path : `${group}/providers/${path}`;
    const url = `https://management.azure.com${whole}${whole.includes('?') ? '&' : '?'}api-version=${version}`;
    return send(method, url, { authorization: `Bearer ${token}` }, body);
  };
  const done: Calling['done'] = async (method, path, body, version) => {
    const answer = await call(method, path, body, version);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  await done('PUT', group, { location: 'westeurope' }, '2024-03-01');
  return {
    azure,
    token,
    group,
    call,
    done,
    get: (url, headers = {}, signal) => send('GET', url, headers, undefined, signal),
  };
}

export const plan = 'Microsoft.Web/serverfarms/shop-plan';

export async function makePlan({ done }: Calling, size = 'S1'): Promise<string> {
  const body = { location: 'westeurope', sku: { name: size }, properties: { reserved: true } };
  return field(await done('PUT', plan, body), 'id');
}
