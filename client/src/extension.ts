import { Uri, window, type ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { startClient } from './language-client.ts';
import { registerPrograms } from './programs.ts';

export function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel('Shipshape', { log: true });
  context.subscriptions.push(output);
  registerPrograms(context, output);
  return startClient(context, output, (options) => {
    const module = Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
    const run = { module, transport: TransportKind.ipc };
    const debug = { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } };
    return new LanguageClient('shipshape', 'Shipshape', { run, debug }, options);
  });
}
