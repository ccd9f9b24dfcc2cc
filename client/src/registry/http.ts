import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  defaultRetryPolicy,
  isRestError,
  proxyPolicy,
  type HttpClient,
  type HttpMethods,
  type PipelineResponse,
  type RequestBodyType,
} from '@azure/core-rest-pipeline';
import { AzureError } from '../azure/azure-error.ts';
import { Cancelled } from '../tools/command.ts';

/** Calls to hosts of Azure that are not Resource Manager: registries and the storage behind them. No redirect is followed. */
export interface Http {
  /** Any answer is one; throws an `AzureError` when there is none, and `Cancelled`. */
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>;
}

export interface HttpRequest {
  readonly method: HttpMethods;
  /** `https` only. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A function where it is a stream, as it may have to be sent again. */
  readonly body?: RequestBodyType;
  readonly signal?: AbortSignal | undefined;
  readonly onSent?: ((bytes: number) => void) | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** As long as Azure's own front ends wait, in milliseconds. */
const patience = 230_000;

export function createHttp(httpClient: HttpClient = createDefaultHttpClient()): Http {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(defaultRetryPolicy({ maxRetries: 3 }), { phase: 'Retry' });
  return {
    async send({ method, url, headers = {}, body, signal, onSent }) {
      const about = `${method} ${withoutQuery(url)}`;
      try {
        const answer = await pipeline.sendRequest(
          httpClient,
          createPipelineRequest({
            method,
            url,
            headers: createHttpHeaders({ ...headers }),
            // A context takes as long as it takes.
            timeout: body === undefined || typeof body === 'string' ? patience : 0,
            streamResponseStatusCodes: new Set([Number.POSITIVE_INFINITY]),
            ...(body !== undefined && { body }),
            ...(signal && { abortSignal: signal }),
            ...(onSent && { onUploadProgress: ({ loadedBytes }) => onSent(loadedBytes) }),
          }),
        );
        const bytes = await bytesOf(answer);
        return {
          status: answer.status,
          header: (name) => answer.headers.get(name),
          bytes,
          text: new TextDecoder().decode(bytes),
        };
      } catch (error) {
        if (signal?.aborted === true) throw new Cancelled();
        throw noAnswer(error, about);
      }
    },
  };
}

/** What has gone wrong before there was an answer; the code is the system's own, such as `ECONNREFUSED`. */
function noAnswer(error: unknown, request: string): AzureError {
  const code = isRestError(error) ? error.code : (error as NodeJS.ErrnoException | undefined)?.code;
  const isLate = error instanceof Error && error.name === 'AbortError';
  const message = isLate ? 'There was no answer in time' : error instanceof Error ? error.message : String(error);
  return new AzureError({ status: 0, code: code ?? 'NoAnswer', message, request });
}

async function bytesOf({ readableStreamBody, bodyAsText }: PipelineResponse): Promise<Uint8Array> {
  if (!readableStreamBody) return Buffer.from(bodyAsText ?? '');
  const chunks: Uint8Array[] = [];
  for await (const chunk of readableStreamBody) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}

/** Signed addresses carry their signature there. */
function withoutQuery(url: string): string {
  return url.replace(/\?.*$/s, '');
}
