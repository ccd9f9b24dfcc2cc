import { xmlEscaped } from '../../../../server/src/text/xml.ts';
import type { ProofReport, ReportedPromise } from '../report.ts';

/** One suite for the image, one case for each promise: a broken one has failed, one that does not apply is skipped. */
export function proofJunit(report: ProofReport): string {
  const { image, seconds, promises, summary } = report;
  const counts = `tests="${promises.length}" failures="${summary.broken}" errors="0" skipped="${summary.notApplicable}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="shipshape prove" ${counts} time="${seconds}">`,
    `  <testsuite name="${xmlEscaped(image)}" ${counts} time="${seconds}">`,
    ...promises.flatMap((promise) => testCase(promise, image)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(promise: ReportedPromise, image: string): readonly string[] {
  const { id, title, outcome, message, seconds, place } = promise;
  const where = place ? ` file="${xmlEscaped(place.file)}" line="${place.line}"` : '';
  const start = `    <testcase name="${xmlEscaped(`${title} (${id})`)}" classname="${xmlEscaped(image)}" time="${seconds}"${where}`;
  switch (outcome) {
    case 'kept':
      return [`${start}/>`];
    case 'not-applicable':
      return [`${start}>`, `      <skipped message="${xmlEscaped(message)}"/>`, '    </testcase>'];
    case 'broken':
      return [
        `${start}>`,
        `      <failure type="${id}" message="${xmlEscaped(message)}">${xmlEscaped(bodyOf(promise))}</failure>`,
        '    </testcase>',
      ];
  }
}

function bodyOf({ message, advice, details, place }: ReportedPromise): string {
  const start = place ? `${place.file}:${place.line} ${message}` : message;
  return [start, ...(advice === undefined ? [] : [advice]), ...details].join('\n');
}
