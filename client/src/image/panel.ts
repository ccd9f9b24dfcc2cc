import { randomBytes } from 'node:crypto';
import { Uri, ViewColumn, window, type Disposable, type ExtensionContext, type WebviewPanel } from 'vscode';
import type { LayerRecords } from './layer-records.ts';
import { layerPage } from './page.ts';
import type { LayerReport } from './report.ts';

export interface Shown {
  /** Opens the picture, or brings it to the front. */
  open(): void;
}

export interface PanelActions {
  readonly reveal: (instruction: number) => unknown;
  readonly openRule: (rule: string) => unknown;
}

const type = 'shipshape.layers';

/** The picture of the image shown last. There is one; it comes back after a reload. */
export function layerPanel(context: ExtensionContext, records: LayerRecords, actions: PanelActions): Shown {
  const files = Uri.joinPath(context.extensionUri, 'dist');
  const options = { enableScripts: true, localResourceRoots: [files] };
  let panel: WebviewPanel | undefined;
  const show = (): void => {
    if (panel === undefined) return;
    const { webview } = panel;
    const uriOf = (name: string) => webview.asWebviewUri(Uri.joinPath(files, name)).toString();
    panel.title = 'Image layers';
    webview.html = layerPage(records.shown, {
      nonce: randomBytes(16).toString('base64url'),
      files: { source: webview.cspSource, script: uriOf('layers.js'), style: uriOf('layers.css') },
      when,
    });
  };
  const adopt = (found: WebviewPanel): void => {
    panel = found;
    panel.webview.options = options;
    const listeners: Disposable[] = [
      panel.webview.onDidReceiveMessage((message: unknown) => act(message, records.shown, actions)),
      panel.onDidDispose(() => {
        panel = undefined;
        for (const listener of listeners) listener.dispose();
      }),
    ];
    show();
  };
  context.subscriptions.push(
    records.onDidChange(show),
    window.registerWebviewPanelSerializer(type, {
      deserializeWebviewPanel: (found) => {
        adopt(found);
        return Promise.resolve();
      },
    }),
  );
  return {
    open: () => {
      if (panel) panel.reveal();
      else adopt(window.createWebviewPanel(type, 'Image layers', { viewColumn: ViewColumn.Beside }, options));
    },
  };
}

/** A page may send anything: only what is in the report is acted on. */
function act(message: unknown, report: LayerReport | undefined, { reveal, openRule }: PanelActions): void {
  if (typeof message !== 'object' || message === null || report === undefined) return;
  const { kind, row, instruction, rule } = message as Readonly<Record<string, unknown>>;
  const wanted = kind === 'row' && typeof row === 'number' ? report.rows[row]?.instruction : instruction;
  if (kind === 'row' || kind === 'instruction') {
    const known = report.rows.some((each) => each.instruction !== undefined && each.instruction === wanted);
    if (known && typeof wanted === 'number') reveal(wanted);
  } else if (kind === 'rule' && typeof rule === 'string' && report.advice.some((each) => each.rule === rule)) {
    openRule(rule);
  }
}

function when(at: number): string {
  const then = new Date(at);
  const isToday = then.toDateString() === new Date().toDateString();
  return isToday
    ? `today at ${then.toLocaleTimeString(undefined, { timeStyle: 'short' })}`
    : then.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
