import { xmlEscaped } from '../text/xml.ts';
import { spansIn, summaryOf, type FileReport, type Report } from './report.ts';

/** One suite for each file, one failed case for each problem; a file without problems is one passed case. */
export function junitReport({ files, unreadable }: Report): string {
  const failures = summaryOf(files).problems;
  const passed = files.filter((file) => file.findings.length === 0).length;
  const tests = failures + passed + unreadable.length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="shipshape" tests="${tests}" failures="${failures}" errors="${unreadable.length}">`,
    ...files.flatMap(suite),
    ...unreadable.flatMap(({ path, message }) => [
      `  <testsuite name="${xmlEscaped(path)}" tests="1" failures="0" errors="1">`,
      `    <testcase name="read" classname="${xmlEscaped(path)}">`,
      `      <error message="${xmlEscaped(message)}"/>`,
      '    </testcase>',
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite({ path, text, findings }: FileReport): readonly string[] {
  const spanOf = spansIn(text);
  const name = xmlEscaped(path);
  const cases = findings.flatMap(({ rule, severity, message, range }) => {
    const { line, column } = spanOf(range).start;
    return [
      `    <testcase name="${xmlEscaped(rule)} (${line}:${column})" classname="${name}" file="${name}" line="${line}">`,
      `      <failure type="${severity}" message="${xmlEscaped(message)}">${name}:${line}:${column} ${xmlEscaped(message)}</failure>`,
      '    </testcase>',
    ];
  });
  return [
    `  <testsuite name="${name}" tests="${Math.max(findings.length, 1)}" failures="${findings.length}" errors="0">`,
    ...(findings.length > 0 ? cases : [`    <testcase name="no problems" classname="${name}" file="${name}"/>`]),
    '  </testsuite>',
  ];
}
