import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { isObject, textAt, type Json } from '../../../client/src/azure/json.ts';
import { bodyOf, sendJson, unauthorized } from './answers.ts';
import type { Signer } from './signer.ts';

/** A real `docker-registry` behind a socket of its own. It starts with the first request. */
export interface Distribution {
  /** Where it keeps its repositories and blobs. */
  readonly root: string;
  readonly forward: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export function createDistribution(folder: string, service: string, signer: Signer): Distribution {
  mkdirSync(folder, { recursive: true });
  const socket = join(folder, 'socket');
  const storage = join(folder, 'storage');
  let started: Promise<ChildProcess> | undefined;
  let stopped = false;
  return {
    root: join(storage, 'docker/registry/v2'),
    forward: async (request, response) => {
      started ??= start(folder, configuration({ socket, storage, service, signer }));
      await started;
      try {
        await pass(socket, request, response);
      } catch (error) {
        // A registry that is deleted while it is asked.
        if (!stopped) throw error;
        response.destroy();
      }
    },
    stop: async () => {
      stopped = true;
      const child = await started?.catch(() => undefined);
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin?.end();
      await ended;
    },
  };
}

function configuration(parts: {
  readonly socket: string;
  readonly storage: string;
  readonly service: string;
  readonly signer: Signer;
}): Json {
  const { socket, storage, service, signer } = parts;
  return {
    version: '0.1',
    log: { level: 'info' },
    storage: {
      filesystem: { rootdirectory: storage },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { net: 'unix', addr: socket, relativeurls: true, secret: 'only for uploads of this process' },
    auth: {
      token: {
        realm: `https://${service}/oauth2/token`,
        service,
        issuer: signer.issuer,
        rootcertbundle: signer.bundle,
      },
    },
  };
}

/** Its end is the end of its input, so that it ends also when this process is killed. */
const script = [
  'exec 3<&0',
  'docker-registry serve "$0" &',
  'registry=$!',
  '(cat <&3 >/dev/null; kill $registry 2>/dev/null) &',
  'wait $registry',
].join('\n');

/** Resolves when it listens. JSON is YAML. */
async function start(folder: string, configuration: Json): Promise<ChildProcess> {
  const file = join(folder, 'config.yml');
  writeFileSync(file, JSON.stringify(configuration));
  const child = spawn('sh', ['-c', script, file], {
    // Its settings can come from the environment as well.
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      if (said.length > 20_000) return;
      said += text;
      if (said.includes('listening on')) resolve(child);
    });
    child.once('error', reject);
    child.once('exit', () => {
      child.stdin.end();
      reject(new Error(`docker-registry does not run (Debian: apt-get install docker-registry): ${said}`));
    });
  });
}

async function pass(socketPath: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url: path, headers } = request;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const passed = ask({ socketPath, method, path, headers, agent: false }, resolve);
    passed.on('error', reject);
    request.pipe(passed);
  });
  const status = answer.statusCode ?? 502;
  if (status >= 400 && method !== 'HEAD' && /json/.test(answer.headers['content-type'] ?? '')) {
    // With an error of its own in the challenge, Docker would not read the service's words in the body.
    const challenge = answer.headers['www-authenticate']?.replace(/,error="[^"]*"/, '');
    const errors = inAzureWords(JSON.parse((await bodyOf(answer)).toString('utf8')) as Json);
    sendJson(response, status, errors, challenge === undefined ? {} : { 'www-authenticate': challenge });
    return;
  }
  response.writeHead(status, answer.headers);
  answer.pipe(response);
  await new Promise<void>((resolve) => response.once('close', resolve));
}

/** The service says some things in words of its own, which users meet in the output of `docker`. */
function inAzureWords(body: Json): Json {
  const errors = isObject(body) ? body['errors'] : undefined;
  if (!Array.isArray(errors)) return body;
  return {
    errors: (errors as readonly Json[]).map((error) => {
      if (!isObject(error)) return error;
      if (error['code'] === 'UNAUTHORIZED') return { ...error, message: unauthorized, detail: null };
      const tag = textAt(error, 'detail.Tag');
      if (error['code'] !== 'MANIFEST_UNKNOWN' || tag === undefined) return error;
      return { ...error, message: `manifest tagged by "${tag}" is not found` };
    }),
  };
}
