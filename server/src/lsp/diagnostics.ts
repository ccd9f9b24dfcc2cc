import {
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
  type Connection,
  type Diagnostic,
  type DiagnosticServerCancellationData,
  type DocumentDiagnosticReport,
} from 'vscode-languageserver';
import { Outdated, type Analyses } from './analyses.ts';
import type { ClientFeatures } from './client-features.ts';
import { toDiagnostic } from './convert.ts';

/** How long a client that is sent diagnostics must have typed nothing. One that asks for them decides itself when. */
const pushDelay = 75;

interface Context {
  readonly connection: Connection;
  readonly client: ClientFeatures;
  readonly analyses: Analyses;
  readonly openUris: () => readonly string[];
  readonly onError: (what: string, error: unknown) => void;
}

/** Gets findings to the client: answers where it asks, sends them where it does not. */
export class Diagnostics {
  readonly #context: Context;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #reports = new Map<string, { readonly id: string; readonly content: string }>();
  #reportCount = 0;
  #isRefreshing = false;

  constructor(context: Context) {
    this.#context = context;
  }

  /** A report that repeats the last one is only named: the client keeps what it shows. */
  async report(uri: string, previous: string | undefined): Promise<DocumentDiagnosticReport> {
    const items = await this.#diagnosticsOf(uri);
    const content = JSON.stringify(items);
    let report = this.#reports.get(uri);
    if (report?.content !== content) {
      report = { id: String(++this.#reportCount), content };
      this.#reports.set(uri, report);
    }
    if (report.id === previous) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: report.id };
    return { kind: DocumentDiagnosticReportKind.Full, resultId: report.id, items };
  }

  /** The document itself was changed: a client that asks will do so by itself. */
  documentChanged(uri: string): void {
    if (!this.#context.client.pullsDiagnostics) this.#pushLater(uri);
  }

  /** What these documents depend on was changed. */
  dependenciesChanged(uris: readonly string[]): void {
    if (uris.length === 0) return;
    if (!this.#context.client.pullsDiagnostics) for (const uri of uris) this.#pushLater(uri);
    else this.#refresh();
  }

  allChanged(): void {
    this.dependenciesChanged(this.#context.openUris());
  }

  documentClosed(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
    this.#reports.delete(uri);
    if (!this.#context.client.pullsDiagnostics) this.#send(uri, [], undefined);
  }

  async #diagnosticsOf(uri: string): Promise<Diagnostic[]> {
    const analysis = await this.#context.analyses.of(uri);
    if (analysis === undefined) return [];
    return analysis.findings.map((finding) => toDiagnostic(analysis, finding, this.#context.client));
  }

  #refresh(): void {
    if (this.#isRefreshing || !this.#context.client.refreshesDiagnostics) return;
    this.#isRefreshing = true;
    // In a turn of its own, so that many events at once make one request.
    setTimeout(() => {
      this.#isRefreshing = false;
      this.#context.connection.languages.diagnostics
        .refresh()
        .catch((error: unknown) => this.#context.onError('workspace/diagnostic/refresh', error));
    });
  }

  #pushLater(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.set(
      uri,
      setTimeout(() => {
        this.#timers.delete(uri);
        this.#push(uri).catch((error: unknown) => this.#context.onError('textDocument/publishDiagnostics', error));
      }, pushDelay),
    );
  }

  async #push(uri: string): Promise<void> {
    try {
      const analysis = await this.#context.analyses.of(uri);
      if (analysis === undefined) return;
      const diagnostics = analysis.findings.map((finding) => toDiagnostic(analysis, finding, this.#context.client));
      this.#send(uri, diagnostics, analysis.version);
    } catch (error) {
      if (!(error instanceof Outdated)) throw error; // a timer for the newer version runs already
    }
  }

  #send(uri: string, diagnostics: Diagnostic[], version: number | undefined): void {
    this.#context.connection
      .sendDiagnostics({ uri, diagnostics, ...(version !== undefined && { version }) })
      .catch((error: unknown) => this.#context.onError('textDocument/publishDiagnostics', error));
  }
}

/** Tells a client that asked about an older version to ask again. */
export function askAgain(): ResponseError<DiagnosticServerCancellationData> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, 'The document was changed', { retriggerRequest: true });
}
