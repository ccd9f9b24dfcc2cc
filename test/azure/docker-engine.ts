import { execFile } from 'node:child_process';
import { request, type IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import type { Json, JsonObject } from '../../client/src/azure/json.ts';

/** The Docker Engine's own interface: what is given to containers passes through memory alone, never through the arguments of a program. */
export interface Engine {
  /** Gives the answer's JSON; throws `EngineError` for what Docker refuses. */
  readonly call: (method: string, path: string, body?: JsonObject) => Promise<Json>;
  /** The answer as it comes; the caller ends it. */
  readonly open: (method: string, path: string, body?: JsonObject) => Promise<IncomingMessage>;
}

export class EngineError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Where `docker` itself would go: DOCKER_HOST, else its current context. */
export async function findEngine(): Promise<Engine> {
  return engineAt(process.env['DOCKER_HOST'] ?? (await hostOfContext()));
}

// The oldest version that Docker 29 still speaks, and that Docker 25 speaks already.
const version = '/v1.44';

function engineAt(host: string): Engine {
  const where = addressOf(host);
  const open: Engine['open'] = (method, path, body) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = text === undefined ? {} : { 'content-type': 'application/json' };
      // Each call its own connection: one kept open would keep the process alive.
      const asked = request({ ...where, method, path: version + path, headers, agent: false }, (answer) => {
        const status = answer.statusCode ?? 0;
        if (status < 400) resolve(answer);
        else void textOf(answer).then((said) => reject(new EngineError(status, messageIn(said))), reject);
      });
      asked.once('error', reject);
      asked.end(text);
    });
  return {
    open,
    call: async (method, path, body) => {
      const text = await textOf(await open(method, path, body));
      return text.startsWith('{') || text.startsWith('[') ? (JSON.parse(text) as Json) : text;
    },
  };
}

function addressOf(host: string): { readonly socketPath: string } | { readonly host: string; readonly port: string } {
  const url = new URL(host);
  if (url.protocol === 'unix:') return { socketPath: url.pathname };
  if (url.protocol === 'npipe:') return { socketPath: url.pathname.replaceAll('/', '\\') };
  return { host: url.hostname, port: url.port };
}

async function hostOfContext(): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', [
    'context',
    'inspect',
    '--format',
    '{{.Endpoints.docker.Host}}',
  ]);
  return stdout.trim();
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { message: string }).message;
  } catch {
    return text.trim();
  }
}
