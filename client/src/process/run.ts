import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as after } from 'node:timers/promises';
import { descendantsOutside, killDescendants, type Descendant } from './descendants.ts';
import { Cancelled, NotStarted, type Command, type Ended, type Run, type RunOptions } from '../tools/command.ts';

export type Started = ChildProcess;

/** What has to be done if we die before `release`; see `keeper.ts`. */
export interface Keeper {
  endGroupIfWeDie(pid: number): () => void;
  runIfWeDie(command: Command): () => void;
}

// How long a program may take to end by itself before it is killed.
const usualGrace = 5_000;
/** And how long what it leaves behind may. */
const restGrace = 2_000;
const usualKeep = 1_000_000;

export function createRun(keeper?: Keeper): Run {
  return (command, options = {}) => runOnce(command, options, keeper);
}

/**
 * The one place that starts programs: without a shell, in a group of their own, so that all they start can be ended with them.
 * `stayAlive` is for the keeper alone, which has to outlive us.
 */
export function start({ program, args, folder, environment }: Command, stayAlive = false): ChildProcess {
  return spawn(program, args, {
    ...(folder !== undefined && { cwd: folder }),
    // Windows would look for the program in the workspace first.
    env: { ...process.env, NoDefaultCurrentDirectoryInExePath: '1', ...environment },
    stdio: ['pipe', stayAlive ? 'ignore' : 'pipe', stayAlive ? 'ignore' : 'pipe'],
    detached: process.platform !== 'win32' || stayAlive,
    windowsHide: true,
    shell: false,
  });
}

/** Ends a program that `start` started, and all that it started itself. */
export function endGroup(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    start({ program: 'taskkill', args: ['/pid', String(pid), '/T', '/F'] }).on('error', () => undefined);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Whether anything of the group is still there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 0);
    return true;
  } catch {
    return false;
  }
}

function runOnce(command: Command, options: RunOptions, keeper: Keeper | undefined): Promise<Ended> {
  const { signal, force, onOutput, onBytes, keep = usualKeep, long = false, grace = usualGrace } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new Cancelled());
      return;
    }
    let child: ChildProcess;
    try {
      child = start(command);
    } catch (error) {
      // An argument that no program can be given, such as one with a NUL in it.
      reject(new NotStarted(command.program, error instanceof Error ? error.message : String(error), false));
      return;
    }
    const { pid } = child;
    const release = long && pid !== undefined ? keeper?.endGroupIfWeDie(pid) : undefined;
    const kept = { stdout: new Tail(keep), stderr: new Tail(keep) };
    let killing: NodeJS.Timeout | undefined;
    let outside: readonly Descendant[] = [];
    const end = (): void => {
      if (pid === undefined) return;
      outside = descendantsOutside(pid);
      endGroup(pid, 'SIGTERM');
      killing = setTimeout(kill, grace);
    };
    const kill = (): void => {
      if (pid !== undefined) endGroup(pid, 'SIGKILL');
      killDescendants(outside);
    };
    signal?.addEventListener('abort', end, { once: true });
    force?.addEventListener('abort', kill, { once: true });
    const settle = (): void => {
      signal?.removeEventListener('abort', end);
      force?.removeEventListener('abort', kill);
      clearTimeout(killing);
      release?.();
    };

    for (const name of ['stdout', 'stderr'] as const) {
      if (name === 'stdout' && onBytes) {
        child.stdout?.on('data', (bytes: Buffer) => void holdWhile(child.stdout, onBytes(bytes)));
        continue;
      }
      const decoder = new StringDecoder('utf8');
      const take = (text: string): void => {
        if (text === '') return;
        kept[name].add(text);
        onOutput?.(text, name);
      };
      child[name]?.on('data', (bytes: Buffer) => take(decoder.write(bytes)));
      child[name]?.once('end', () => take(decoder.end()));
    }
    // A program that does not read what it is given still ends, and says why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(command.input ?? '');

    child.once('error', (error: NodeJS.ErrnoException) => {
      settle();
      const isFolderMissing = command.folder !== undefined && !existsSync(command.folder);
      const reason = isFolderMissing
        ? `the folder '${command.folder ?? ''}' is not there`
        : error.code === 'EACCES'
          ? 'permission denied'
          : error.message;
      reject(new NotStarted(command.program, reason, error.code === 'ENOENT' && !isFolderMissing));
    });
    child.once('close', (code, endedBy) => {
      settle();
      if (signal?.aborted === true && pid !== undefined) {
        void endRest(pid, force).then(() => {
          killDescendants(outside);
          reject(new Cancelled());
        });
        return;
      }
      resolve({
        code: code ?? undefined,
        ...(endedBy !== null && { signal: endedBy }),
        stdout: kept.stdout.text(),
        stderr: kept.stderr.text(),
      });
    });
  });
}

/** Ends what a program left behind in its group. It was told to end with it, and may be tidying up. */
async function endRest(pid: number, force: AbortSignal | undefined): Promise<void> {
  const deadline = Date.now() + restGrace;
  while (isAlive(pid) && Date.now() < deadline && force?.aborted !== true) await after(20);
  if (!isAlive(pid)) return;
  endGroup(pid, 'SIGKILL');
  // Dead at once, but there until somebody has taken note of it.
  for (const last = Date.now() + 1000; isAlive(pid) && Date.now() < last;) await after(10);
}

/** The pipe fills up meanwhile, and so the program waits as well. */
async function holdWhile(stream: Readable | null, taken: void | Promise<void>): Promise<void> {
  if (taken === undefined) return;
  stream?.pause();
  try {
    await taken;
  } finally {
    stream?.resume();
  }
}

/** The last so many characters of what is added. */
class Tail {
  readonly #most: number;
  #parts: string[] = [];
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
    // Joined now and then only, so that a long log costs no more than its length.
    if (this.#length > 2 * this.#most + 1000) {
      this.#parts = [this.text()];
      this.#length = this.#parts[0]?.length ?? 0;
    }
  }

  text(): string {
    const all = this.#parts.join('');
    return all.length > this.#most ? all.slice(all.length - this.#most) : all;
  }
}
