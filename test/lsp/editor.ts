import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import type { TestContext } from 'node:test';
import { createConnection } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type CodeAction,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type Hover,
  type InitializeResult,
  type MessageReader,
  type MessageWriter,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';
import type { InitializationOptions, ShellParserResult } from '../../server/src/lsp/protocol.ts';
import { startServer } from '../../server/src/lsp/server.ts';
import { underline } from '../../server/src/text/draw.ts';

const { resolve } = createRequire(import.meta.url);
const deadline = 60_000;

const folder = 'file:///work%20space/app';

export interface Transport {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
}

export interface EditorOptions {
  /** What is stored in the folder, by path relative to it. */
  readonly files?: Record<string, string>;
  /** The `shipshape` settings; the test may change them. */
  readonly settings?: Record<string, unknown>;
  readonly capabilities?: ClientCapabilities;
  readonly options?: InitializationOptions;
  /** The line to a server that runs already, instead of one in this process. */
  readonly transport?: Transport;
}

/** What VS Code can do, as far as it matters here. */
export const pulling: ClientCapabilities = {
  textDocument: {
    diagnostic: {
      relatedInformation: true,
      codeDescriptionSupport: true,
      tagSupport: { valueSet: [1, 2] },
    },
    codeAction: { resolveSupport: { properties: ['edit'] } },
  },
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    diagnostics: { refreshSupport: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ['create'] },
  },
};

export const pushing: ClientCapabilities = {
  textDocument: { publishDiagnostics: { codeDescriptionSupport: true } },
  workspace: { configuration: true },
};

/** An editor at the other end of a pipe: real protocol, real server, no window. */
export class Editor {
  readonly connection: ProtocolConnection;
  readonly logged: string[] = [];
  readonly watchers: string[] = [];
  readonly reads: string[] = [];
  initialized!: InitializeResult;
  refreshes = 0;
  /** What each read waits for. */
  gate: Promise<void> = Promise.resolve();
  readonly #files: Map<string, string>;
  readonly #settings: Record<string, unknown>;
  readonly #documents = new Map<string, TextDocument>();
  readonly #published: PublishDiagnosticsParams[] = [];
  readonly #listeners = new Set<() => void>();

