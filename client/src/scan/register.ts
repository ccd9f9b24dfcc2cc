import { env, Range, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import type { Parts } from '../programs.ts';
import { registerCommand } from '../ui/register-command.ts';
import { UserError } from '../ui/user-error.ts';
import { linesOf, positionAt } from '../../../server/src/text/lines.ts';
import { provideActions } from './actions.ts';
import { scanAgain, scanDockerfile, scanImage, scanWorkspace, type Scanning } from './command.ts';
import { DetailsPanel, goTo, type Shown } from './details.ts';
import { FindingDiagnostics } from './diagnostics.ts';
import { exportSarif } from './export.ts';
import type { Finding, Misconfiguration } from './finding.ts';
import { inlineIgnore } from './ignore-inline.ts';
import { askAcceptance, ignoreFindings } from './ignore-command.ts';
import { showStatus } from './status.ts';
import { ScanStore } from './store.ts';
import { ScanViews } from './store-views.ts';
import { FindingsTree, type Node } from './tree.ts';
import { advisoryOf, webLink } from './web-link.ts';

export function registerScan(parts: Parts): void {
  const { context, register, builds, output } = parts;
  const folder = Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'scans');
  const store = new ScanStore(folder, output);
  const views = new ScanViews(store, builds);
  const tree = new FindingsTree(views, context.workspaceState);
  const diagnostics = new FindingDiagnostics(views);
  const details = new DetailsPanel();
  const scanning: Scanning = {
    parts,
    store,
    reveal: async (key) => {
      await views.refresh();
      await tree.reveal(key);
    },
  };
  context.subscriptions.push(store, views, tree, diagnostics, details, showStatus(views), provideActions(diagnostics));
  context.subscriptions.push(
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('shipshape.trivy.problems')) diagnostics.refresh();
    }),
  );
  void store.load();

  register('shipshape.scanImage', (uri, options) => scanImage(scanning, dockerfileUri(uri), targetIn(options)));
  register('shipshape.scanWorkspace', (uri) => scanWorkspace(scanning, 'workspace', uriOf(uri)));
  register('shipshape.scanSecrets', (uri) => scanWorkspace(scanning, 'secrets', uriOf(uri)));
  register('shipshape.scanDockerfile', (uri) => scanDockerfile(scanning, dockerfileUri(uri)));

  // What is known already may be looked at in a restricted workspace, too.
  const view = registerCommand(context, output);
  view('shipshape.exportSarif', () => exportSarif(views.all));
  view('shipshape.findings.bySeverity', () => tree.reshape({ by: 'severity' }));
  view('shipshape.findings.byPackage', () => tree.reshape({ by: 'package' }));
  view('shipshape.findings.byLayer', () => tree.reshape({ by: 'layer' }));
  view('shipshape.findings.onlyFixable', () => tree.reshape({ onlyFixable: true }));
  view('shipshape.findings.showAll', () => tree.reshape({ onlyFixable: false }));
  register('shipshape.findings.rescan', (node) => {
    const { scan } = (node as Node).view;
    return scanAgain(scanning, scan);
  });
  view('shipshape.findings.remove', (node) => store.remove((node as Node).view.scan.key));
  view('shipshape.findings.show', (node) => details.show(shownOf(node)));
  view('shipshape.findings.goTo', (node) => goTo(shownOf(node)));
  view('shipshape.findings.openAdvisory', async (what) => {
    const link = typeof what === 'string' ? webLink(what) : advisoryOf(shownOf(what).placed.finding);
    if (link !== undefined) await env.openExternal(Uri.parse(link));
  });
  view('shipshape.findings.copyCommand', async (text) => {
    await env.clipboard.writeText(String(text));
    window.setStatusBarMessage('Copied: paste it into a terminal', 5000);
  });
  view('shipshape.findings.ignore', async (what) => {
    const { key, findings } = toIgnore(what);
    const scan = store.all.find((each) => each.key === key);
    if (scan) await ignoreFindings(store, scan, findings);
  });
  view('shipshape.findings.ignoreInline', (uri, finding) => {
    return ignoreInline(store, uri as Uri, finding as Misconfiguration);
  });
  view('shipshape.findings.ignoreShown', async () => {
    const { shown } = details;
    if (shown) await ignoreFindings(store, shown.view.scan, [shown.placed.finding]);
  });
  view('shipshape.findings.goToShown', async () => {
    if (details.shown) await goTo(details.shown);
  });
}

async function ignoreInline(store: ScanStore, uri: Uri, finding: Misconfiguration): Promise<void> {
  const acceptance = await askAcceptance(`'${finding.id}'`);
  if (acceptance === undefined) return;
  const document = await workspace.openTextDocument(uri);
  const text = document.getText();
  const comment = inlineIgnore(text, finding, acceptance);
  if (!comment) throw new UserError('There is no line to put the comment over: ignore it in the ignore file');
  const { line, column } = positionAt(linesOf(text), comment.range.start);
  const edit = new WorkspaceEdit();
  edit.insert(uri, new Range(line, column, line, column).start, comment.text);
  await workspace.applyEdit(edit);
  for (const { key } of store.all) await store.without(key, (each) => isSame(each, finding));
}

/** A finding comes back from the editor as a copy where it went through a command. */
function isSame(a: Finding, b: Misconfiguration): boolean {
  return a.kind === b.kind && a.id === b.id && a.target === b.target && a.lines?.first === b.lines?.first;
}

function shownOf(node: unknown): Shown {
  const { view, item } = node as Extract<Node, { kind: 'finding' }>;
  return { view, placed: item.placed };
}

function toIgnore(what: unknown): { readonly key: string; readonly findings: readonly Finding[] } {
  if (typeof what === 'object' && what !== null && 'view' in what) {
    const { view, placed } = shownOf(what);
    return { key: view.scan.key, findings: [placed.finding] };
  }
  return what as { readonly key: string; readonly findings: readonly Finding[] };
}

/** From a lens, a menu or the palette; without one the file in front, if it is a Dockerfile. */
function dockerfileUri(uri: unknown): Uri | undefined {
  const given = uriOf(uri);
  if (given) return given;
  const document = window.activeTextEditor?.document;
  return document?.languageId === 'dockerfile' ? document.uri : undefined;
}

function uriOf(uri: unknown): Uri | undefined {
  if (uri instanceof Uri) return uri;
  return typeof uri === 'string' && uri !== '' ? Uri.parse(uri) : undefined;
}

function targetIn(options: unknown): string | undefined {
  if (typeof options !== 'object' || options === null || !('target' in options)) return undefined;
  return typeof options.target === 'string' ? options.target : undefined;
}
