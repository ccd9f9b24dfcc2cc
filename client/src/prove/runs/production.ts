import { setTimeout as sleep } from 'node:timers/promises';
import { inspectState, readState } from '../../tools/container/container.ts';
import { withApp } from '../app/app.ts';
import { sightOf } from '../app/look.ts';
import { readyAgain, type Readiness } from '../app/ready.ts';
import type { CheckContext } from '../check.ts';
import { restrictions, type PlannedRun, type Restriction } from '../plan.ts';
import { plainRun, type PlainRun } from './plain.ts';

/** Milliseconds. */
const reasonMayTake = 300;

/** How the app started under some conditions. */
export interface Boot {
  readonly readiness: Readiness;
  readonly log: string;
  /** Something in it was killed for want of memory, though perhaps not the first process. */
  readonly wasOutOfMemory: boolean;
  /** It came as far as it does without conditions. */
  readonly isGood: boolean;
  /** None of the conditions alone does any harm. */
  readonly isOnlyTogether?: true;
}

/** By restriction. What is good under all of them together is not tried under each. */
export type Production = Readonly<Record<Restriction, Boot | undefined>>;

export async function productionRun(context: CheckContext): Promise<Production> {
  // Begun first, so that it has its place among the containers that run at once.
  const plain = context.once(plainRun);
  const together = context.plan.runs.find(({ id }) => id === 'production');
  if (together === undefined) throw new Error('The production run is not in the plan');
  const all = await boot(context, together, plain);
  const asked = restrictions.filter((id) => together.promises.includes(id));
  const single = context.plan.runs.filter(({ onlyToBlame }) => onlyToBlame === true);
  if (all.isGood || single.length === 0 || isHopeless(await plain)) return record(asked.map((id) => [id, all]));
  const boots = await Promise.all(
    single.map(async (planned) => [planned.id as Restriction, await boot(context, planned, plain)] as const),
  );
  // Each alone does no harm, but all of them do: the last, memory, is the one that others take from.
  const last = boots.at(-1);
  if (last === undefined || boots.some(([, { isGood }]) => !isGood)) return record(boots);
  return record([...boots, [last[0], { ...all, isOnlyTogether: true }]]);
}

/** Without conditions it does not start either, so that they are not to blame. */
export function isHopeless({ readiness }: PlainRun): boolean {
  return readiness.kind === 'late' || hasFailed(readiness);
}

async function boot(context: CheckContext, planned: PlannedRun, plain: Promise<PlainRun>): Promise<Boot> {
  return withApp(context, planned, async (app) => {
    const usual = (await plain).readiness;
    // A job is done when it ends; whatever else an app does without conditions, it does with them.
    const sight = usual.kind === 'ready' && usual.sign.kind === 'ports' ? await sightOf(app) : undefined;
    const sign = usual.kind === 'ready' ? usual.sign : ({ kind: 'quiet' } as const);
    if (usual.kind === 'ended') await Promise.race([app.over, endOf(context.settings.startTimeout)]);
    const readiness = await readyAgain(app, sight, sign);
    const look = async (): Promise<boolean> =>
      readState((await context.run(inspectState(context.tool, app.name))).stdout)?.wasOutOfMemory ?? false;
    let wasOutOfMemory = await look();
    if (!wasOutOfMemory && hasFailed(readiness)) {
      // The engine hears of the end and of its reason in two messages, and the reason may be the later one.
      await sleep(reasonMayTake);
      wasOutOfMemory = await look();
    }
    return { readiness, log: app.log(), wasOutOfMemory, isGood: isAsGood(readiness, usual) && !wasOutOfMemory };
  });
}

function hasFailed(readiness: Readiness): boolean {
  return readiness.kind === 'ended' && readiness.ending.exitCode !== 0;
}

function isAsGood(readiness: Readiness, usual: Readiness): boolean {
  if (usual.kind === 'ended') return readiness.kind === 'ended' && readiness.ending.exitCode === usual.ending.exitCode;
  return readiness.kind === 'ready';
}

function record(boots: readonly (readonly [Restriction, Boot | undefined])[]): Production {
  return { 'read-only': undefined, 'no-privileges': undefined, limits: undefined, ...Object.fromEntries(boots) };
}

function endOf(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000).unref());
}
