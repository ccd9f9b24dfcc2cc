import { allRules } from '../rules/index.ts';
import type { OptionSpec, Preset } from '../rules/rule.ts';
import type { Severity } from '../text/problem.ts';
import { engineRules } from './engine-rules.ts';

/** A rule without its check: what settings and reports need of it, whatever it checks. */
export interface KnownRule {
  readonly id: string;
  readonly severity: Severity;
  readonly preset?: Preset;
  readonly aliases?: readonly string[];
  readonly options?: OptionSpec;
}

/** All that can be named in settings: the rules of every language and the engine's own. */
export const knownRules: readonly KnownRule[] = [...allRules, ...engineRules];
