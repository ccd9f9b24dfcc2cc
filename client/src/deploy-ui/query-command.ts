import { randomBytes } from 'node:crypto';
import { env, Uri, ViewColumn, window } from 'vscode';
import { queryPage } from '../azure/portal.ts';
import { queriesFor, type LogQuery } from '../deploy/after/queries.ts';
import { askLogs, workspaceOf } from '../deploy/after/ask-logs.ts';
import { pageIcon } from '../ui/page-icon.ts';
import { existingTarget } from './deploy-command.ts';
import type { Deploying } from './deploying.ts';
import { pick } from './pick.ts';
import { queryResultPage } from './query-page.ts';

/** One of the three questions, answered on a page; from there it can be opened in the portal, against the same workspace. */
export async function queryLogs(deploying: Deploying, given: unknown): Promise<void> {
  const { target } = await existingTarget(given, 'logs need a target');
  const query = await pick<LogQuery>({ title: 'Query logs', placeholder: 'What do you want to know?' }, () =>
    Promise.resolve(queriesFor(target).map((value) => ({ label: value.title, value }))),
  );
  const arm = await deploying.session.arm(target.tenant);
  const logs = await workspaceOf(arm, target, query.from);
  const portal = logs.id === undefined ? undefined : queryPage(arm.cloud, logs.id, query.kql, target.tenant);
  const table = await askLogs(arm, logs, query.kql);
  if (table.rows.length === 0 && table.incomplete === undefined) {
    const open = 'Open in the portal';
    const message = `${query.title}: nothing in the last 24 hours; ${query.needs}`;
    const answer = await window.showInformationMessage(message, ...(portal === undefined ? [] : [open]));
    if (answer === open && portal !== undefined) await env.openExternal(Uri.parse(portal));
    return;
  }
  const options = { enableScripts: false, localResourceRoots: [] };
  const panel = window.createWebviewPanel('shipshape.query', query.title, ViewColumn.Active, options);
  panel.iconPath = pageIcon(deploying.parts.context.extensionUri);
  panel.webview.html = queryResultPage(query, table, {
    nonce: randomBytes(16).toString('base64url'),
    when: (time) => new Date(time).toLocaleString(),
    ...(portal !== undefined && { portal }),
  });
}
