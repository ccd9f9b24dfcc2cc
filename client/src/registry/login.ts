import { chmod, copyFile, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Keeper } from '../process/run.ts';
import { NotStarted, type Command, type Run } from '../tools/command.ts';
import { logInTo, type LoginFolder } from '../tools/container/login.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import { UserError } from '../ui/user-error.ts';
import { whyRefused } from './push-failure.ts';
import type { Registry } from './registry.ts';
import { tokenUser } from './token.ts';

export interface LoginOptions {
  readonly run: Run;
  readonly keeper: Keeper | undefined;
  readonly tool: ContainerTool;
  readonly registry: Registry;
  /** A refresh token. */
  readonly token: string;
  readonly signal: AbortSignal;
  /** The user's own folder of settings; found as Docker finds it unless told. */
  readonly ownFolder?: string;
}

/** Does something while the tool may push, with a login that nobody else sees and that is gone afterwards, even if we are killed. */
export async function withRegistryLogin<Result>(
  options: LoginOptions,
  work: (place: LoginFolder) => Promise<Result>,
): Promise<Result> {
  const { run, keeper, tool, registry, token, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), 'shipshape-login-'));
  const release = keeper?.runIfWeDie(removal(folder));
  try {
    const place = await prepare(folder, registry.loginServer, options.ownFolder ?? ownConfigFolder());
    const command = logInTo(tool, place, { server: registry.loginServer, user: tokenUser, password: token });
    const ended = await run(command, { signal, keep: 20_000 }).catch((error: unknown) => {
      throw error instanceof NotStarted ? new UserError(error.message) : error;
    });
    if (ended.code !== 0) throw whyRefused(`${ended.stderr}\n${ended.stdout}`, registry, 'login');
    return await work(place);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    release?.();
  }
}

export function ownConfigFolder(): string {
  const set = process.env['DOCKER_CONFIG'];
  return set === undefined || set === '' ? join(homedir(), '.docker') : resolve(set);
}

/**
 * `DOCKER_CONFIG` moves more than logins: which daemon is talked to (contexts, certificates for it), plugins, signing keys, headers.
 * So all of it is there as it was, but for the logins.
 */
async function prepare(folder: string, server: string, own: string): Promise<LoginFolder> {
  const authFile = join(folder, 'auth.json');
  await chmod(folder, 0o700);
  for (const entry of await readdir(own, { withFileTypes: true }).catch(() => [])) {
    if (/^config\.json|^auth\.json$/i.test(entry.name)) continue;
    await lend(join(own, entry.name), join(folder, entry.name), entry.isDirectory()).catch(() => undefined);
  }
  const text = await readFile(join(own, 'config.json'), 'utf8').catch(() => '{}');
  const config = join(folder, 'config.json');
  await writeFile(config, privateConfig(text, server), { mode: 0o600 });
  return { folder, authFile };
}

/** The user's settings without the logins, and without the programs that keep them. */
export function privateConfig(text: string, server: string): string {
  let own: Record<string, unknown> = {};
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) own = { ...read };
  } catch {
    // Docker itself would stop here; to push we can do without it.
  }
  delete own['credsStore'];
  delete own['credHelpers'];
  // Were there no entry at all, Docker would take the machine's keychain, which is the user's own.
  return JSON.stringify({ ...own, auths: { [server]: {} } });
}

/** A link to it; where those need rights we do not have, a folder's junction or a copy. */
async function lend(from: string, to: string, isFolder: boolean): Promise<void> {
  if (process.platform !== 'win32') await symlink(from, to);
  else if (isFolder) await symlink(from, to, 'junction');
  else await copyFile(from, to);
}

/** By ourselves, as there is no one program for it on all systems. Links are removed, not what they lead to. */
function removal(folder: string): Command {
  const script = 'require("fs").rmSync(process.argv[1],{recursive:true,force:true})';
  // In the editor our program is Electron, which is Node only when asked to be.
  return { program: process.execPath, args: ['-e', script, folder], environment: { ELECTRON_RUN_AS_NODE: '1' } };
}

/** A private folder for a file of ours; gone with `remove`, and if we are killed. */
export async function privateFolder(
  keeper: Keeper | undefined,
  name: string,
): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `shipshape-${name}-`));
  const release = keeper?.runIfWeDie(removal(path));
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      release?.();
    },
  };
}
