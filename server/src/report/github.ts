import type { Severity } from '../text/problem.ts';
import { relativeUri, spansIn, type Report } from './report.ts';

const commands: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
  hint: 'notice',
};

/** Workflow commands, which GitHub Actions shows as annotations on the lines of a pull request. */
export function githubReport(report: Report): string {
  const lines: string[] = [];
  for (const { path, uri, text, findings } of report.files) {
    const spanOf = spansIn(text);
    const file = repositoryPath(report, uri, path);
    for (const { rule, severity, message, range } of findings) {
      const { start, end } = spanOf(range);
      lines.push(
        command(commands[severity], message, {
          file,
          line: start.line,
          endLine: end.line,
          // The runner refuses columns on an annotation of several lines.
          ...(start.line === end.line && { col: start.column, endColumn: end.column }),
          title: rule,
        }),
      );
    }
  }
  for (const { path, uri, message } of report.unreadable) {
    lines.push(command('error', message, { file: repositoryPath(report, uri, path) }));
  }
  return lines.join('');
}

function command(name: string, message: string, properties: Readonly<Record<string, string | number>>): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${written.join(',')}::${escapeData(message)}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Paths from the folder the command ran in, whatever form they were given in; the path as given when it lies outside. */
export function repositoryPath(report: Report, uri: string, path: string): string {
  const relative = relativeUri(report, uri);
  return relative === undefined ? path : decodeURIComponent(relative);
}
