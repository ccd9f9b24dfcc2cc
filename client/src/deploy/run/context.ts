import type { Plan } from '../plan.ts';
import type { Step } from '../step.ts';
import type { StepRecord, World } from '../world.ts';
import { planAgain } from '../../azure/explanation.ts';
import { Refused } from '../../azure/refused.ts';
import type { Filler } from '../fill.ts';
import type { Scrubber } from './scrub.ts';

/** What running one step may use. */
export interface Context {
  readonly plan: Plan;
  readonly step: Step;
  readonly world: World;
  readonly filler: Filler;
  readonly scrubber: Scrubber;
  /** Aborted as soon as possible, in the middle of waiting. */
  readonly signal: AbortSignal;
  /** What the journal said of this step before it began now: something when an earlier life had come to it. */
  readonly before: StepRecord | undefined;
  /** Of the other steps. */
  readonly recordOf: (step: string) => StepRecord | undefined;
  /** The image's, as far as an earlier life had come. */
  readonly digest: string | undefined;
  /** Ids of what unfinished deployments of the target before this one had made. */
  readonly earlier: readonly string[];
  readonly onWait: (message: string) => void;
  readonly onLog: (text: string) => void;
  /** Writes down, before it is sent, that this step makes a resource; `undefined` when it has turned out that it did not. */
  readonly creates: (id: string | undefined) => Promise<void>;
  /** Writes it down. */
  readonly delivered: (digest: string) => Promise<void>;
  readonly answered: (url: string) => void;
}

/** `already`: it was there, nothing was changed. */
export type Ran = 'already' | 'done';

/** Something is neither as it was when the plan was made, nor as the plan makes it. */
export class PlanOutdated extends Refused {
  constructor(what: string) {
    super(`'${what}' has changed since the plan was shown: plan again`, planAgain);
  }
}
