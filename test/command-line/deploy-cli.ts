import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { textAt } from '../../client/src/azure/json.ts';
import { startLocalAzure, type LocalAzure } from '../azure/local-azure.ts';
import { baseImage } from '../docker/docker.ts';
import type { Ran } from './run-cli.ts';

export interface Bench {
  readonly azure: LocalAzure;
  /** Variables that sign an application with a secret in. */
  readonly signedIn: Readonly<Record<string, string>>;
  readonly clientSecret: string;
  /** Runs `shipshape deploy` against the local Azure. */
  readonly deploy: (folder: string, args: readonly string[], options?: DeployOptions) => Promise<Ran>;
}

export interface DeployOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Called with all of stderr so far, each time that there is more. */
  readonly onStderr?: (text: string, child: ChildProcess) => void;
}

const cli = join(import.meta.dirname, '../../server/src/cli.ts');

/** A local Azure for a file of tests, and the command line as pipelines run it: as a process that knows it by its certificate. */
export async function startBench(): Promise<Bench> {
  const azure = await startLocalAzure({ times: { replication: 200, operation: 50, retryAfter: 0, siteRetry: 2_000 } });
  after(async () => {
    removeImages(azure);
    await azure.close();
  });
  const application = azure.entra.application();
  const signedIn = {
    AZURE_TENANT_ID: azure.tenant,
    AZURE_CLIENT_ID: application.clientId,
    AZURE_CLIENT_SECRET: application.secret,
  };
  return {
    azure,
    signedIn,
    clientSecret: application.secret,
    deploy: (folder, args, { environment = {}, onStderr } = {}) => {
      const child = spawn(process.execPath, [cli, 'deploy', ...args, '--endpoint', azure.url], {
        cwd: folder,
        env: {
          ...namesOf(/^(PATH|HOME|TMPDIR|DOCKER_.*)$/),
          NODE_NO_WARNINGS: '1',
          NODE_EXTRA_CA_CERTS: azure.certificate,
          ...signedIn,
          ...environment,
        },
        timeout: 600_000,
      });
      return endOf(child, onStderr);
    },
  };
}

/** A folder with an app, and these targets in its `.shipshape/deploy.yaml`; gone after the file's tests. */
export function appFolder(targets: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-deploy-'));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const all = {
    Dockerfile: serving,
    'www/index.html': `Shop ${folder}\n`,
    '.dockerignore': '.shipshape\n',
    '.shipshape/deploy.yaml': targets,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** An app that answers on 8080. */
export const serving = `FROM ${baseImage}
COPY www /www
EXPOSE 8080
USER app
CMD ["busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]
`;

/** What all targets of a file have in common, and the last lines of each. */
export function targetsOf(azure: LocalAzure, targets: Readonly<Record<string, readonly string[]>>): string {
  const texts = Object.entries(targets).map(([name, lines]) =>
    [
      `  ${name}:`,
      `    subscription: ${azure.subscription}`,
      '    location: westeurope',
      ...lines.map((line) => `    ${line}`),
      '',
    ].join('\n'),
  );
  return `targets:\n${texts.join('')}`;
}

/** Those that were built here for its registries. */
function removeImages(azure: LocalAzure): void {
  for (const id of azure.ids().filter((one) => /\/registries\/[^/]+$/i.test(one))) {
    const server = textAt(azure.resource(id) ?? {}, 'properties.loginServer') ?? '';
    const list = ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', '--filter', `reference=${server}/*`];
    const { status, stdout } = spawnSync('docker', list, { encoding: 'utf8' });
    const images = status === 0 ? stdout.split('\n').filter((line) => line !== '') : [];
    if (images.length > 0) spawnSync('docker', ['image', 'rm', '--force', ...images], { stdio: 'ignore' });
  }
}

function namesOf(names: RegExp): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => names.test(name)));
}

function endOf(child: ChildProcess, onStderr: DeployOptions['onStderr']): Promise<Ran> {
  const text = { stdout: '', stderr: '' };
  child.stdin?.end();
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk;
    onStderr?.(text.stderr, child);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...text }));
  });
}
