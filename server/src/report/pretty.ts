import type { Finding } from '../engine/finding.ts';
import type { Severity } from '../text/problem.ts';
import { linesOf } from '../text/lines.ts';
import type { Range } from '../text/range.ts';
import { plural, spansIn, summaryOf, type FileReport, type Report } from './report.ts';
import { drawWindow, printable } from './window.ts';

export interface Look {
  readonly colours: boolean;
  /** How many columns a line of source may take. */
  readonly width: number;
}

type Style = 'bold' | 'dim' | 'cyan' | Severity;
export type Paint = (style: Style, text: string) => string;

const codes: Readonly<Record<Style, string>> = {
  bold: '1',
  dim: '2',
  cyan: '36',
  error: '31',
  warning: '33',
  info: '34',
  hint: '36',
};

/** For people at a terminal: each problem under the source it is about, and how many there are. */
export function prettyReport(report: Report, look: Look): string {
  const paint = painter(look.colours);
  const blocks = report.files.flatMap((file) => fileBlocks(file, look, paint));
  return `${[...blocks, summaryLine(report, paint)].join('\n')}\n`;
}

export function painter(colours: boolean): Paint {
  return (style, text) => (colours ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
}

function fileBlocks(file: FileReport, { width }: Look, paint: Paint): readonly string[] {
  const spanOf = spansIn(file.text);
  const source = { text: file.text, lines: linesOf(file.text) };
  const path = printable(file.path);
  const place = (range: Range): string => {
    const { line, column } = spanOf(range).start;
    return `${path}:${line}:${column}`;
  };
  return file.findings.map((finding) => {
    const { rule, severity, range, message, related = [] } = finding;
    const lines = [
      `${paint('bold', place(range))} ${paint(severity, severity)} ${paint('dim', rule)}`,
      ...drawWindow(source, { range, message: printable(message), severity }, width, paint),
      ...fixLines(finding, paint),
      ...related.map((other) => `  ${paint('dim', 'see')} ${place(other.range)} ${printable(other.message)}`),
    ];
    return `${lines.join('\n')}\n`;
  });
}

function fixLines({ fix }: Finding, paint: Paint): readonly string[] {
  if (fix === undefined) return [];
  return [`  ${paint('cyan', `=> ${printable(fix.title)}`)} ${paint('dim', fix.safe ? '(--fix)' : '(--fix-unsafe)')}`];
}

function summaryLine({ files, unreadable }: Report, paint: Paint): string {
  const summary = summaryOf(files);
  const checked = plural(summary.files, 'file');
  const unread = unreadable.length > 0 ? `; ${plural(unreadable.length, 'file')} could not be read` : '';
  if (summary.problems === 0) return `No problems in ${checked}${unread}`;
  const counts = (['error', 'warning', 'info', 'hint'] as const)
    .filter((severity) => summary[severity] > 0)
    .map((severity) =>
      paint(severity, severity === 'info' ? `${summary.info} info` : plural(summary[severity], severity)),
    );
  return `${plural(summary.problems, 'problem')} (${counts.join(', ')}) in ${checked}${fixable(files)}${unread}`;
}

function fixable(files: readonly FileReport[]): string {
  const fixes = files.flatMap((file) => file.findings.flatMap((finding) => finding.fix ?? []));
  if (fixes.length === 0) return '';
  const safe = fixes.filter((fix) => fix.safe).length;
  if (safe === 0) return `; ${fixes.length} fixable with --fix-unsafe`;
  return `; ${safe} fixable with --fix${safe < fixes.length ? `, ${fixes.length - safe} more with --fix-unsafe` : ''}`;
}
