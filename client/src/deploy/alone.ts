import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { link, lstat, mkdir, writeFile } from 'node:fs/promises';
import { hostname, tmpdir, uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { startOf } from '../process/descendants.ts';
import { UserError } from '../ui/user-error.ts';
import type { Target } from './choices.ts';
import { idsOf } from './plan/ids.ts';

/** Who works on an app, for whoever wants to as well. */
export interface Worker {
  readonly from: 'the editor' | 'the command line';
  readonly doing: 'deployed' | 'cleaned up';
}

interface Holder extends Worker {
  readonly host: string;
  readonly pid: number;
  /** Tells processes of the same number apart, where the system tells when one has started. */
  readonly started?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of this very work. */
  readonly id: string;
}

/**
 * Works on a target's app while nobody else on this machine does: another window, or the command line. Journals lie in different places, so
 * what is held is in one that all know. Who dies holds nothing any more; throws a `UserError` while somebody lives.
 */
export async function alone<Result>(
  target: Target,
  worker: Worker,
  work: () => Promise<Result>,
  folder = sharedFolder(),
): Promise<Result> {
  const app = createHash('sha256').update(idsOf(target).app.toLowerCase()).digest('hex').slice(0, 32);
  const file = join(folder, `${app}.lock`);
  const started = startOf(process.pid);
  const ours = JSON.stringify({
    ...worker,
    host: hostname(),
    pid: process.pid,
    ...(started !== undefined && { started }),
    at: Date.now(),
    id: randomUUID(),
  } satisfies Holder);
  const holder = await take(file, ours);
  if (holder !== undefined) throw new UserError(sentence(target, holder));
  const giveBack = (): void => {
    if (textOf(file) === ours) rmSync(file, { force: true });
  };
  // Also where the editor or a second Ctrl+C does not let us come to the end.
  process.once('exit', giveBack);
  try {
    return await work();
  } finally {
    process.off('exit', giveBack);
    giveBack();
  }
}

function sentence({ name }: Target, { from, doing, pid }: Holder): string {
  return pid === process.pid
    ? `'${name}' is being ${doing} already: wait until that ends, or stop it`
    : `'${name}' is being ${doing} from ${from} already (process ${pid}): wait until that ends, or stop it there`;
}

/** The one who has it; `undefined` when it is ours now, or when nobody can have it as the disk has no room: each step is safe without, too. */
async function take(file: string, ours: string): Promise<Holder | undefined> {
  for (;;) {
    const state = await make(file, ours);
    if (state === 'made') return undefined;
    const text = textOf(file);
    const holder = holderIn(text ?? '');
    if (holder !== undefined && isThere(holder)) return holder;
    if (state === 'impossible') return undefined;
    // Given back just now.
    if (text === undefined) continue;
    // What a dead one left is taken away by one alone, or it could be what another has taken meanwhile.
    const right = `${file}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    if ((await take(right, ours)) !== undefined) {
      await after(20);
      continue;
    }
    if (textOf(file) === text) rmSync(file, { force: true });
    rmSync(right, { force: true });
  }
}

/** Whole and at once, or not at all. */
async function make(file: string, text: string): Promise<'made' | 'there' | 'impossible'> {
  const own = `${file}.${randomUUID()}`;
  try {
    await makeFolder(dirname(file));
    await writeFile(own, text, { flag: 'wx', mode: 0o600 });
  } catch {
    return 'impossible';
  }
  try {
    await link(own, file);
    return 'made';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'there' : 'impossible';
  } finally {
    rmSync(own, { force: true });
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Others write into the same temporary folder on some systems: what is not ours is not used. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) {
    throw new Error(`'${folder}' is somebody else's`);
  }
}

function sharedFolder(): string {
  return join(tmpdir(), `shipshape-${process.getuid?.() ?? 'deploying'}`);
}

function holderIn(text: string): Holder | undefined {
  try {
    const found = JSON.parse(text) as Partial<Holder> | null;
    return typeof found?.pid === 'number' && typeof found.at === 'number' ? (found as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/** Of another machine nobody can know it here; that one has its own temporary folder. */
function isThere({ host, pid, started, at }: Holder): boolean {
  if (host !== hostname()) return false;
  if (started !== undefined) return startOf(pid) === started;
  const bootedAt = Date.now() - uptime() * 1_000;
  if (at < bootedAt - 60_000) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
