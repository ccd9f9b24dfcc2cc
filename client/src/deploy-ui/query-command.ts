import { env, Uri, window, workspace } from 'vscode';
import { queryPage } from '../azure/portal.ts';
import { queriesFor, type LogQuery } from '../deploy/after/queries.ts';
import { askLogs, workspaceOf, type LogTable } from '../deploy/after/ask-logs.ts';
import { existingTarget } from './deploy-command.ts';
import type { Deploying } from './deploying.ts';
import { pick } from './pick.ts';

/** One of the three questions, answered in an editor; from there it can be opened in the portal, against the same workspace. */
export async function queryLogs(deploying: Deploying, given: unknown): Promise<void> {
  const { target } = await existingTarget(given, 'logs need a target');
  const queries = queriesFor(target.app.kind, target.app.name, target.monitoring.applicationInsights !== undefined);
  const query = await pick<LogQuery>({ title: 'Query logs', placeholder: 'What do you want to know?' }, () =>
    Promise.resolve(queries.map((value) => ({ label: value.title, detail: value.kql.split('\n')[0] ?? '', value }))),
  );
  const arm = await deploying.session.arm(target.tenant);
  const logs = await workspaceOf(arm, target);
  const [here, portal] = ['Answer here', 'Open in the portal'];
  const how = await pick<string>({ title: query.title, placeholder: 'Where?' }, () =>
    Promise.resolve([here, portal].map((value) => ({ label: value, value }))),
  );
  if (how === portal) {
    await env.openExternal(Uri.parse(queryPage(arm.cloud, logs.id, query.kql, target.tenant)));
    return;
  }
  const table = await askLogs(arm, logs, query.kql);
  if (table.rows.length === 0) {
    void window.showInformationMessage(`${query.title}: nothing in the last day`);
    return;
  }
  const content = `# ${query.title}, last 24 hours\n\n${markdownOf(table)}\n\n\`\`\`kusto\n${query.kql}\n\`\`\`\n`;
  await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content }), { preview: true });
}

export function markdownOf({ columns, rows }: LogTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}
