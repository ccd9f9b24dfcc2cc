import type { LogTable } from './ask-logs.ts';
import type { LogQuery } from './queries.ts';

/** An answer as a page that can be kept. */
export function logPage({ title, kql }: LogQuery, table: LogTable): string {
  const { incomplete } = table;
  const warning = incomplete === undefined ? [] : [`**Not everything**: ${cell(incomplete)}`];
  const query = ['```kusto', kql, '```'].join('\n');
  return `${[`# ${title}, last 24 hours`, ...warning, markdownOf(table), query].join('\n\n')}\n`;
}

export function markdownOf({ columns, rows }: LogTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** What an app logs is shown, and does nothing else: no links, pictures or commands of its making. */
function cell(text: string): string {
  return text.replaceAll(/[\\|[\]<>`*_!]/g, '\\$&').replaceAll(/\s*\n\s*/g, ' ');
}
