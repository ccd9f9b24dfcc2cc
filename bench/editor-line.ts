import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type DocumentDiagnosticReport,
  type ProtocolConnection,
} from 'vscode-languageserver-protocol/node';

/** The line between an editor that asks for diagnostics, as VS Code does, and a server process. */
export class EditorLine {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #connection: ProtocolConnection;
  #version = 1;

  private constructor(server: string) {
    this.#child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#connection = createProtocolConnection(
      new StreamMessageReader(this.#child.stdout),
      new StreamMessageWriter(this.#child.stdin),
    );
    this.#connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => ({})));
    this.#connection.onRequest('client/registerCapability', () => null);
    this.#connection.onRequest('shipshape/readFile', () => ({}));
    this.#connection.onRequest('shipshape/listFolder', () => ({ entries: [] }));
    this.#connection.listen();
  }

  static async start(server: string): Promise<EditorLine> {
    const line = new EditorLine(server);
    await line.#connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: [{ uri: 'file:///bench', name: 'bench' }],
      capabilities: {
        textDocument: { diagnostic: { relatedInformation: true, codeDescriptionSupport: true } },
        workspace: { configuration: true },
      },
      initializationOptions: { files: true },
    });
    await line.#connection.sendNotification('initialized', {});
    return line;
  }

  open(uri: string, text: string): Promise<void> {
    const textDocument = { uri, languageId: 'dockerfile', version: this.#version, text };
    return this.#connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  /** Replaces so many characters behind `before`. */
  change(uri: string, before: string, replaced: number, text: string): Promise<void> {
    const lines = before.split('\n');
    const start = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
    const end = { ...start, character: start.character + replaced };
    return this.#connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: ++this.#version },
      contentChanges: [{ range: { start, end }, text }],
    });
  }

  diagnostics(uri: string): Promise<DocumentDiagnosticReport> {
    return this.#connection.sendRequest('textDocument/diagnostic', { textDocument: { uri }, identifier: 'shipshape' });
  }

  async end(): Promise<void> {
    await this.#connection.sendRequest('shutdown');
    const exit = once(this.#child, 'exit');
    await this.#connection.sendNotification('exit');
    await exit;
    this.#connection.dispose();
  }
}
