import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isObject } from '../../../client/src/azure/json.ts';

export interface DockerOptions {
  /** A folder of `privateConfig`; the machine's own otherwise. */
  readonly config?: string;
  readonly folder?: string;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onOutput?: (text: string) => void;
}

/** Runs the real Docker client to its end. Both its outputs, in the order they came. */
export async function docker(
  args: readonly string[],
  options: DockerOptions = {},
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const config = options.config === undefined ? {} : { DOCKER_CONFIG: options.config };
    const child = spawn('docker', args, {
      cwd: options.folder,
      env: { ...process.env, ...config, ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // It may end before it has read all.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input);
    const stop = () => child.kill('SIGTERM');
    options.signal?.addEventListener('abort', stop, { once: true });
    if (options.signal?.aborted === true) stop();
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        output += text;
        options.onOutput?.(text);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      options.signal?.removeEventListener('abort', stop);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** A Docker configuration with these logins and none of the machine's own, but with its plugins. */
export function privateConfig(
  below: string,
  logins: Readonly<Record<string, { readonly username: string; readonly password: string }>>,
): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(below, 'docker-'));
  const auths = Object.fromEntries(
    Object.entries(logins).map(([host, { username, password }]) => [
      host,
      { auth: Buffer.from(`${username}:${password}`).toString('base64') },
    ]),
  );
  const config = { auths, cliPluginsExtraDirs: pluginFolders() };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

function pluginFolders(): readonly string[] {
  const own = process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker');
  const file = join(own, 'config.json');
  const config: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const more = isObject(config) ? config['cliPluginsExtraDirs'] : undefined;
  const folders = Array.isArray(more) ? more.filter((each): each is string => typeof each === 'string') : [];
  return [...folders, join(own, 'cli-plugins')].filter((folder) => existsSync(folder));
}
