import { randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Keeper } from '../process/run.ts';
import { Cancelled, type Run } from '../tools/command.ts';
import {
  inspectLabels,
  listContainers,
  readLabels,
  removeContainers,
  startAttached,
} from '../tools/container/container.ts';
import { createContainer, type Conditions } from '../tools/container/run.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import { UserError } from '../ui/user-error.ts';
import type { ImageFacts } from './facts.ts';

export interface Containers {
  /** A new container of the image, not started, for as long as the work takes; removed after it, however it ends. */
  use<Found>(wish: Wish, work: (container: Container) => Promise<Found>): Promise<Found>;
  /** Runs another image beside a container, to look where that has nothing to look with; `undefined` when it cannot. */
  help(helper: Helper): Promise<string | undefined>;
}

export interface Helper {
  /** Where it looks: it shares the network and the processes of this container. */
  readonly beside: string;
  /** One that is here already; nothing is fetched. */
  readonly image: string;
  readonly command: readonly string[];
}

export interface Wish {
  readonly conditions?: Conditions;
  /** It is never started, only looked into, and so waits for no other. */
  readonly idle?: boolean;
}

export interface Container {
  readonly name: string;
}

const proofLabel = 'io.shipshape.prove';
const ownerLabel = 'io.shipshape.owner';

const most = 2;
// An image that says nothing to run can be looked into only with something to run.
const neverRun = ['/shipshape'];

export interface ContainersOf extends Containers {
  /** Whatever the proof has made and not yet removed. */
  removeAll(): Promise<void>;
}

export function containersOf(
  { image, config }: ImageFacts,
  environment: Readonly<Record<string, string>>,
  { run, keeper, tool, signal }: { run: Run; keeper: Keeper; tool: ContainerTool; signal: AbortSignal },
): ContainersOf {
  const proof = randomBytes(6).toString('hex');
  const labels = { [proofLabel]: proof, [ownerLabel]: owner(process.pid) };
  const enter = turnstile(most);
  let last = 0;

  const remove = async (name: string): Promise<void> => {
    // Also when cancelled: then most of all.
    await run(removeContainers(tool, [name]), { signal: AbortSignal.timeout(60_000) }).catch(() => undefined);
  };
  const use: Containers['use'] = async ({ conditions = {}, idle = false }, work) => {
    const leave = idle ? undefined : await enter(signal);
    const name = `shipshape-prove-${proof}-${++last}`;
    const release = keeper.runIfWeDie(removeContainers(tool, [name]));
    try {
      goOn(signal);
      // By its id the image is the one that was inspected, even if the name has moved on.
      const by = tool.kind === 'nerdctl' ? image : config.id;
      // Not cancelled: a container that is half made could not be removed yet.
      const created = await run(
        createContainer(tool, { name, image: by, labels, environment, conditions, ...(idle && { command: neverRun }) }),
      );
      goOn(signal);
      if (created.code !== 0)
        throw new UserError(`No container could be made of '${image}': ${reason(created.stderr)}`);
      return await work({ name });
    } finally {
      await remove(name);
      release();
      leave?.();
    }
  };
  const help: Containers['help'] = async ({ beside, image: other, command }) => {
    const name = `shipshape-prove-${proof}-${++last}`;
    const release = keeper.runIfWeDie(removeContainers(tool, [name]));
    try {
      goOn(signal);
      const wish = { name, image: other, labels, environment: {}, conditions: { noPrivileges: true }, command, beside };
      if ((await run(createContainer(tool, wish))).code !== 0) return undefined;
      goOn(signal);
      const said = await run(startAttached(tool, name), { signal });
      return said.stdout === '' ? undefined : said.stdout;
    } finally {
      await remove(name);
      release();
    }
  };
  return {
    use,
    help,
    async removeAll() {
      const left = await run(listContainers(tool, `${proofLabel}=${proof}`), { signal: AbortSignal.timeout(60_000) });
      const ids = left.stdout.split('\n').filter((id) => id !== '');
      await Promise.all(ids.map(remove));
    },
  };
}

/** Removes what proofs left behind that died on this machine, and nothing else. */
export async function sweep(run: Run, tool: ContainerTool, signal: AbortSignal): Promise<void> {
  const all = await run(listContainers(tool, proofLabel), { signal });
  const ids = all.stdout.split('\n').filter((id) => id !== '');
  if (ids.length === 0) return;
  const labelled = readLabels((await run(inspectLabels(tool, ids), { signal })).stdout);
  const left = labelled.filter(({ labels }) => isDead(labels[ownerLabel])).map(({ id }) => id);
  if (left.length > 0) await run(removeContainers(tool, left), { signal });
}

/** Another machine, or another world of processes on this one, may use the same engine. */
function owner(pid: number): string {
  let world = '';
  try {
    world = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Only Linux has them.
  }
  return `${pid}@${hostname()}${world}`;
}

function isDead(written: string | undefined): boolean {
  const pid = Number(/^(\d+)@/.exec(written ?? '')?.[1]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || written !== owner(pid)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function goOn(signal: AbortSignal): void {
  if (signal.aborted) throw new Cancelled();
}

/** The client adds how to get help, and the engine warnings before. */
function reason(stderr: string): string {
  const [first = ''] = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('WARNING'));
  return first.trim().replace(/^(Error( response from daemon)?|docker): /, '') || 'no reason given';
}

/** Lets so many in at once, in the order they came. */
function turnstile(places: number): (signal: AbortSignal) => Promise<() => void> {
  let free = places;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return async (signal) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    if (!signal.aborted) return leave;
    leave();
    throw new Cancelled();
  };
}
