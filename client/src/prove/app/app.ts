import { setTimeout as delay } from 'node:timers/promises';
import { Cancelled, type Ended } from '../../tools/command.ts';
import {
  execIn,
  followLogs,
  inspectState,
  readState,
  startContainer,
  waitForEnd,
  type ContainerState,
} from '../../tools/container/container.ts';
import { listProcesses, readProcesses, type Process } from '../../tools/container/processes.ts';
import { containerToolNames } from '../../tools/container/tool.ts';
import { UserError } from '../../ui/user-error.ts';
import type { CheckContext } from '../check.ts';
import type { PlannedRun } from '../plan.ts';

/** A container that was started. */
export interface App {
  readonly name: string;
  readonly context: CheckContext;
  readonly state: ContainerState | undefined;
  /** How it ended, if it has. */
  ending(): Ending | undefined;
  /** Settles when it has ended or is removed. */
  readonly over: Promise<void>;
  log(): string;
  /** Seconds since the start, and since it last said something. */
  age(): number;
  quiet(): number;
  /** `undefined` when it took too long. */
  exec(command: readonly string[], options?: ExecOptions): Promise<Ended | undefined>;
  processes(): Promise<readonly Process[]>;
}

export interface ExecOptions {
  /** Seconds. */
  readonly timeout?: number;
  readonly user?: string;
}

export interface Ending {
  readonly exitCode: number;
  readonly wasOutOfMemory: boolean;
  /** From start to end by the engine's clock. */
  readonly seconds: number;
  /** It could not even be started. */
  readonly startError?: string;
}

/** Between two looks at something that gives no event. */
const pause = 100;

const longestLog = 200_000;
const usualTimeout = 30;

/** Starts what the plan says, for as long as the work takes. */
export async function withApp<Found>(
  context: CheckContext,
  planned: PlannedRun,
  work: (app: App) => Promise<Found>,
): Promise<Found> {
  let over: Promise<void> | undefined;
  try {
    return await context.containers.use({ conditions: planned.conditions }, async ({ name }) => {
      const app = await startApp(context, name);
      over = app.over;
      return work(app);
    });
  } finally {
    // Removed by now, so that whoever follows it ends at once.
    await over;
  }
}

async function startApp(context: CheckContext, name: string): Promise<App> {
  const { tool, run } = context;
  let log = '';
  let ending: Ending | undefined;
  const begun = performance.now();
  let lastOutput = begun;
  const since = (then: number): number => (performance.now() - then) / 1000;
  const look = async (): Promise<ContainerState | undefined> => readState((await run(inspectState(tool, name))).stdout);

  const started = await run(startContainer(tool, name));
  if (started.code !== 0) {
    const startError = reasonOf(started.stderr);
    // The image is to blame for its program only; for the rest, such as a broken network, it is the engine.
    if (!/\bexec\b|OCI runtime|container process/i.test(started.stderr)) {
      throw new UserError(`${containerToolNames[tool.kind]} could not start a container: ${startError}`);
    }
    const seen = await look();
    ending = { exitCode: seen?.exitCode ?? 127, wasOutOfMemory: false, seconds: 0, startError };
  }
  const state = ending ? undefined : await look();

  const follow = async (): Promise<void> => {
    if (ending) return;
    const onOutput = (text: string): void => {
      log = (log + text).slice(-longestLog);
      lastOutput = performance.now();
    };
    await run(followLogs(tool, name), { onOutput, keep: 0, long: true });
    // The log may end before the app does, never after.
    await run(waitForEnd(tool, name), { long: true });
    const seen = await look();
    if (seen === undefined || seen.isRunning) return;
    const seconds = (seen.finishedAt - seen.startedAt) / 1000;
    ending = { exitCode: seen.exitCode, wasOutOfMemory: seen.wasOutOfMemory, seconds: seconds > 0 ? seconds : 0 };
  };
  return {
    name,
    context,
    state,
    ending: () => ending,
    over: follow().catch(() => undefined),
    log: () => log,
    age: () => since(begun),
    quiet: () => since(lastOutput),
    async exec(command, { timeout = usualTimeout, user } = {}) {
      try {
        return await run(execIn(tool, name, command, user), { timeout });
      } catch (error) {
        if (error instanceof Cancelled && !context.signal.aborted) return undefined;
        throw error;
      }
    },
    async processes() {
      return readProcesses((await run(listProcesses(tool, name))).stdout);
    },
  };
}

/** Asks again and again until there is an answer; `undefined` when there is none in time. */
export async function until<Found>(
  context: CheckContext,
  seconds: number,
  ask: () => Promise<Found | undefined> | Found | undefined,
): Promise<Found | undefined> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const found = await ask();
    if (found !== undefined || performance.now() >= deadline) return found;
    if (context.signal.aborted) throw new Cancelled();
    await delay(pause);
  }
}

/** The first process of the container: the one whose parent is outside of it. */
export function firstOf(processes: readonly Process[]): Process | undefined {
  const pids = new Set(processes.map(({ pid }) => pid));
  return processes.find(({ parent, pid }) => !pids.has(parent) || parent === pid);
}

/** Docker's own words around the reason are of no use to the user. */
function reasonOf(stderr: string): string {
  const line = stderr.trim().split('\n')[0] ?? '';
  const [, program, reason] = /exec: "([^"]*)": (.*?)(?:: unknown)?$/.exec(line) ?? [];
  if (program !== undefined) return `'${program}': ${(reason ?? '').replace(/^stat [^:]*: /, '')}`;
  return line.replace(/^Error( response from daemon)?: /, '');
}
