import {
  Diagnostic,
  DiagnosticSeverity,
  languages,
  Range,
  Uri,
  workspace,
  type DiagnosticCollection,
  type TextDocument,
} from 'vscode';
import { linesOf, positionAt } from '../../../server/src/text/lines.ts';
import { marksOf } from './marks.ts';
import type { PromiseId } from './promise.ts';
import type { ProofRecord, ProofRecords } from './proofs.ts';

const source = 'Shipshape prove';

/** Broken promises on the lines of the Dockerfile, until the instruction is edited or the image is proved anew. */
export class ProofDiagnostics {
  readonly #records: ProofRecords;
  readonly #collection: DiagnosticCollection = languages.createDiagnosticCollection('shipshape-prove');
  readonly #disposables: readonly { dispose(): unknown }[];

  constructor(records: ProofRecords) {
    this.#records = records;
    this.#disposables = [
      this.#collection,
      records.onDidChange(() => void this.refresh()),
      workspace.onDidChangeTextDocument(({ document }) => this.#show(document.uri, document.getText())),
      workspace.onDidOpenTextDocument((document) => this.#show(document.uri, document.getText())),
      workspace.onDidDeleteFiles(({ files }) => files.forEach((file) => this.#collection.delete(file))),
    ];
  }

  /** For all files, open or not. */
  async refresh(): Promise<void> {
    const uris = new Set(this.#records.all.flatMap((record) => record.source?.uri ?? []));
    for (const text of uris) {
      const uri = Uri.parse(text);
      this.#show(uri, await currentText(uri));
    }
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #show(uri: Uri, text: string | undefined): void {
    const records = this.#records.all.filter((record) => record.source?.uri === uri.toString());
    if (records.length === 0) return;
    this.#collection.set(uri, text === undefined ? [] : records.flatMap((record) => diagnosticsOf(record, text)));
  }
}

/** The promise that a diagnostic of ours is about. */
export function promiseOf(diagnostic: Diagnostic): PromiseId | undefined {
  return diagnostic.source === source ? (diagnostic.code as PromiseId) : undefined;
}

function diagnosticsOf({ proof, source: built }: ProofRecord, text: string): readonly Diagnostic[] {
  if (built === undefined) return [];
  const lines = linesOf(text);
  return marksOf(proof.verdicts, built, text).map(({ verdict, range }) => {
    const start = positionAt(lines, range.start);
    const end = positionAt(lines, range.end);
    const message = verdict.advice === undefined ? verdict.message : `${verdict.message}\n${verdict.advice}`;
    const diagnostic = new Diagnostic(
      new Range(start.line, start.column, end.line, end.column),
      message,
      DiagnosticSeverity.Warning,
    );
    diagnostic.source = source;
    diagnostic.code = verdict.promise;
    return diagnostic;
  });
}

async function currentText(uri: Uri): Promise<string | undefined> {
  const open: TextDocument | undefined = workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  if (open) return open.getText();
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
