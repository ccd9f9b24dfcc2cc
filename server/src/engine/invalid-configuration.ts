import type { Rule } from '../rules/rule.ts';
import type { Problem } from '../text/problem.ts';

/** A config file as far as it could be read. */
export interface CheckedConfig {
  readonly problems: readonly Problem[];
}

export const invalidConfiguration: Rule<CheckedConfig> = {
  id: 'invalid-configuration',
  summary: 'Write only settings that exist in `.shipshape.yaml`.',
  why: `A misspelt setting or rule name does nothing, and whoever wrote it believes that it does.
What is wrong is left out; the rest of the file holds.`,
  category: 'correctness',
  severity: 'warning',
  bad: `
preset: strikt
        ^^^^^^ 'strikt' is no preset: did you mean 'strict'?
rules:
  unused-supression: off
  ^^^^^^^^^^^^^^^^^ There is no rule 'unused-supression': did you mean 'unused-suppression'?
=> Change to 'strict'; Change to 'unused-suppression'
preset: strict
rules:
  unused-suppression: off
`,
  good: `
preset: strict
rules:
  unused-suppression: off
ignore:
  - vendor/
fail-on: warning
`,

  *check({ problems }) {
    yield* problems;
  },
};
