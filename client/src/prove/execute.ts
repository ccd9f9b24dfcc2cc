import type { Keeper } from '../process/run.ts';
import { Cancelled, type Run } from '../tools/command.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import { UserError } from '../ui/user-error.ts';
import type { Check, CheckContext } from './check.ts';
import { checks } from './checks.ts';
import { containersOf, sweep } from './containers.ts';
import { readFacts, type ImageFacts } from './facts.ts';
import { planProof, type ProvePlan } from './plan.ts';
import type { Proof, ProveSettings, Verdict } from './promise.ts';

export interface ProveMeans {
  readonly run: Run;
  readonly keeper: Keeper;
  readonly tool: ContainerTool;
  /** The proof then rejects with `Cancelled`, after all its containers are gone. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ProveProgress) => void) | undefined;
}

export type ProveProgress =
  | { readonly kind: 'started'; readonly plan: ProvePlan }
  /** Verdicts come as they are known, in no order. */
  | { readonly kind: 'verdict'; readonly verdict: Verdict; readonly done: number; readonly of: number };

/** Runs the image and says which promises it keeps. Rejects with `UserError`, `Cancelled` or `NotStarted` only. */
export async function prove(image: string, settings: ProveSettings, means: ProveMeans): Promise<Proof> {
  const started = performance.now();
  const { run, tool, signal = new AbortController().signal, onProgress } = means;
  assertNames(settings.environment);
  const facts = await readFacts(image, { run, tool, signal });
  await sweep(run, tool, signal);
  const plan = planFor(facts, settings);
  const wanted = checks.filter(({ id }) => settings.checks.includes(id));
  onProgress?.({ kind: 'started', plan });

  // One that fails, not merely finds a promise broken, ends the others, too.
  const ending = new AbortController();
  const both = AbortSignal.any([signal, ending.signal]);
  const containers = containersOf(facts, settings.environment, { run, keeper: means.keeper, tool, signal: both });
  const known = new Map<unknown, Promise<unknown>>();
  const context: CheckContext = {
    facts,
    settings,
    plan,
    tool,
    signal: both,
    containers,
    run(command, { timeout, ...options } = {}) {
      const ends = timeout === undefined ? both : AbortSignal.any([both, AbortSignal.timeout(timeout * 1000)]);
      return run(command, { ...options, signal: ends });
    },
    once<Found>(look: (context: CheckContext) => Promise<Found>): Promise<Found> {
      const found = known.get(look) ?? look(context);
      known.set(look, found);
      return found as Promise<Found>;
    },
  };
  let done = 0;
  const verdicts = wanted.map(async (check) => {
    const verdict = await verdictOf(check, context);
    done += 1;
    onProgress?.({ kind: 'verdict', verdict, done, of: wanted.length });
    return verdict;
  });
  try {
    const all = await Promise.all(verdicts);
    return { image, imageId: facts.config.id, verdicts: all, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    ending.abort();
    throw signal.aborted ? new Cancelled() : error;
  } finally {
    await Promise.allSettled([...verdicts, ...known.values()]);
    await containers.removeAll().catch(() => undefined);
  }
}

function assertNames(environment: ProveSettings['environment']): void {
  const wrong = Object.entries(environment).find(([name, value]) => /^$|[=\0]/.test(name) || value.includes('\0'));
  if (wrong) throw new UserError(`'${wrong[0]}' in 'shipshape.prove.environment' can be no variable: rename it`);
}

/** What `prove` will do with the image; for those who show it before. */
export function planFor(facts: ImageFacts, settings: ProveSettings): ProvePlan {
  const wanted = checks.filter(({ id }) => settings.checks.includes(id));
  const asked = wanted.map(({ id, whyNot }) => {
    const reason = whyNot?.(facts, settings);
    return { promise: id, ...(reason !== undefined && { whyNot: reason }) };
  });
  return planProof(facts, settings, asked);
}

async function verdictOf({ id, run }: Check, context: CheckContext): Promise<Verdict> {
  const started = performance.now();
  const reason = context.plan.asked.find(({ promise }) => promise === id)?.whyNot;
  if (reason !== undefined) {
    return { promise: id, outcome: 'not-applicable', message: reason, concerns: [], seconds: 0 };
  }
  const judgement = await run(context);
  return { promise: id, seconds: (performance.now() - started) / 1000, ...judgement };
}
