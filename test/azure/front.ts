import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Json } from '../../client/src/azure/json.ts';
import type { Authority } from './authority.ts';
import type { HostHandler, Hosts, Reply } from './core.ts';
import type { OwnFaults } from './faults.ts';
import type { Fault } from './local-azure.ts';
import { readable, type Traffic } from './traffic.ts';

/** The servers' outer side: listening, faults, watchers and the record of it all. */
export interface Front {
  readonly hosts: Hosts;
  readonly listen: (handle: HostHandler) => Promise<string>;
  /** One call with its whole body; what `handle` gives is sent unless a fault is in the way. */
  readonly answer: (request: IncomingMessage, response: ServerResponse, handle: Handle) => Promise<void>;
  readonly close: () => Promise<void>;
}
export type Handle = (asked: Asked) => Promise<Reply>;

export interface Asked {
  readonly method: string;
  /** `https://management.azure.com`, as the client asked. */
  readonly origin: string;
  /** The path with its query, letter by letter. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  readonly failure: Extract<Fault, { readonly kind: 'operation' }> | undefined;
}

export function createFront(options: {
  readonly authority: Authority;
  readonly faults: OwnFaults;
  readonly traffic: Traffic;
  readonly broken: (problem: string) => void;
}): Front {
  const { faults, traffic, broken } = options;
  const servers = new Map<string, { readonly close: () => Promise<void> }>();

  const listen = async (handle: HostHandler): Promise<string> => {
    const server = createServer(options.authority.server, (request, response) => {
      void (async () => {
        try {
          await handle(request, response);
        } catch (error) {
          broken(`${request.method ?? ''} ${request.url ?? ''}: ${error instanceof Error ? (error.stack ?? '') : ''}`);
          if (!response.headersSent) response.writeHead(500);
          response.end();
        }
      })();
    });
    // On a busy machine a client would ask on a connection that we are just about to close.
    server.keepAliveTimeout = 0;
    // Clients that do not trust us, and those that were killed, are no news.
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const close = async (): Promise<void> => {
      servers.delete(host);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    };
    servers.set(host, { close });
    return host;
  };

  /** Whether the call shall be handled; if not, it has been seen to. */
  const arrive = async (call: string, response: ServerResponse): Promise<Fault | 'handle' | 'ended'> => {
    const fault = faults.next(call);
    try {
      await faults.tell('before', call);
    } catch {
      response.destroy();
      return 'ended';
    }
    if (fault?.kind === 'drop') response.destroy();
    // A call that hangs ends with its client's patience, or with the server.
    if (fault?.kind === 'drop' || fault?.kind === 'hang') return 'ended';
    return fault ?? 'handle';
  };

  const answer: Front['answer'] = async (request, response, handle) => {
    const asked = await read(request);
    const call = `${asked.method} ${asked.target.split('?')[0] ?? ''}`;
    const requestBody = readable(asked.text, asked.headers['content-type']);
    const exchange = {
      method: asked.method,
      url: asked.origin + asked.target,
      ...(requestBody === undefined ? {} : { requestBody }),
    };
    const fault = await arrive(call, response);
    if (fault === 'ended') {
      traffic.record(exchange);
      return;
    }
    const failure = fault !== 'handle' && fault.kind === 'operation' ? fault : undefined;
    const reply = fault !== 'handle' && fault.kind === 'answer' ? fault : await handle({ ...asked, failure });
    const lost = await faults.tell('after', call).then(
      () => fault !== 'handle' && fault.kind === 'lost',
      () => true,
    );
    traffic.record({
      ...exchange,
      status: reply.status,
      ...(reply.body === undefined ? {} : { responseBody: reply.body }),
    });
    if (lost) response.destroy();
    else send(response, asked.method, reply);
  };

  const open: Hosts['open'] = async (label, handle) => {
    const name = label.replace(/[^\w.:-]+/g, '-');
    return await listen(async (request, response) => {
      const path = request.url ?? '/';
      const call = `${request.method ?? ''} ${name}${path.split('?')[0] ?? ''}`;
      const fault = await arrive(call, response);
      const exchange = { method: request.method ?? '', url: `https://${name}${path}` };
      if (fault === 'ended') {
        traffic.record(exchange);
        return;
      }
      if (fault !== 'handle' && fault.kind === 'answer') {
        traffic.record({ ...exchange, status: fault.status });
        send(response, exchange.method, fault);
        return;
      }
      const answered = watchAnswer(response, fault !== 'handle' && fault.kind === 'lost');
      // `finish` comes before the client has it all; `close` only, if the client or we went away.
      let isRecorded = false;
      const record = (): void => {
        if (isRecorded) return;
        isRecorded = true;
        const body = answered();
        traffic.record({
          ...exchange,
          status: response.statusCode,
          ...(body === undefined ? {} : { responseBody: body }),
        });
        void faults.tell('after', call).catch(() => undefined);
      };
      response.once('finish', record);
      response.once('close', record);
      await handle(request, response);
    });
  };

  return {
    hosts: {
      open,
      close: async (host) => {
        await servers.get(host)?.close();
      },
    },
    listen,
    answer,
    close: async () => {
      await Promise.all([...servers.values()].map(async (server) => await server.close()));
    },
  };
}

async function read(request: IncomingMessage): Promise<Omit<Asked, 'failure'>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  return {
    method: request.method ?? 'GET',
    origin: `https://${request.headers.host ?? ''}`,
    target: request.url ?? '/',
    headers,
    text: Buffer.concat(chunks).toString('utf8'),
  };
}

function send(response: ServerResponse, method: string, reply: Reply): void {
  // Logs are answered as they are.
  const isText = typeof reply.body === 'string' && reply.headers?.['content-type'] !== undefined;
  const text = reply.body === undefined ? '' : isText ? reply.body : JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    ...(text === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...(reply.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
    ...reply.headers,
  });
  response.end(method === 'HEAD' ? undefined : text);
}

/** Looks at what a host answers while it goes through; if it shall be lost, nothing goes. Gives the JSON, when it is over. */
function watchAnswer(response: ServerResponse, lost: boolean): () => Json | undefined {
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown): void => {
    if (chunks.length > 50) return;
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const write = response.write.bind(response) as (...parts: readonly unknown[]) => boolean;
  const end = response.end.bind(response) as (...parts: readonly unknown[]) => ServerResponse;
  response.write = ((...parts: readonly unknown[]) => {
    keep(parts[0]);
    return lost || write(...parts);
  }) as typeof response.write;
  response.end = ((...parts: readonly unknown[]) => {
    keep(parts[0]);
    if (lost) return response.destroy();
    return end(...parts);
  }) as typeof response.end;
  return () => {
    const text = Buffer.concat(chunks).toString('utf8');
    return /^\s*[[{]/.test(text) ? readable(text, undefined) : undefined;
  };
}
