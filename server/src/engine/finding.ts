import type { Problem, Severity } from '../text/problem.ts';

/** A problem with what the engine knows of its rule and settings. This is what editors and reports show. */
export interface Finding extends Problem {
  readonly rule: string;
  readonly severity: Severity;
  /** `hadolint:DL3007`, ... */
  readonly aliases: readonly string[];
  readonly tag?: 'unnecessary' | 'deprecated';
}
