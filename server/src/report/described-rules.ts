import { engineRules } from '../engine/engine-rules.ts';
import { composeRules, dockerfileRules } from '../rules/index.ts';
import type { DescribedRule } from './rule-page.ts';

/** Every rule there is, with the language of its examples. */
export const describedRules: readonly DescribedRule[] = [
  ...dockerfileRules.map((rule) => ({ rule, language: 'dockerfile' as const })),
  ...composeRules.map((rule) => ({ rule, language: 'compose' as const })),
  ...engineRules.map((rule) => ({
    rule,
    language: rule.id === 'invalid-configuration' ? ('config' as const) : ('dockerfile' as const),
  })),
];
