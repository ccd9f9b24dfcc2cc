import { stopContainer } from '../../tools/container/container.ts';
import type { Process } from '../../tools/container/processes.ts';
import { firstOf, until, withApp, type App, type Ending } from '../app/app.ts';
import { sightOf, statusOf } from '../app/look.ts';
import { orphanIn, type Orphan } from '../app/orphan.ts';
import { readyAgain } from '../app/ready.ts';
import type { CheckContext } from '../check.ts';
import { plainRun } from './plain.ts';

export interface StoppingRun {
  readonly first: Process | undefined;
  readonly processes: readonly Process[];
  /** What the first process does about the signal that stops it. */
  readonly handling: Handling | undefined;
  readonly stop: Stop | undefined;
  readonly orphan: Orphan | undefined;
  readonly log: string;
}

export type Handling = 'caught' | 'ignored' | 'default';

export interface Stop {
  readonly ending: Ending;
  /** From being asked to stop to having ended. */
  readonly seconds: number;
  readonly wasKilled: boolean;
}

/** `undefined` when the app was not there to be stopped. */
export async function stoppingRun(context: CheckContext): Promise<StoppingRun | undefined> {
  const plain = context.once(plainRun);
  const planned = context.plan.runs.find(({ id }) => id === 'stopping');
  if (planned === undefined) throw new Error('The stopping run is not in the plan');
  return withApp(context, planned, async (app) => {
    const { readiness } = await plain;
    if (readiness.kind !== 'ready') return undefined;
    const sight = await sightOf(app);
    if ((await readyAgain(app, sight, readiness.sign)).kind !== 'ready') return undefined;
    const orphan = planned.promises.includes('no-zombies') ? await orphanIn(app) : undefined;
    const processes = await app.processes();
    const signal = signalNumber(context.facts.config.stopSignal ?? 'SIGTERM');
    const status = sight && (await statusOf(sight));
    const handling = status === undefined || signal === undefined ? undefined : handlingOf(status, signal);
    const stop = planned.promises.includes('stops') ? await stopApp(app) : undefined;
    return { first: firstOf(processes), processes, handling, stop, orphan, log: app.log() };
  });
}

async function stopApp(app: App): Promise<Stop | undefined> {
  const { run, tool, settings } = app.context;
  const grace = settings.stopTimeout;
  if (app.ending()) return undefined;
  const begun = app.age();
  await run(stopContainer(tool, app.name, grace), { timeout: grace + 60 });
  const seconds = app.age() - begun;
  const ending = await until(app.context, 10, () => app.ending());
  if (ending === undefined) return undefined;
  // 137 sooner than that is the app's own way to end.
  return { ending, seconds, wasKilled: ending.exitCode === 137 && seconds >= grace * 0.95 };
}

/** The kernel keeps a bit for each signal, the first for signal 1. */
function handlingOf(status: string, signal: number): Handling | undefined {
  const has = (field: string): boolean | undefined => {
    const mask = new RegExp(`^${field}:\\s+([0-9a-f]+)`, 'm').exec(status)?.[1];
    return mask === undefined ? undefined : ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
  };
  const isCaught = has('SigCgt');
  if (isCaught === undefined) return undefined;
  return isCaught ? 'caught' : has('SigIgn') === true ? 'ignored' : 'default';
}

function signalNumber(written: string): number | undefined {
  if (/^\d+$/.test(written)) return Number(written);
  const name = written.toUpperCase().replace(/^(SIG)?/, '');
  return { HUP: 1, INT: 2, QUIT: 3, KILL: 9, USR1: 10, USR2: 12, TERM: 15, WINCH: 28 }[name];
}
