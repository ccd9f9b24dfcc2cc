import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { baseImage, ensureBaseImage } from './docker.ts';

/** A Docker Engine of the test's own, that may be killed or filled up; the base image is there. */
export interface OwnDaemon {
  /** What makes a client talk to it. */
  readonly environment: { readonly DOCKER_HOST: string };
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

/** Starts one that ends with the test; `undefined` where that cannot be done, and the test is then skipped. */
export async function ownDaemon(
  context: TestContext,
  { megabytes }: { readonly megabytes?: number } = {},
): Promise<OwnDaemon | undefined> {
  // In a network of its own: a second daemon would take the bridge of the first one away.
  const isPossible = process.platform === 'linux' && spawnSync('unshare', ['--net', 'dockerd', '-v']).status === 0;
  if (!isPossible) {
    context.skip('needs dockerd and root');
    return undefined;
  }
  ensureBaseImage();
  // A socket's path may not be long.
  const home = mkdtempSync(join(tmpdir(), 'ship-'));
  const data = join(home, 'data');
  mkdirSync(data);
  if (megabytes !== undefined) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', data]);
  const host = `unix://${join(home, 'docker.sock')}`;
  const log = join(home, 'log');
  const options = [
    '--host',
    host,
    '--data-root',
    data,
    '--exec-root',
    join(home, 'exec'),
    '--pidfile',
    join(home, 'pid'),
  ];
  const daemon = spawn(
    'sh',
    [
      '-c',
      'exec "$@" >"$0" 2>&1',
      log,
      // In a network of its own: without a bridge it would take away the one of the Docker that is there already.
      ...['unshare', '--net'],
      'dockerd',
      ...options,
      '--bridge',
      'none',
      '--iptables=false',
      '--ip6tables=false',
    ],
    { stdio: 'ignore', detached: true },
  );
  const ended = once(daemon, 'close');
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (daemon.exitCode === null && daemon.signalCode === null) daemon.kill(signal);
    await ended;
  };
  context.after(async () => {
    // Its containerd outlives a daemon that is killed.
    const containerd = pidIn(join(home, 'exec/containerd/containerd.pid'));
    await end('SIGTERM');
    if (containerd !== undefined) killIfThere(containerd);
    for (const mount of mountsIn(home)) spawnSync('umount', ['--lazy', mount]);
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  });
  const environment = { DOCKER_HOST: host };
  const environmentOfAll = { ...process.env, ...environment };
  const deadline = Date.now() + 120_000;
  while (spawnSync('docker', ['version'], { env: environmentOfAll, stdio: 'ignore' }).status !== 0) {
    if (daemon.exitCode !== null || Date.now() > deadline) {
      throw new Error(`dockerd did not start:\n${readFileSync(log, 'utf8').split('\n').slice(-15).join('\n')}`);
    }
    await after(100);
  }
  const image = execFileSync('docker', ['save', baseImage], { maxBuffer: 50_000_000 });
  execFileSync('docker', ['load'], { input: image, env: environmentOfAll, stdio: ['pipe', 'ignore', 'pipe'] });
  return { environment, kill: () => end('SIGKILL') };
}

function pidIn(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with its daemon.
  }
}

/** The innermost first. */
function mountsIn(folder: string): readonly string[] {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  return mounts
    .flatMap((line) => line.split(' ')[1] ?? [])
    .filter((path) => path.startsWith(`${folder}/`))
    .toReversed();
}
