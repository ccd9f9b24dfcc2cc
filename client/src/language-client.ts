import { extensions, languages, Uri, workspace, type ExtensionContext, type LogOutputChannel } from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import {
  listFolderRequest,
  readFileRequest,
  shellParserRequest,
  type InitializationOptions,
  type ListFolderParams,
  type ReadFileParams,
  type ShellParserResult,
} from '../../server/src/lsp/protocol.ts';
import { registerCommands } from './commands.ts';
import { documentSelector } from './document-selector.ts';
import { listFolder, readFile } from './file-requests.ts';

/** What Node and the browser do differently. */
export type MakeClient = (options: LanguageClientOptions) => BaseLanguageClient;

/** Starts the language server and what belongs to it; both end with the extension. */
export async function startClient(
  context: ExtensionContext,
  output: LogOutputChannel,
  makeClient: MakeClient,
): Promise<void> {
  const selector = documentSelector((workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme));
  const initializationOptions: InitializationOptions = {
    files: true,
    commands: true,
    // Red Hat's YAML extension completes it by our schema: twice would be once too often.
    completesConfig: extensions.getExtension('redhat.vscode-yaml') !== undefined,
  };
  const client = makeClient({
    documentSelector: selector,
    outputChannel: output,
    initializationOptions,
    diagnosticPullOptions: { onChange: true },
  });
  client.onRequest(readFileRequest, ({ uri }: ReadFileParams) => readFile(Uri.parse(uri), foldersInUse()));
  client.onRequest(listFolderRequest, ({ uri }: ListFolderParams) => listFolder(Uri.parse(uri), foldersInUse()));
  client.onRequest(shellParserRequest, () => readShellParser(context.extensionUri));

  registerCommands(context, { client, output });
  context.subscriptions.push(client);
  await client.start();

  /** The workspace, and the folders of files that were opened from elsewhere. */
  function foldersInUse(): readonly Uri[] {
    const opened = workspace.textDocuments.filter((document) => languages.match(selector, document) > 0);
    return [
      ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri),
      ...opened.map(({ uri }) => Uri.joinPath(uri, '..')),
    ];
  }
}

async function readShellParser(extension: Uri): Promise<ShellParserResult> {
  const read = (file: string): Thenable<Uint8Array> => workspace.fs.readFile(Uri.joinPath(extension, 'dist', file));
  const [runtime, grammar] = await Promise.all([read('web-tree-sitter.wasm'), read('tree-sitter-bash.wasm')]);
  return { runtime, grammar };
}
