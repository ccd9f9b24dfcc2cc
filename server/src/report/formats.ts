import { githubReport } from './github.ts';
import { gitlabReport } from './gitlab.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { prettyReport, type Look } from './pretty.ts';
import type { Report } from './report.ts';
import type { DescribedRule } from './rule-page.ts';
import { sarifReport } from './sarif.ts';

export const formats = ['pretty', 'json', 'sarif', 'github', 'gitlab', 'junit'] as const;
export type Format = (typeof formats)[number];

export interface Appearance {
  readonly look: Look;
  readonly rules: readonly DescribedRule[];
}

export function formatReport(format: Format, report: Report, { look, rules }: Appearance): string {
  switch (format) {
    case 'pretty':
      return prettyReport(report, look);
    case 'json':
      return jsonReport(report);
    case 'sarif':
      return sarifReport(report, rules);
    case 'github':
      return githubReport(report);
    case 'gitlab':
      return gitlabReport(report);
    case 'junit':
      return junitReport(report);
  }
}
