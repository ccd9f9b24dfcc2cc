import type { RunnablePlan } from './plan.ts';

/** What the user sees before it is done. */
export interface BuildDescription {
  /** `Build 'shop:1a2b3c4' from 'Dockerfile', stage 'runtime'`. */
  readonly title: string;
  /** The command, quoted as a reader of shells expects; it is never run in this form. */
  readonly commandLine: string;
  /** The rest in short sentences: context, platforms, secrets by id and source. */
  readonly details: readonly string[];
}

export function describeBuild(_plan: RunnablePlan): BuildDescription {
  return { title: '', commandLine: '', details: [] };
}
