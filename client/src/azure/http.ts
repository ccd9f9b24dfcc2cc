import { getClient, type HttpNodeStreamResponse, type HttpResponse } from '@azure-rest/core-client';
import { createPipelineFromOptions, isRestError, type HttpClient } from '@azure/core-rest-pipeline';
import { Cancelled } from '../tools/command.ts';
import { AzureError } from './azure-error.ts';
import type { Json } from './json.ts';
import { readError } from './read-error.ts';
import { redact, withoutQuery } from './redact.ts';

/** One request as it goes over the wire. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** Whole, and used exactly as it is: signed ones break when they are put together anew. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
}

export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON where it is JSON, else text; `undefined` for none. */
  readonly body: Json | undefined;
}

export interface OpenAnswer extends HttpAnswer {
  /** The body as it comes, when the answer is a good one. */
  readonly stream: AsyncIterable<Uint8Array | string> | undefined;
}

export interface Http {
  /** One exchange, whatever the status. Throws an `AzureError` of status 0 when there is no answer, and `Cancelled`. */
  readonly exchange: (request: HttpRequest, signal?: AbortSignal) => Promise<HttpAnswer>;
  readonly open: (request: HttpRequest, signal?: AbortSignal) => Promise<OpenAnswer>;
}

/** Resource Manager itself gives up after a minute; nothing that it is asked takes longer to be answered. */
const usualPatience = 120_000;
const mostOfAnError = 64_000;

/**
 * Azure's own HTTP pipeline, with proxies, user agent and logging that hides tokens, but without its retries, which would repeat a swap
 * whose answer got lost, and without redirects: before a token goes anywhere we look where that is.
 */
export function createHttp(httpClient?: HttpClient, patience = usualPatience): Http {
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: 'shipshape' },
  });
  const client = getClient('https://azure.invalid', { pipeline, ...(httpClient && { httpClient }) });

  const prepare = (request: HttpRequest, abortSignal: AbortSignal) => {
    const resource = client.pathUnchecked(request.url);
    const options = {
      headers: { ...request.headers },
      abortSignal,
      ...(request.body !== undefined && { body: request.body, contentType: 'application/json' }),
    };
    switch (request.method) {
      case 'GET':
        return resource.get(options);
      case 'HEAD':
        return resource.head(options);
      case 'PUT':
        return resource.put(options);
      case 'PATCH':
        return resource.patch(options);
      case 'POST':
        return resource.post(options);
      case 'DELETE':
        return resource.delete(options);
    }
  };

  const within = async <T>(
    request: HttpRequest,
    signal: AbortSignal | undefined,
    ask: (signal: AbortSignal) => PromiseLike<T>,
  ): Promise<T> => {
    throwIfCancelled(signal);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), patience);
    try {
      return await ask(signal ? AbortSignal.any([signal, late.signal]) : late.signal);
    } catch (error) {
      throwIfCancelled(signal);
      throw late.signal.aborted
        ? noAnswer(request, 'ETIMEDOUT', 'There was no answer in time')
        : failureOf(request, error);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    exchange: (request, signal) =>
      within(request, signal, async (any) => {
        try {
          return answerOf(await prepare(request, any));
        } catch (error) {
          // What says that it is JSON and is not comes from something in between; the library's error would quote all of it.
          if (!isRestError(error) || error.response === undefined) throw error;
          return { status: error.response.status, headers: error.response.headers.toJSON(), body: '<html>' };
        }
      }),
    open: async (request, signal) => {
      const answer = await within(request, signal, (any) => prepare(request, any).asNodeStream());
      const status = Number(answer.status);
      if (status < 300)
        return { status, headers: answer.headers, body: undefined, stream: streamOf(request, answer, signal) };
      return {
        status,
        headers: answer.headers,
        body: await readStart(streamOf(request, answer, signal)),
        stream: undefined,
      };
    },
  };
}

/** What a refusal means, for those who called. */
export function errorOf(request: HttpRequest, answer: HttpAnswer): AzureError {
  return readError(answer.body, { status: answer.status, headers: answer.headers, request: nameOf(request) });
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Cancelled();
}

export function nameOf(request: Pick<HttpRequest, 'method' | 'url'>): string {
  return `${request.method} ${withoutQuery(request.url)}`;
}

function answerOf(response: HttpResponse): HttpAnswer {
  const body = response.body as Json | undefined;
  return { status: Number(response.status), headers: response.headers, body: body === '' ? undefined : body };
}

/** Ends the connection when the reader stops early, as every stream of Node does in `for await`. */
async function* streamOf(
  request: HttpRequest,
  answer: HttpNodeStreamResponse,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array | string> {
  const body: unknown = answer.body;
  if (body === undefined || body === null) return;
  try {
    yield* body as AsyncIterable<Uint8Array | string>;
  } catch (error) {
    throwIfCancelled(signal);
    throw failureOf(request, error);
  }
}

async function readStart(stream: AsyncIterable<Uint8Array | string>): Promise<Json | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of stream) {
    text += typeof part === 'string' ? part : decoder.decode(part, { stream: true });
    if (text.length > mostOfAnError) break;
  }
  try {
    return text === '' ? undefined : (JSON.parse(text) as Json);
  } catch {
    return text;
  }
}

/** What the library throws holds the request and with it the token: none of it may get out. */
function failureOf(request: HttpRequest, error: unknown): AzureError {
  if (error instanceof AzureError) return error;
  const said = error instanceof Error ? (error as Error & { code?: unknown; cause?: unknown }) : undefined;
  const cause = said?.cause instanceof Error ? (said.cause as Error & { code?: unknown }) : undefined;
  const code = [said?.code, cause?.code].find((one) => typeof one === 'string' && one !== 'REQUEST_SEND_ERROR');
  return noAnswer(request, typeof code === 'string' ? code : 'NoAnswer', said?.message ?? 'There was no answer');
}

function noAnswer(request: HttpRequest, code: string, message: string): AzureError {
  return new AzureError({ status: 0, code, message: redact(message), request: nameOf(request) });
}
