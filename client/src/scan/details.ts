import { randomBytes } from 'node:crypto';
import { Range, Uri, ViewColumn, window, workspace, type Disposable, type WebviewPanel } from 'vscode';
import { linesOf, positionAt } from '../../../server/src/text/lines.ts';
import { detailsPage } from './details-page.ts';
import type { Place, Placed } from './place/surroundings.ts';
import { textsOf, type ScanView } from './store-views.ts';
import { UserError } from '../ui/user-error.ts';

export interface Shown {
  readonly view: ScanView;
  readonly placed: Placed;
}

/** One page beside the code that shows the finding last asked for. */
export class DetailsPanel implements Disposable {
  #panel: WebviewPanel | undefined;
  #shown: Shown | undefined;

  get shown(): Shown | undefined {
    return this.#shown;
  }

  show(shown: Shown): void {
    this.#shown = shown;
    const panel = this.#panel ?? this.#open();
    const { finding, place } = shown.placed;
    const { scan, covered, isStale } = shown.view;
    const rule = covered.get(finding);
    panel.title = finding.id;
    panel.webview.html = detailsPage({
      finding,
      subject: `${scan.label}, ${new Date(scan.at).toLocaleString()}`,
      isStale,
      canIgnore: scan.root !== undefined,
      nonce: randomBytes(16).toString('hex'),
      ...(place && { place: placeText(shown.view, place) }),
      ...(rule !== undefined && { coveredBy: rule }),
    });
    panel.reveal(undefined, true);
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  #open(): WebviewPanel {
    const panel = window.createWebviewPanel(
      'shipshape.finding',
      'Finding',
      { viewColumn: ViewColumn.Beside, preserveFocus: true },
      {
        enableScripts: false,
        enableFindWidget: true,
        localResourceRoots: [],
        enableCommandUris: ['shipshape.findings.ignoreShown', 'shipshape.findings.goToShown'],
      },
    );
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#shown = undefined;
    });
    this.#panel = panel;
    return panel;
  }
}

/** Opens the file that a finding was put on, at its place. */
export async function goTo({ view, placed: { place } }: Shown): Promise<void> {
  if (!place) throw new UserError('This is in no file of the workspace');
  const uri = Uri.parse(place.uri);
  const document = await workspace.openTextDocument(uri);
  const lines = linesOf(textsOf(view.surroundings).get(place.uri) ?? document.getText());
  const start = positionAt(lines, place.range.start);
  const end = positionAt(lines, place.range.end);
  const selection = new Range(start.line, start.column, end.line, end.column);
  await window.showTextDocument(document, { selection, viewColumn: ViewColumn.One });
}

function placeText({ surroundings }: ScanView, { uri, range }: Place): string {
  const name = workspace.asRelativePath(Uri.parse(uri), false);
  const text = textsOf(surroundings).get(uri);
  return text === undefined ? name : `${name}, line ${positionAt(linesOf(text), range.start).line + 1}`;
}
