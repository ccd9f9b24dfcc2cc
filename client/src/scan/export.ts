import { Uri, window, workspace } from 'vscode';
import { UserError } from '../ui/user-error.ts';
import { sarifOf } from './sarif.ts';
import type { ScanView } from './store-views.ts';

/** Asks for a file and writes a scan into it as SARIF. */
export async function exportSarif(views: readonly ScanView[]): Promise<void> {
  const [only] = views;
  if (!only) throw new UserError('Scan something first');
  const view = views.length === 1 ? only : await choose(views);
  if (!view) return;
  const { scan, placed, covered, surroundings } = view;
  const root = scan.root === undefined ? workspace.workspaceFolders?.[0]?.uri : Uri.parse(scan.root);
  const name = `${scan.label.replace(/[^\w.-]+/g, '-')}.sarif`;
  const file = await window.showSaveDialog({
    title: 'Export findings as SARIF',
    filters: { SARIF: ['sarif', 'json'] },
    ...(root && { defaultUri: Uri.joinPath(root, name) }),
  });
  if (!file) return;
  const { dockerfile, files } = surroundings;
  const text = sarifOf({
    report: scan.report,
    placed: placed.filter(({ finding }) => !covered.has(finding)),
    files: [...(dockerfile ? [{ ...dockerfile, path: '' }] : []), ...files],
    ...(root && { root: `${root.toString().replace(/\/$/, '')}/` }),
  });
  await workspace.fs.writeFile(file, new TextEncoder().encode(text));
  const open = 'Open';
  void window.showInformationMessage(`Wrote '${workspace.asRelativePath(file, false)}'`, open).then((answer) => {
    if (answer === open) void window.showTextDocument(file);
  });
}

async function choose(views: readonly ScanView[]): Promise<ScanView | undefined> {
  const items = views.map((view) => ({
    label: view.scan.label,
    description: new Date(view.scan.at).toLocaleString(),
    view,
  }));
  return (await window.showQuickPick(items, { title: 'Export which scan?' }))?.view;
}
