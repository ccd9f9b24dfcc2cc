import { env, Uri, window, workspace } from 'vscode';
import { queryPage } from '../azure/portal.ts';
import { queriesFor, type LogQuery } from '../deploy/after/queries.ts';
import { askLogs, workspaceOf } from '../deploy/after/ask-logs.ts';
import { logPage } from '../deploy/after/log-page.ts';
import { existingTarget } from './deploy-command.ts';
import type { Deploying } from './deploying.ts';
import { pick } from './pick.ts';

/** One of the three questions, answered in an editor; from there it can be opened in the portal, against the same workspace. */
export async function queryLogs(deploying: Deploying, given: unknown): Promise<void> {
  const { target } = await existingTarget(given, 'logs need a target');
  const queries = queriesFor(target);
  const query = await pick<LogQuery>({ title: 'Query logs', placeholder: 'What do you want to know?' }, () =>
    Promise.resolve(queries.map((value) => ({ label: value.title, detail: value.kql.split('\n')[0] ?? '', value }))),
  );
  const arm = await deploying.session.arm(target.tenant);
  const logs = await workspaceOf(arm, target, query.from);
  const { id } = logs;
  const [here, portal] = ['Answer here', 'Open in the portal'];
  const how =
    id === undefined
      ? here
      : await pick<string>({ title: query.title, placeholder: 'Where?' }, () =>
          Promise.resolve([here, portal].map((value) => ({ label: value, value }))),
        );
  if (how === portal && id !== undefined) {
    await env.openExternal(Uri.parse(queryPage(arm.cloud, id, query.kql, target.tenant)));
    return;
  }
  const table = await askLogs(arm, logs, query.kql);
  if (table.rows.length === 0 && table.incomplete === undefined) {
    void window.showInformationMessage(`${query.title}: nothing in the last day; ${query.needs}`);
    return;
  }
  const content = logPage(query, table);
  await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content }), { preview: true });
}