  private constructor(connection: ProtocolConnection, { files = {}, settings = {} }: EditorOptions) {
    this.connection = connection;
    this.#files = new Map(Object.entries(files));
    this.#settings = settings;
    const heard = <P, R>(respond: (params: P) => R) => {
      return (params: P): R => {
        const result = respond(params);
        queueMicrotask(() => this.#listeners.forEach((listen) => listen()));
        return result;
      };
    };
    connection.onNotification(
      'window/logMessage',
      heard(({ message }: { message: string }) => void this.logged.push(message)),
    );
    connection.onNotification(
      'textDocument/publishDiagnostics',
      heard((params: PublishDiagnosticsParams) => void this.#published.push(params)),
    );
    connection.onRequest(
      'workspace/diagnostic/refresh',
      heard(() => {
        this.refreshes++;
      }),
    );
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => this.#settings),
    );
    connection.onRequest(
      'client/registerCapability',
      heard(
        ({ registrations }: { registrations: { registerOptions?: { watchers?: { globPattern: string }[] } }[] }) => {
          this.watchers.push(
            ...registrations.flatMap(
              ({ registerOptions }) => registerOptions?.watchers?.map((each) => each.globPattern) ?? [],
            ),
          );
        },
      ),
    );
    const reading = heard((path: string) => void this.reads.push(path));
    connection.onRequest('shipshape/readFile', async ({ uri }: { uri: string }) => {
      reading(pathOf(uri));
      await this.gate;
      return { text: this.#files.get(pathOf(uri)) };
    });
    connection.onRequest('shipshape/shellParser', readShellParser);
    connection.onRequest('shipshape/listFolder', ({ uri }: { uri: string }) => {
      const inside = `${uri}/`;
      const names = [...this.#files.keys()].filter((path) => uriOf(path).startsWith(inside));
      return { entries: names.map((path) => ({ name: uriOf(path).slice(inside.length), isFolder: false })) };
    });
  }

  /** Ended, with its server, when the test ends. */
  static async start(test: TestContext, options: EditorOptions = {}): Promise<Editor> {
    const { reader, writer } = options.transport ?? serverInProcess();
    const connection = createProtocolConnection(reader, writer);
    const editor = new Editor(connection, options);
    connection.listen();
    test.after(() => connection.dispose());
    editor.initialized = await connection.sendRequest<InitializeResult>('initialize', {
      processId: null,
      rootUri: null,
      workspaceFolders: [{ uri: folder, name: 'app' }],
      capabilities: options.capabilities ?? pulling,
      initializationOptions: options.options ?? { files: true, commands: true },
    });
    await connection.sendNotification('initialized', {});
    return editor;
  }

  async open(path: string, text: string, languageId = 'dockerfile'): Promise<void> {
    const document = TextDocument.create(uriOf(path), languageId, 1, text);
    this.#documents.set(document.uri, document);
    const textDocument = { uri: document.uri, languageId, version: 1, text };
    await this.connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  /** Types `text` over the first occurrence of `over`. */
  async type(path: string, over: string, text: string): Promise<void> {
    const document = this.document(path);
    const start = document.getText().indexOf(over);
    if (start < 0) throw new Error(`'${over}' is not in ${path}`);
    const range = { start: document.positionAt(start), end: document.positionAt(start + over.length) };
    const version = document.version + 1;
    TextDocument.update(document, [{ range, text }], version);
    const contentChanges = [{ range, text }];
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: document.uri, version },
      contentChanges,
    });
  }

  async close(path: string): Promise<void> {
    const uri = uriOf(path);
    this.#documents.delete(uri);
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  /** Stores a file, or deletes it, and says so. */
  async store(path: string, text: string | undefined): Promise<void> {
    const type = text === undefined ? 3 : this.#files.has(path) ? 2 : 1;
    if (text === undefined) this.#files.delete(path);
    else this.#files.set(path, text);
    await this.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uriOf(path), type }],
    });
  }

  async set(settings: Record<string, unknown>): Promise<void> {
    Object.assign(this.#settings, settings);
    await this.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  }

  document(path: string): TextDocument {
    const document = this.#documents.get(uriOf(path));
    if (document === undefined) throw new Error(`${path} is not open`);
    return document;
  }

  async pull(path: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.connection.sendRequest<DocumentDiagnosticReport>('textDocument/diagnostic', {
      textDocument: { uri: uriOf(path) },
      identifier: 'shipshape',
      ...(previousResultId !== undefined && { previousResultId }),
    });
  }

  async diagnostics(path: string): Promise<readonly Diagnostic[]> {
    const report = await this.pull(path);
    return report.kind === 'full' ? report.items : [];
  }

  /** The document with each diagnostic under its place, as `rule: message`. */
  async drawn(path: string): Promise<string> {
    return this.draw(path, await this.diagnostics(path));
  }

  draw(path: string, diagnostics: readonly Diagnostic[]): string {
    const document = this.document(path);
    const problems = diagnostics.map(({ range, code, message }) => ({
      range: { start: document.offsetAt(range.start), end: document.offsetAt(range.end) },
      message: `${String(code)}: ${typeof message === 'string' ? message : message.value}`,
    }));
    return underline(document.getText(), problems);
  }

  /** The next diagnostics that are sent for this version of the document. */
  async published(path: string, version?: number): Promise<readonly Diagnostic[]> {
    const wanted = (params: PublishDiagnosticsParams): boolean =>
      params.uri === uriOf(path) && params.version === version;
    await this.until(() => this.#published.some(wanted));
    return this.#published.findLast(wanted)?.diagnostics ?? [];
  }

  get publishedVersions(): readonly (number | undefined)[] {
    return this.#published.map(({ version }) => version);
  }

  async codeActions(path: string, at: string, only?: readonly string[]): Promise<readonly CodeAction[]> {
    const document = this.document(path);
    const position = document.positionAt(document.getText().indexOf(at));
    return this.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: document.uri },
      range: { start: position, end: position },
      context: { diagnostics: [], ...(only && { only }) },
    });
  }

  /** Chooses the action with this title, as far as the edit it makes. */
  async choose(path: string, at: string, title: string, only?: readonly string[]): Promise<WorkspaceEdit> {
    const actions = await this.codeActions(path, at, only);
    const action = actions.find((each) => each.title === title);
    if (action === undefined) throw new Error(`No '${title}' among: ${actions.map((each) => each.title).join('; ')}`);
    const resolved = action.edit ? action : await this.connection.sendRequest<CodeAction>('codeAction/resolve', action);
    if (resolved.edit === undefined) throw new Error(`'${title}' has no edit`);
    return resolved.edit;
  }

  /** What the files look like after an edit, by path; it must be about the versions that are open. */
  after(edit: WorkspaceEdit): Readonly<Record<string, string>> {
    const texts: Record<string, string> = {};
    const current = (uri: string): TextDocument =>
      TextDocument.create(
        uri,
        '',
        0,
        texts[pathOf(uri)] ?? this.#documents.get(uri)?.getText() ?? this.#files.get(pathOf(uri)) ?? '',
      );
    for (const [uri, edits] of Object.entries(edit.changes ?? {})) {
      texts[pathOf(uri)] = TextDocument.applyEdits(current(uri), edits);
    }
    for (const change of edit.documentChanges ?? []) {
      if ('textDocument' in change) {
        const { uri, version } = change.textDocument;
        const open = this.#documents.get(uri);
        if ((open?.version ?? null) !== version)
          throw new Error(`${uri} is at version ${open?.version}, not ${version}`);
        texts[pathOf(uri)] = TextDocument.applyEdits(current(uri), change.edits as never);
      } else if (change.kind === 'create') texts[pathOf(change.uri)] = '';
    }
    return texts;
  }

  async hover(path: string, at: string): Promise<Hover | null> {
    const document = this.document(path);
    const position = document.positionAt(document.getText().indexOf(at));
    return this.connection.sendRequest<Hover | null>('textDocument/hover', {
      textDocument: { uri: document.uri },
      position,
    });
  }

  /** Completions at the `|` of the text, which is opened without it. */
  async complete(
    path: string,
    marked: string,
    languageId: string,
  ): Promise<readonly { label: string; textEdit?: unknown }[]> {
    await this.open(path, marked.replace('|', ''), languageId);
    const document = this.document(path);
    return this.connection.sendRequest('textDocument/completion', {
      textDocument: { uri: document.uri },
      position: document.positionAt(marked.indexOf('|')),
    });
  }

  /** Waits for what the server sends to make it true. */
  until(isTrue: () => boolean): Promise<void> {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(listen);
        fail(new Error(`Nothing of the kind within ${deadline} ms: ${isTrue.toString()}\n${this.logged.join('\n')}`));
      }, deadline);
      const listen = (): void => {
        if (!isTrue()) return;
        clearTimeout(timer);
        this.#listeners.delete(listen);
        done();
      };
      this.#listeners.add(listen);
      listen();
    });
  }
}

export function uriOf(path: string): string {
  return path.includes(':') ? path : `${folder}/${path}`;
}

function pathOf(uri: string): string {
  return uri.startsWith(`${folder}/`) ? decodeURIComponent(uri.slice(folder.length + 1)) : uri;
}

function serverInProcess(): Transport {
  const toServer = new PassThrough();
  const toEditor = new PassThrough();
  const connection = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toEditor));
  startServer(connection, { readShellParser });
  return { reader: new StreamMessageReader(toEditor), writer: new StreamMessageWriter(toServer) };
}

async function readShellParser(): Promise<ShellParserResult> {
  return {
    runtime: await readFile(resolve('web-tree-sitter/web-tree-sitter.wasm')),
    grammar: await readFile(resolve('tree-sitter-bash/tree-sitter-bash.wasm')),
  };
}
