import type { Run } from '../tools/command.ts';
import type { BuildEvent, BuildOutcome } from './build.ts';
import type { RunnablePlan } from './plan.ts';

export interface ExecuteOptions {
  readonly run: Run;
  /** Cancels: the outcome is then `cancelled`, and nothing of the build is left running. */
  readonly signal?: AbortSignal;
  /** A `line` event is one line for the terminal, without its end. */
  readonly onEvent?: (event: BuildEvent) => void;
}

/** Runs the build to its end; rejects with `NotStarted` only. */
export function executeBuild(_plan: RunnablePlan, _options: ExecuteOptions): Promise<BuildOutcome> {
  return Promise.reject(new Error('Being built'));
}
