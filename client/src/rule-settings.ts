/** `shipshape.rules` of one settings file: severities, or options with a severity among them. */
export type RuleSettings = Readonly<Record<string, unknown>>;

/** The rule's options stay for the day it is turned on again. */
export function withRuleOff(rules: RuleSettings | undefined, rule: string): RuleSettings {
  const current = rules?.[rule];
  const hasOptions = typeof current === 'object' && current !== null && !Array.isArray(current);
  return { ...rules, [rule]: hasOptions ? { ...current, severity: 'off' } : 'off' };
}
