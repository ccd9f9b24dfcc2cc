import { Uri, type ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { startClient } from './language-client.ts';

export function activate(context: ExtensionContext): Promise<void> {
  return startClient(context, (options) => {
    const module = Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
    const run = { module, transport: TransportKind.ipc };
    const debug = { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } };
    return new LanguageClient('shipshape', 'Shipshape', { run, debug }, options);
  });
}
