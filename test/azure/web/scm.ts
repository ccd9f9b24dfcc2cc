import type { IncomingMessage, ServerResponse } from 'node:http';
import { at } from '../../../client/src/azure/json.ts';
import type { Core, HostHandler } from '../core.ts';
import { resourceManagerAudiences } from '../sign-in.ts';
import { read } from './config.ts';
import { productionOf } from './ids.ts';
import type { LogBook } from './log-book.ts';

/** A site's second address, for those who look after it: its logs. */
export function createScm(core: Core, app: string, book: LogBook, password: string): HostHandler {
  return (request, response) => {
    if (core.store.get(app) === undefined) {
      plain(response, 404, '404 Web Site not found.');
      return;
    }
    const refusal = refusalOf(core, app, request, password);
    if (refusal !== undefined) {
      if (refusal === 401) response.setHeader('WWW-Authenticate', 'Basic realm="site"');
      plain(response, refusal, refusal === 401 ? '401 Unauthorized' : '403 Forbidden');
      return;
    }
    const path = new URL(request.url ?? '/', core.url).pathname.replace(/\/$/, '').toLowerCase();
    if (request.method !== 'GET') {
      plain(response, 405, 'Method not allowed');
      return;
    }
    if (path === '/api/logstream' || path === '/logstream') {
      stream(core, app, response, book);
      return;
    }
    const text = book.text(logsApp(core, app));
    if (path === '/api/logs/docker') {
      files(request, response, text);
      return;
    }
    if (path.startsWith('/api/vfs/logfiles/')) {
      plain(response, 200, text);
      return;
    }
    plain(response, 404, 'No route found');
  };
}

/** Whether the app's own lines are written to the file system: `az webapp log config --docker-container-logging filesystem`. */
export function logsApp(core: Core, app: string): boolean {
  return at(read(core, app, 'config/logs'), 'httpLogs.fileSystem.enabled') === true;
}

/** An access token for Resource Manager of somebody who may publish; a password only where the policy has it. */
function refusalOf(core: Core, app: string, request: IncomingMessage, password: string): 401 | 403 | undefined {
  const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').split(' ');
  if (/^bearer$/i.test(scheme)) {
    const caller = core.directory.readToken(credentials, resourceManagerAudiences(core));
    if (caller === undefined) return 401;
    return core.directory.may(caller, 'Microsoft.Web/sites/publish/Action', productionOf(app)) ? undefined : 403;
  }
  if (!/^basic$/i.test(scheme) || read(core, app, 'basicPublishingCredentialsPolicies/scm')['allow'] !== true)
    return 401;
  const given = Buffer.from(credentials, 'base64').toString('utf8');
  return given.slice(given.indexOf(':') + 1) === password ? undefined : 401;
}

/** First what there is, then what comes; without anything new for `times.streamIdle`, the front end hangs up. */
function stream(core: Core, app: string, response: ServerResponse, book: LogBook): void {
  const idle = core.times.streamIdle ?? usualIdle;
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.write(`${new Date().toISOString()}  Welcome, you are now connected to log-streaming service.\n`);
  response.write(book.text(logsApp(core, app)));
  const end = (): void => {
    quit();
    response.end();
  };
  let timer = setTimeout(end, idle);
  const quit = book.listen((line, ofApp) => {
    if (ofApp && !logsApp(core, app)) return;
    clearTimeout(timer);
    timer = setTimeout(end, idle);
    response.write(`${line}\n`);
  });
  response.once('close', () => {
    clearTimeout(timer);
    quit();
  });
}
// Seen by users of log streams: about 230 seconds.
const usualIdle = 230_000;

function files(request: IncomingMessage, response: ServerResponse, text: string): void {
  const path = `${new Date().toISOString().slice(0, 10).replaceAll('-', '_')}_docker.log`;
  const href = `https://${request.headers.host ?? ''}/api/vfs/LogFiles/${path}`;
  const list = [
    {
      machineName: 'local',
      lastUpdated: new Date().toISOString(),
      size: Buffer.byteLength(text),
      href,
      path: `/home/LogFiles/${path}`,
    },
  ];
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(list));
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' });
  response.end(text);
}
