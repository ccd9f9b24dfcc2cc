import { randomBytes } from 'node:crypto';
import { ViewColumn, window, workspace, type Disposable, type Uri, type WebviewPanel } from 'vscode';
import { pageIcon } from '../ui/page-icon.ts';
import { proofPage } from './page.ts';
import { reportOfRecord, type ProofRecord, type ProofRecords } from './proofs.ts';

const type = 'shipshape.proof';
const commandIds = ['shipshape.prove.again', 'shipshape.prove.copy', 'shipshape.prove.reveal'];
const options = { enableScripts: false, enableCommandUris: commandIds, localResourceRoots: [] };

/** The page of the newest proof; it comes back after a reload. */
export class ProofPanel implements Disposable {
  readonly #records: ProofRecords;
  readonly #disposables: readonly Disposable[];
  readonly #extension: Uri;
  #panel: WebviewPanel | undefined;
  #shown: ProofRecord | undefined;

  constructor(extension: Uri, records: ProofRecords) {
    this.#records = records;
    this.#extension = extension;
    this.#disposables = [
      window.registerWebviewPanelSerializer(type, {
        deserializeWebviewPanel: (panel) => {
          this.#adopt(panel);
          return Promise.resolve();
        },
      }),
      // It may have become out of date.
      workspace.onDidSaveTextDocument(({ uri }) => {
        if (this.#shown?.source?.uri === uri.toString()) this.#draw();
      }),
    ];
  }

  get shown(): ProofRecord | undefined {
    return this.#shown ?? this.#records.all[0];
  }

  show(record: ProofRecord): void {
    this.#shown = record;
    if (this.#panel) {
      this.#draw();
      this.#panel.reveal(undefined, true);
    } else {
      const where = { viewColumn: ViewColumn.Beside, preserveFocus: true };
      this.#adopt(window.createWebviewPanel(type, 'Proof', where, options));
    }
  }

  dispose(): void {
    this.#panel?.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #adopt(panel: WebviewPanel): void {
    this.#panel = panel;
    panel.webview.options = options;
    panel.iconPath = pageIcon(this.#extension);
    panel.onDidDispose(() => {
      this.#panel = undefined;
    });
    this.#draw();
  }

  #draw(): void {
    const record = this.shown;
    if (!this.#panel || !record) return;
    const report = reportOfRecord(record);
    this.#panel.title = `Proof of ${report.image}`;
    this.#panel.webview.html = proofPage(report, {
      nonce: randomBytes(16).toString('base64url'),
      when: timeText(record.at),
      again: 'command:shipshape.prove.again',
      copy: 'command:shipshape.prove.copy',
      reveal: (id) => `command:shipshape.prove.reveal?${encodeURIComponent(JSON.stringify([id]))}`,
      isChanged: isChanged(record),
    });
  }
}

function isChanged({ source }: ProofRecord): boolean {
  const document = source && workspace.textDocuments.find((each) => each.uri.toString() === source.uri);
  return document !== undefined && document.getText() !== source?.text;
}

function timeText(at: number): string {
  const then = new Date(at);
  return then.toDateString() === new Date().toDateString()
    ? `today at ${then.toLocaleTimeString(undefined, { timeStyle: 'short' })}`
    : `on ${then.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}`;
}
