import type { Severity } from '../text/problem.ts';
import { fingerprintsOf } from './fingerprint.ts';
import { repositoryPath } from './github.ts';
import { spansIn, type Report } from './report.ts';

const levels: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'major', info: 'minor', hint: 'info' };

/** A Code Quality report, which GitLab shows in merge requests. */
export function gitlabReport(report: Report): string {
  const entries = report.files.flatMap((file) => {
    const path = repositoryPath(report, file.uri, file.path);
    const fingerprints = fingerprintsOf(path, file);
    const spanOf = spansIn(file.text);
    return file.findings.map(({ rule, severity, message, range }, i) => {
      const { start, end } = spanOf(range);
      return {
        description: message,
        check_name: rule,
        fingerprint: fingerprints[i],
        severity: levels[severity],
        location: { path, lines: { begin: start.line, end: end.line } },
      };
    });
  });
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
