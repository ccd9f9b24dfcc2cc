import type { Command, Ended, Run, RunOptions } from '../tools/command.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import type { ImageFacts } from './facts.ts';
import type { Containers } from './containers.ts';
import type { ProvePlan } from './plan.ts';
import type { PromiseId, ProveSettings, Verdict } from './promise.ts';

/** How one promise is looked into: a file in `checks/`, and a line in `checks.ts`. */
export interface Check {
  readonly id: PromiseId;
  /** Why this image is not asked this; `undefined` when it is. */
  readonly whyNot?: (facts: ImageFacts, settings: ProveSettings) => string | undefined;
  readonly run: (context: CheckContext) => Promise<Judgement>;
}

/** A verdict without what is the same for all of them. */
export type Judgement = Omit<Verdict, 'promise' | 'seconds'> & { readonly seconds?: number };

export interface CheckContext {
  readonly facts: ImageFacts;
  readonly settings: ProveSettings;
  readonly tool: ContainerTool;
  readonly plan: ProvePlan;
  /** Ends with the proof when that is cancelled, and after these seconds; both reject with `Cancelled`. */
  readonly run: (
    command: Command,
    options?: Omit<RunOptions, 'signal'> & { readonly timeout?: number },
  ) => ReturnType<Run>;
  readonly signal: AbortSignal;
  /** Containers of the image; each is gone when its work is done, whatever happens. */
  readonly containers: Containers;
  /** Looked into once in a proof, however many checks ask: the function itself is what it is known by. */
  readonly once: <Found>(look: (context: CheckContext) => Promise<Found>) => Promise<Found>;
}

export function notApplicable(message: string, more: Partial<Judgement> = {}): Judgement {
  return { concerns: [], ...more, outcome: 'not-applicable', message };
}

/** The concerns of an instruction each, most telling first. */
export function instructions(...keywords: readonly string[]): Verdict['concerns'] {
  return keywords.map((keyword) => ({ kind: 'instruction', keyword }));
}

/** The last line that says something, for messages. */
export function lastLine({ stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>): string {
  return (stderr.trim() || stdout.trim()).split('\n').at(-1)?.trim() ?? '';
}
