import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import type { Run } from '../tools/command.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import type { Trivy } from '../tools/trivy/trivy.ts';
import { UserError } from '../ui/user-error.ts';
import type { ScanSettings } from './execute.ts';
import type { ScanSubject } from './finding.ts';
import type { ConfigFile, Engine, ScanFacts } from './plan.ts';

export interface FactsParts {
  readonly run: Run;
  readonly trivy: Trivy;
  readonly tool?: ContainerTool;
  readonly signal?: AbortSignal;
}

/** What a scan depends on; nothing is changed, and nothing but the container tool is asked. */
export async function scanFacts(subject: ScanSubject, settings: ScanSettings, parts: FactsParts): Promise<ScanFacts> {
  const folder = folderOf(subject, settings);
  await assertThere(subject);
  const config = await configFileOf(folder, settings.configFile);
  const ignore = await ignoreFilesOf(folder, settings.ignoreFile);
  const engine = subject.kind === 'image' && subject.registry === undefined ? await engineOf(parts) : undefined;
  const timeout = settings.timeout ?? (config?.hasTimeout === true ? undefined : usualTimeout);
  return {
    subject,
    trivy: parts.trivy,
    isOffline: settings.offline ?? false,
    skipFolders: settings.skipFolders ?? [],
    ...(folder !== undefined && { folder }),
    ...(config && { config }),
    // Its own way to the ignore file is the user's choice; ours would override it.
    ...(!(config?.hasIgnoreFile === true && settings.ignoreFile === undefined) && ignore),
    ...(engine && { engine }),
    ...(timeout !== undefined && { timeout }),
  };
}

/** Trivy's own five minutes are too few to download the databases and read a large image. */
const usualTimeout = 15;

function folderOf(subject: ScanSubject, settings: ScanSettings): string | undefined {
  switch (subject.kind) {
    case 'workspace':
    case 'secrets':
      return subject.folder;
    case 'dockerfile':
      return settings.folder ?? dirname(subject.file);
    case 'image':
      return settings.folder;
  }
}

async function assertThere(subject: ScanSubject): Promise<void> {
  if (subject.kind === 'image') return;
  const path = subject.kind === 'dockerfile' ? subject.file : subject.folder;
  if (!(await isThere(path))) throw new UserError(`'${path}' is not there: save it first`);
}

async function configFileOf(folder: string | undefined, given: string | undefined): Promise<ConfigFile | undefined> {
  const path = await fileOf(folder, given, ['trivy.yaml']);
  if (path === undefined) return undefined;
  const keys = await keysOf(path);
  return {
    path,
    hasScanners: keys.has('scan.scanners'),
    hasTimeout: keys.has('timeout'),
    hasIgnoreFile: keys.has('ignorefile'),
  };
}

/** The keys of two levels; none when it cannot be read, which Trivy then says itself. */
async function keysOf(path: string): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  const add = (value: unknown, before: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (inner !== null) keys.add(`${before}${key.toLowerCase()}`);
      if (before === '') add(inner, `${key.toLowerCase()}.`);
    }
  };
  try {
    add(parse(await readFile(path, 'utf8')), '');
  } catch {
    // Said by Trivy.
  }
  return keys;
}

/** Trivy takes one: that which can say more. */
async function ignoreFilesOf(
  folder: string | undefined,
  given: string | undefined,
): Promise<Pick<ScanFacts, 'ignoreFile' | 'unusedIgnoreFile'>> {
  const yaml = await fileOf(folder, given, ['.trivyignore.yaml', '.trivyignore.yml']);
  const plain = given === undefined ? await fileOf(folder, undefined, ['.trivyignore']) : undefined;
  const ignoreFile = yaml ?? plain;
  return {
    ...(ignoreFile !== undefined && { ignoreFile }),
    ...(yaml !== undefined && plain !== undefined && { unusedIgnoreFile: plain }),
  };
}

async function fileOf(
  folder: string | undefined,
  given: string | undefined,
  names: readonly string[],
): Promise<string | undefined> {
  if (given !== undefined && given !== '') {
    const path = isAbsolute(given) || folder === undefined ? given : join(folder, given);
    if (await isThere(path)) return path;
    throw new UserError(`'${given}' is not there: correct the setting that names it`);
  }
  if (folder === undefined) return undefined;
  for (const name of names) if (await isThere(join(folder, name))) return join(folder, name);
  return undefined;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Where the images are. Older Trivys know nothing of Docker's contexts, so they are told the address of the one in use. */
async function engineOf({ run, tool, signal }: FactsParts): Promise<Engine> {
  if (!tool) throw new UserError('No container tool was found: install Docker or Podman to scan images');
  if (tool.kind === 'podman') return { tool, source: 'podman', isDirect: true };
  if (tool.kind === 'nerdctl') return { tool, source: 'containerd', isDirect: true };
  const args = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];
  const { code, stdout } = await run({ program: tool.program, args }, signal && { signal });
  const host = code === 0 ? stdout.trim() : '';
  // What ssh and TLS need is known to the client alone.
  const isDirect = host === '' || /^(unix|npipe):/.test(host) || host === process.env['DOCKER_HOST'];
  return { tool, source: 'docker', isDirect, ...(host !== '' && { host }) };
}
