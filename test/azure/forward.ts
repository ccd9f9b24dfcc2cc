import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { Reach } from './containers.ts';

/** Passes a request on to a container, as the front end of a site or an app does: http behind https, and headers that tell. */
export function forward(asked: IncomingMessage, response: ServerResponse, to: Reach): Promise<void> {
  return new Promise((resolve) => {
    const headers = {
      ...asked.headers,
      'x-forwarded-for': asked.socket.remoteAddress ?? '',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': asked.headers.host ?? '',
    };
    const passed = request({ ...to, method: asked.method, path: asked.url, headers, agent: false }, (answer) => {
      const { connection: _connection, ...kept } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, kept);
      pipeline(answer, response, () => resolve());
    });
    passed.once('error', () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { 'content-type': 'text/plain' }).end('upstream connect error or disconnect/reset');
      resolve();
    });
    response.once('close', () => passed.destroy());
    // Not a pipeline: what fails behind must not take the asker's connection with it.
    asked.pipe(passed);
  });
}
