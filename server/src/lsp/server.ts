import {
  CodeActionKind,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  LSPErrorCodes,
  PositionEncodingKind,
  RAL,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  type CancellationToken,
  type Connection,
  type InitializeResult,
  type ServerCapabilities,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { loadShellParser } from '../syntax/shell/parser.ts';
import { emptyScript, type ShellParser } from '../syntax/shell/script.ts';
import { Analyses, Outdated } from './analyses.ts';
import { clientFeaturesOf, type ClientFeatures } from './client-features.ts';
import { codeActionsFor, resolveCodeAction } from './code-actions.ts';
import { completionsFor } from './completion.ts';
import { askAgain, Diagnostics } from './diagnostics.ts';
import { ClientFiles, type FileChange } from './files.ts';
import { hoverFor } from './hover.ts';
import { fixAllKind, shellParserRequest, type ShellParserResult } from './protocol.ts';
import { EditorSettings } from './settings.ts';
import { watchedFiles } from './watched-files.ts';

/** What the place the server runs in can do for it. */
export interface Host {
  /** The WebAssembly of the shell parser; without this the client is asked for it. */
  readonly readShellParser?: () => Promise<ShellParserResult>;
}

/** Serves one client until the connection closes. Everything else hangs off what is made here. */
export function startServer(connection: Connection, host: Host = {}): void {
  connection.onInitialize((params): InitializeResult => {
    const client = clientFeaturesOf(params);
    serve(connection, client, host);
    return { capabilities: capabilitiesFor(client), serverInfo: { name: 'Shipshape' } };
  });
  connection.listen();
}

function serve(connection: Connection, client: ClientFeatures, host: Host): void {
  const onError = (what: string, error: unknown): void =>
    connection.console.error(
      `${what} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  const documents = new TextDocuments(TextDocument);
  const files = new ClientFiles({
    openText: (uri) => documents.get(uri)?.getText(),
    ask:
      client.options.files === true
        ? (request, params) => connection.sendRequest(request, params)
        : () => Promise.resolve(undefined),
  });
  const settings = new EditorSettings(connection, client);
  const shell = loadShell(connection, host, onError);
  const analyses = new Analyses({
    documents,
    files,
    settings,
    shell,
    onRuleError: (rule, error) => onError(`Rule '${rule}'`, error),
  });
  const diagnostics = new Diagnostics({ connection, client, analyses, openUris: () => documents.keys(), onError });
  const actions = { analyses, files, client, versionOf: (uri: string) => documents.get(uri)?.version };
  const fileChanged = (change: FileChange): void =>
    diagnostics.dependenciesChanged(analyses.forgetDependentsOf(change));

  /** A request that fails costs only its own answer; one whose document or asker has moved on is given up. */
  const answer =
    <P, R>(what: string, none: R, respond: (params: P) => Promise<R>) =>
    async (params: P, token: CancellationToken): Promise<R> => {
      // Messages that wait in the queue go first: a newer keystroke, or that nobody wants this any more.
      await nextTurn();
      if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled');
      try {
        return await respond(params);
      } catch (error) {
        if (error instanceof Outdated) throw askAgain();
        onError(what, error);
        return none;
      }
    };

  connection.languages.diagnostics.on(
    answer('textDocument/diagnostic', { kind: 'full', items: [] }, (params) =>
      diagnostics.report(params.textDocument.uri, params.previousResultId),
    ),
  );
  connection.onHover(answer('textDocument/hover', null, (params) => hoverFor(analyses, params)));
  connection.onCodeAction(answer('textDocument/codeAction', [], (params) => codeActionsFor(actions, params)));
  connection.onCodeActionResolve((action, token) =>
    answer('codeAction/resolve', action, (chosen: typeof action) => resolveCodeAction(actions, chosen))(action, token),
  );
  connection.onCompletion(answer('textDocument/completion', [], (params) => completionsFor(documents, client, params)));

  documents.onDidChangeContent(({ document }) => {
    diagnostics.documentChanged(document.uri);
    fileChanged({ uri: document.uri, cameOrWent: false });
  });
  documents.onDidClose(({ document }) => {
    analyses.forget(document.uri);
    settings.forget(document.uri);
    files.forget(document.uri);
    diagnostics.documentClosed(document.uri);
    fileChanged({ uri: document.uri, cameOrWent: false });
  });
  documents.listen(connection);

  connection.onDidChangeConfiguration((params) => {
    settings.change(params.settings);
    analyses.forgetAll();
    diagnostics.allChanged();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri, type } of changes) {
      const cameOrWent = type !== FileChangeType.Changed;
      if (!cameOrWent && documents.get(uri) !== undefined) continue; // what counts is the open buffer
      files.forget(uri);
      fileChanged({ uri, cameOrWent });
    }
  });
  connection.onInitialized(() => {
    void shell(); // so that it is there when the first document is
    register(connection, client).catch((error: unknown) => onError('client/registerCapability', error));
  });
}

function capabilitiesFor(client: ClientFeatures): ServerCapabilities {
  return {
    positionEncoding: PositionEncodingKind.UTF16,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    ...(client.pullsDiagnostics && {
      diagnosticProvider: { identifier: 'shipshape', interFileDependencies: true, workspaceDiagnostics: false },
    }),
    hoverProvider: true,
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind], resolveProvider: true },
    completionProvider: { triggerCharacters: ['=', ','] },
    workspace: { workspaceFolders: { supported: true } },
  };
}

async function register(connection: Connection, client: ClientFeatures): Promise<void> {
  const { client: remote } = connection;
  if (client.registersConfiguration) await remote.register(DidChangeConfigurationNotification.type);
  if (!client.registersWatchers) return;
  const watchers = watchedFiles.map((globPattern) => ({ globPattern }));
  await remote.register(DidChangeWatchedFilesNotification.type, { watchers });
}

/** Loaded once, and kept. Where it cannot be, everything but the shell's own rules still works. */
function loadShell(
  connection: Connection,
  host: Host,
  onError: (what: string, error: unknown) => void,
): () => Promise<ShellParser> {
  const read = host.readShellParser ?? (() => connection.sendRequest<ShellParserResult>(shellParserRequest));
  const load = async (): Promise<ShellParser> => {
    try {
      return await loadShellParser(await read());
    } catch (error) {
      onError('Loading the shell parser', error);
      return { parse: () => emptyScript, parseExec: () => emptyScript };
    }
  };
  let loading: Promise<ShellParser> | undefined;
  return () => (loading ??= load());
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void RAL().timer.setImmediate(resolve));
}
