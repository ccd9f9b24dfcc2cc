import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { TestContext } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import { baseImage, imageOf } from '../../docker/docker.ts';
import type { StartOptions, UserOptions } from '../local-azure.ts';
import { docker as client, privateConfig } from '../registry/docker-client.ts';
import { ask, type Answer, type Ask } from '../registry/ask.ts';
import { startLab as startRegistryLab, type Lab as RegistryLab } from '../registry/lab.ts';

/** A local Azure with a registry, an identity that may pull from it, and what tests of running things do with them. */
export interface Lab extends RegistryLab {
  readonly server: string;
  /** Pushes an image that answers on 8080 with `<text> <GREETING>`; gives its name. */
  readonly push: (name: string, text: string) => Promise<string>;
  /** A user-assigned identity with AcrPull that everybody knows; or without a role. */
  readonly identity: (name: string, mayPull?: boolean) => Promise<string>;
  readonly call: (method: string, path: string, body?: JsonObject, version?: string) => Promise<Answer>;
  /** Calls, and follows the operation to its end: the status it ended with, and why. */
  readonly run: (method: string, path: string, body?: JsonObject, version?: string) => Promise<Ended>;
}

export interface Ended {
  readonly first: Answer;
  readonly status: string;
  readonly error: Json | undefined;
  readonly last: Answer;
}

/** `withRegistry` false where nothing is pulled: then no program is started. */
export async function startLab(
  context: TestContext,
  options: StartOptions & UserOptions = {},
  withRegistry = true,
): Promise<Lab> {
  const lab = await startRegistryLab(context, {
    ...options,
    times: { replication: 0, operation: 20, ...options.times },
  });
  const server = withRegistry ? await lab.registry('shopreg') : '';
  const call: Lab['call'] = (method, path, body, version = '2024-03-01') =>
    lab.arm(method, path, body, { version: versions.find(([type]) => path.includes(type))?.[1] ?? version });
  const again = async (url: string): Promise<Answer> => {
    await after(20);
    return ask(url, { headers: { authorization: `Bearer ${lab.token}` } });
  };

  return {
    ...lab,
    server,
    call,
    push: async (name, text) => {
      const image = imageOf(context, { Dockerfile: dockerfile(text) });
      const full = `${server}/${name}`;
      spawnSync('docker', ['tag', image, full]);
      const login = { username: '00000000-0000-0000-0000-000000000000', password: await lab.login(server, lab.token) };
      const config = privateConfig(tmpdir(), { [server]: login });
      const { code, output } = await client(['push', '--quiet', full], { config: config.folder });
      config.remove();
      spawnSync('docker', ['image', 'rm', '--force', full], { stdio: 'ignore' });
      if (code !== 0) throw new Error(output);
      return full;
    },
    identity: async (name, mayPull = true) => {
      const id = `${lab.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
      const made = await call('PUT', id, { location: 'westeurope' });
      const principal = textAt(made.body, 'properties.principalId') ?? '';
      if (mayPull) lab.azure.grant(principal, 'AcrPull', lab.id('shopreg'));
      return id;
    },
    run: async (method, path, body, version) => {
      const first = await call(method, path, body, version);
      const status = first.headers['azure-asyncoperation'];
      let location = first.headers['location'];
      let last = first;
      if (first.status >= 400) return { first, status: String(first.status), error: errorOf(first), last };
      if (typeof status === 'string') {
        do last = await again(status);
        while (!/^(Succeeded|Failed|Canceled)$/.test(textAt(last.body, 'status') ?? ''));
        return { first, status: textAt(last.body, 'status') ?? '', error: errorOf(last), last };
      }
      while (typeof location === 'string') {
        last = await again(location);
        location = last.status === 202 ? last.headers['location'] : undefined;
      }
      return { first, status: last.status < 300 ? 'Succeeded' : 'Failed', error: errorOf(last), last };
    },
  };
}

/** Over https to a host of the local Azure. */
export function askHost(url: string, options?: Ask): Promise<Answer> {
  return ask(url, options);
}

function errorOf(answer: Answer): Json | undefined {
  const body = answer.body;
  return typeof body === 'object' && body !== null && 'error' in body ? body['error'] : undefined;
}

/** Asks until it is so, for so long at most. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not come to be');
    await after(50);
  }
}

const versions = [
  ['/userAssignedIdentities/', '2023-01-31'],
  ['/workspaces/', '2023-09-01'],
] as const;

function dockerfile(text: string): string {
  return [
    `FROM ${baseImage}`,
    `ENV TEXT="${text}"`,
    'EXPOSE 8080',
    // A page, one that says it is well, and a line in the log.
    `CMD ["sh", "-c", "mkdir -p /tmp/www; echo \\"$TEXT $GREETING\\" > /tmp/www/index.html; echo ok > /tmp/www/healthz; echo started $TEXT; exec httpd -f -p 8080 -h /tmp/www"]`,
    '',
  ].join('\n');
}
