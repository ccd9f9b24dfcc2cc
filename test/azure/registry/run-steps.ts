import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { classicProblem } from './classic-syntax.ts';
import { docker, privateConfig } from './docker-client.ts';
import { readReference } from './pull.ts';
import type { RegistryHost } from './registry-host.ts';
import type { RunLog } from './run-log.ts';
import type { TaskStep } from './task-steps.ts';

export interface Agent {
  readonly host: RegistryHost;
  /** Of whom images are pushed and pulled; `tasks` for the registry itself. */
  readonly subject: string;
  readonly log: RunLog;
  readonly signal: AbortSignal;
  /** Where files may be kept meanwhile. */
  readonly folder: string;
}

/** The message is what the run says of it. */
export class RunFailed extends Error {}

export interface PushedImage {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** Does with the real Docker what an agent of ACR Tasks does, and leaves nothing behind but what was pushed. */
export async function runSteps(
  agent: Agent,
  source: Buffer | undefined,
  steps: readonly TaskStep[],
): Promise<readonly PushedImage[]> {
  const { host, log } = agent;
  const made: string[] = [];
  const context = mkdtempSync(join(agent.folder, 'run-'));
  const password = host.tokenFor(agent.subject);
  const config = privateConfig(agent.folder, {
    [host.loginServer]: { username: '00000000-0000-0000-0000-000000000000', password },
  });
  const built = new Set<string>();
  const pushed: string[] = [];
  try {
    if (source !== undefined) await unpack(source, context, log);
    log.say('Setting up Docker configuration...');
    log.say('Successfully set up Docker configuration');
    log.say(`Logging in to registry: ${host.loginServer}`);
    log.say(`Successfully logged into ${host.loginServer}`);
    for (const step of steps) {
      log.say(`Executing step ID: ${step.id}. Timeout(sec): 28800, Working directory: '', Network: ''`);
      const begun = Date.now();
      if (step.kind === 'build') {
        for (const image of step.images) built.add(image);
        await build({ ...agent, made }, step, context, config.folder);
      } else {
        for (const image of step.images) await push(agent, step.id, image, config.folder);
        pushed.push(...step.images);
      }
      const seconds = ((Date.now() - begun) / 1000).toFixed(6);
      log.say(`Step ID: ${step.id} marked as successful (elapsed time in seconds: ${seconds})`);
    }
    const images = pushed.map((image) => digestOf(host, image));
    log.say('The following dependencies were found:');
    log.say(images.map((image) => `\n${dependencyText(image)}`).join(''));
    return images;
  } finally {
    config.remove();
    rmSync(context, { recursive: true, force: true, maxRetries: 5 });
    if (built.size > 0) await docker(['image', 'rm', '--force', ...built]);
    await removeUnnamed(made.toReversed());
  }
}

async function unpack(source: Buffer, folder: string, log: RunLog): Promise<void> {
  log.say('Downloading source code...');
  const child = spawn('tar', ['-xz', '--no-same-owner', '-f', '-', '-C', folder], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  // It may end before it has read all.
  child.stdin.on('error', () => undefined);
  child.stdin.end(source);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) {
    log.add(`failed to download source code: ${said.trim()}\n`);
    throw new RunFailed(`failed to download source code, err: exit status ${String(code)}`);
  }
  log.say('Finished downloading source code');
}

type BuildStep = Extract<TaskStep, { readonly kind: 'build' }>;

async function build(
  agent: Agent & { readonly made: string[] },
  step: BuildStep,
  folder: string,
  config: string,
): Promise<void> {
  const { log, signal } = agent;
  log.say('Scanning for dependencies...');
  log.say('Successfully scanned dependencies');
  log.say(`Launching container with name: ${step.id}`);
  let said = '';
  const onOutput = (text: string): void => {
    said += text;
    log.add(text.replace(legacyWarning, ''));
  };
  const classic = step.environment['DOCKER_BUILDKIT'] !== '1';
  if (classic) checkSyntax(agent, step, folder);
  // An agent is a new machine: nothing is in its cache.
  const args = ['build', ...(classic ? ['--force-rm', '--no-cache'] : ['--progress', 'plain']), ...step.args];
  const { environment } = step;
  const { code } = await docker(args, { folder, config, environment, signal, onOutput });
  agent.made.push(...[...said.matchAll(/^ ---> ([0-9a-f]{12})$/gm)].flatMap(([, id]) => id ?? []));
  if (code !== 0) throw failed(agent, step.id, code);
  log.say(`Successfully executed container: ${step.id}`);
}

function checkSyntax({ log }: Agent, { id, args }: BuildStep, folder: string): void {
  const option = args.findIndex((word) => word === '--file' || word === '-f');
  const file = join(folder, option < 0 ? 'Dockerfile' : (args[option + 1] ?? ''));
  const problem = existsSync(file) ? classicProblem(readFileSync(file, 'utf8')) : undefined;
  if (problem === undefined) return;
  log.add(`${problem}\n`);
  log.say(`Container failed during run: ${id}. No retries remaining.`);
  log.add(`failed to run step ID: ${id}: exit status 1\n`);
  throw new RunFailed('failed during run, err: exit status 1');
}

/** What today's Docker says of the classic builder, which the one in the cloud does not. */
const legacyWarning = /^DEPRECATED: The legacy builder.*\n(?: .*\n)*\n?/m;

/** What the classic builder leaves of its steps, newest first; what it began from has a name and stays. */
async function removeUnnamed(images: readonly string[]): Promise<void> {
  if (images.length === 0) return;
  const look = await docker(['image', 'inspect', '--format', '{{.Id}} {{len .RepoTags}}', ...images]);
  const unnamed = [...look.output.matchAll(/^(sha256:\w+) 0$/gm)].flatMap(([, id]) => id ?? []);
  if (unnamed.length > 0) await docker(['image', 'rm', ...unnamed]);
}

async function push(agent: Agent, id: string, image: string, config: string): Promise<void> {
  const { log, signal } = agent;
  log.say(`Pushing image: ${image}, attempt 1`);
  const { code } = await docker(['push', image], { config, signal, onOutput: log.add });
  if (code !== 0) throw failed(agent, id, code);
  log.say(`Successfully pushed image: ${image}`);
}

function failed({ log, signal }: Agent, id: string, code: number): RunFailed {
  if (!signal.aborted) {
    log.say(`Container failed during run: ${id}. No retries remaining.`);
    log.add(`failed to run step ID: ${id}: exit status ${code}\n`);
  }
  return new RunFailed(`failed during run, err: exit status ${code}`);
}

function digestOf(host: RegistryHost, image: string): PushedImage {
  const { host: registry = '', repository, reference: tag } = readReference(image);
  return { registry, repository, tag, digest: host.repositories.digest(repository, tag) ?? '' };
}

function dependencyText({ registry, repository, tag, digest }: PushedImage): string {
  return `- image:\n    registry: ${registry}\n    repository: ${repository}\n    tag: ${JSON.stringify(tag)}\n    digest: ${digest}\n  git: {}\n`;
}
