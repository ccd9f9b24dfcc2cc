import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { TokenCredential } from '@azure/core-auth';
import { createHttpHeaders, RestError, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { publicCloud, type Cloud } from '../../../client/src/azure/cloud.ts';
import { connect } from '../../../client/src/azure/connect.ts';
import type { Json } from '../../../client/src/azure/json.ts';

/** What the other side gives for one request: an answer, or a way not to answer. */
export type Scripted =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: Json;
      /** In the place of `body`: as it is, whatever the content type says. */
      readonly text?: string;
      readonly chunks?: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
    }
  | { readonly fails: string }
  | 'hangs';

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: Json | undefined;
}

/** Answers by a script, in order; a request too many, or one that goes elsewhere, is an error of the test. */
export function scripted(...script: readonly (readonly [call: string, answer: Scripted])[]) {
  const rest = [...script];
  const sent: Sent[] = [];
  const problems: string[] = [];
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      const body = typeof request.body === 'string' ? (JSON.parse(request.body) as Json) : undefined;
      const call = `${request.method} ${request.url}`;
      sent.push({
        method: request.method,
        url: request.url,
        authorization: request.headers.get('authorization'),
        body,
      });
      const [expected, answer] = rest.shift() ?? ['nothing', undefined];
      const wanted = expected.replace(' /', ' https://management.azure.com/');
      if (answer === undefined || call !== wanted) {
        // What is thrown here is taken for a connection that failed.
        problems.push(`${wanted} was to be asked, not ${call}`);
        throw new Error(problems[0]);
      }
      if (answer === 'hangs') return hang(request);
      if ('fails' in answer) throw new RestError(`connect ${answer.fails}`, { code: answer.fails, request });
      const text = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
      const isStream = request.streamResponseStatusCodes !== undefined && request.streamResponseStatusCodes.size > 0;
      return {
        request,
        status: answer.status,
        headers: createHttpHeaders({
          'content-type': answer.text === undefined ? 'application/json; charset=utf-8' : 'text/html',
          ...answer.headers,
        }),
        ...(isStream
          ? { readableStreamBody: Readable.from(answer.chunks ?? [Buffer.from(text)]) }
          : { bodyAsText: text }),
      };
    },
  };
  return {
    httpClient,
    sent,
    /** All was asked, and nothing else. */
    done: () => {
      assert.deepEqual(problems, []);
      assert.deepEqual(
        rest.map(([call]) => call),
        [],
        'not everything was asked',
      );
    },
  };
}

function hang(request: PipelineRequest): Promise<never> {
  return new Promise((_resolve, reject) => {
    request.abortSignal?.addEventListener('abort', () => {
      reject(Object.assign(new Error('The operation was aborted'), { name: 'AbortError' }));
    });
  });
}

export interface Asked {
  readonly scope: string;
  readonly tenant: string | undefined;
  readonly claims: string | undefined;
}

/** Gives `token 1`, `token 2` … and remembers what was asked for. */
export function counting(): TokenCredential & { readonly asked: readonly Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    getToken: (scopes, options) => {
      asked.push({ scope: [scopes].flat().join(' '), tenant: options?.tenantId, claims: options?.claims });
      return Promise.resolve({ token: `token-${asked.length}`, expiresOnTimestamp: Date.now() + 3_600_000 });
    },
  };
}

/** A connection for which no time passes; `waits` are the milliseconds it would have waited. */
export function connected(
  httpClient: HttpClient,
  {
    onPause,
    ...options
  }: {
    readonly cloud?: Cloud;
    readonly credential?: TokenCredential;
    readonly tenant?: string;
    readonly patience?: number;
    readonly onPause?: () => void;
  } = {},
) {
  const waits: number[] = [];
  const said: string[] = [];
  const arm = connect({
    cloud: publicCloud,
    credential: counting(),
    httpClient,
    wait: (milliseconds) => {
      waits.push(milliseconds);
      onPause?.();
      return Promise.resolve();
    },
    ...options,
  });
  return { arm, waits, said, onWait: (message: string) => said.push(message) };
}
