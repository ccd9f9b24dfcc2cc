import type { Severity } from '../text/problem.ts';
import type { Preset } from '../rules/rule.ts';

/** How the rules are to be run on one file: editor settings and config files, merged. */
export interface Settings {
  readonly preset: Preset;
  readonly rules: ReadonlyMap<string, RuleSetting>;
}

export interface RuleSetting {
  readonly severity?: Severity | 'off';
  readonly options?: Readonly<Record<string, unknown>>;
}

export const defaultSettings: Settings = { preset: 'recommended', rules: new Map() };
