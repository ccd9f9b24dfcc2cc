import type { OptionSpec, OptionsOf, Preset, Rule } from '../rules/rule.ts';
import type { Severity } from '../text/problem.ts';

/** How the rules are to be run on one file: editor settings and config files, merged. */
export interface Settings {
  readonly preset: Preset;
  readonly rules: ReadonlyMap<string, RuleSetting>;
  /** The mildest severity that makes the command line fail. */
  readonly failOn?: Severity | 'never';
  /** A config file says that this file is not to be linted. */
  readonly isIgnored?: boolean;
  /** `disable-ignore-pragma` of hadolint's config: its ignore comments count for nothing. */
  readonly withoutHadolintComments?: boolean;
}

export interface RuleSetting {
  readonly severity?: Severity | 'off';
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What one source (the editor, one config file) says; whatever it leaves out comes from a weaker one. */
export type PartialSettings = Partial<Settings>;

/** What of a rule decides whether and how it runs. */
export type RuleHead = Pick<Rule<never>, 'id' | 'severity' | 'preset'>;

export const defaultSettings: Settings = { preset: 'recommended', rules: new Map() };

export const severities: readonly Severity[] = ['error', 'warning', 'info', 'hint'];
export const presets: readonly Preset[] = ['recommended', 'strict', 'all'];

/** Later sources win, for each rule and each option of it by itself. */
export function mergeSettings(...sources: readonly PartialSettings[]): Settings {
  const rules = new Map<string, RuleSetting>();
  for (const source of sources) {
    for (const [id, setting] of source.rules ?? []) {
      const weaker = rules.get(id);
      const options = { ...weaker?.options, ...setting.options };
      rules.set(id, { ...weaker, ...setting, ...(Object.keys(options).length > 0 && { options }) });
    }
  }
  return Object.assign({}, defaultSettings, ...sources, { rules }) as Settings;
}

/** A severity set by the user turns a rule on that the preset leaves out; options alone do not. */
export function isEnabled(rule: RuleHead, settings: Settings): boolean {
  const severity = settings.rules.get(rule.id)?.severity;
  if (severity !== undefined) return severity !== 'off';
  return presets.indexOf(rule.preset ?? 'recommended') <= presets.indexOf(settings.preset);
}

/** The user's word wins over all; a problem may be milder than its rule. */
export function severityOf(rule: RuleHead, settings: Settings, milder?: Severity): Severity {
  const severity = settings.rules.get(rule.id)?.severity;
  return severity !== undefined && severity !== 'off' ? severity : (milder ?? rule.severity);
}

/** The rule's options: what the user set, where it has the declared type, over the defaults. */
export function optionsOf<Spec extends OptionSpec>(
  spec: Spec | undefined,
  setting: RuleSetting | undefined,
): OptionsOf<Spec> {
  const entries = Object.entries(spec ?? {}).map(([name, option]) => {
    const value = setting?.options?.[name];
    return [name, value !== undefined && hasType(value, option.type) ? value : option.default];
  });
  return Object.fromEntries(entries) as OptionsOf<Spec>;
}

export function hasType(value: unknown, type: OptionSpec[string]['type']): boolean {
  if (type === 'strings') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  return typeof value === type;
}

/** True when `severity` is at least as grave as the threshold. */
export function reaches(severity: Severity, threshold: Severity | 'never'): boolean {
  return threshold !== 'never' && severities.indexOf(severity) <= severities.indexOf(threshold);
}
