import type { Finding } from '../engine/finding.ts';
import type { Fix } from '../text/problem.ts';
import type { Range } from '../text/range.ts';
import { spansIn, summaryOf, type Report, type Span } from './report.ts';

/** The format other programs read; documented in docs/command-line.md, and only ever added to. */
export function jsonReport(report: Report): string {
  const files = report.files.map(({ path, text, findings }) => {
    const spanOf = spansIn(text);
    return { path, problems: findings.map((finding) => problemOf(finding, spanOf)) };
  });
  return `${JSON.stringify({ version: report.version, files, summary: summaryOf(report.files) })}\n`;
}

type SpanOf = (range: Range) => Span;

function problemOf(finding: Finding, spanOf: SpanOf): object {
  const { rule, aliases, severity, message, range, fix, related } = finding;
  return {
    rule,
    aliases,
    severity,
    message,
    ...spanOf(range),
    ...(fix && { fix: fixOf(fix, spanOf) }),
    ...(related && { related: related.map((place) => ({ message: place.message, ...spanOf(place.range) })) }),
  };
}

function fixOf({ title, safe, edits, newFiles }: Fix, spanOf: SpanOf): object {
  return {
    title,
    safe,
    edits: edits.map((edit) => ({ ...spanOf(edit.range), text: edit.text })),
    ...(newFiles && { newFiles }),
  };
}
