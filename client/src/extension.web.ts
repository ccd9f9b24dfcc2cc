/// <reference lib="webworker" />
import { Uri, type ExtensionContext } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { startClient } from './language-client.ts';

export function activate(context: ExtensionContext): Promise<void> {
  return startClient(context, (options) => {
    const script = Uri.joinPath(context.extensionUri, 'dist', 'server.web.js').toString(true);
    // A restart needs a worker of its own.
    const start = (): Promise<Worker> => Promise.resolve(new Worker(script));
    return new LanguageClient('shipshape', 'Shipshape', start, options);
  });
}
