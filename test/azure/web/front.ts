import { request as ask, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { textAt } from '../../../client/src/azure/json.ts';
import type { Core, HostHandler } from '../core.ts';
import type { Reach } from '../containers.ts';
import type { Worker } from './worker.ts';

/** What stands before a site: gives requests to what runs, and pages of its own where nothing does. */
export function createFront(core: Core, app: string, worker: Worker): HostHandler {
  return async (request, response) => {
    const site = core.store.get(app);
    if (site === undefined) {
      page(response, 404, '404 Web Site not found.');
      return;
    }
    if (textAt(site, 'properties.state') === 'Stopped') {
      page(response, 403, 'Error 403 - This web app is stopped.');
      return;
    }
    const target = await worker.target();
    if (target === undefined) {
      if (worker.condition() === 'empty') page(response, 200, 'Your web app is running and waiting for your content');
      else page(response, 503, ':( Application Error');
      return;
    }
    await forward(request, response, target).finally(target.release);
  };
}

function forward(request: IncomingMessage, response: ServerResponse, { host, port }: Reach): Promise<void> {
  const headers: OutgoingHttpHeaders = {
    ...request.headers,
    'x-forwarded-proto': 'https',
    'x-forwarded-for': request.socket.remoteAddress ?? '',
    connection: 'close',
  };
  return new Promise((resolve) => {
    response.once('close', resolve);
    const { method, url: path } = request;
    const asked = ask({ host, port, method, path, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers));
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    asked.once('error', () => {
      if (response.headersSent) response.destroy();
      else page(response, 502, 'Web server received an invalid response while acting as a gateway or proxy server.');
    });
    response.once('close', () => asked.destroy());
    request.pipe(asked);
  });
}

function withoutHops(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...rest } = headers;
  return rest;
}

function page(response: ServerResponse, status: number, title: string): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end(`<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`);
}
