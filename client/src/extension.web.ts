/// <reference lib="webworker" />
import { Uri, window, workspace, type ExtensionContext } from 'vscode';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from 'vscode-languageclient/browser';
import { startClient } from './language-client.ts';
import { registerNoPrograms } from './no-programs.ts';

export function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel('Shipshape', { log: true });
  context.subscriptions.push(output);
  registerNoPrograms(context, output);
  return startClient(context, output, (options) => {
    const script = Uri.joinPath(context.extensionUri, 'dist', 'server.web.js');
    // A restart needs a worker of its own.
    return new LanguageClient('shipshape', 'Shipshape', () => startServer(script), options);
  });
}

/**
 * VS Code starts no worker from the address of an extension that lies on a remote machine, so it gets the script itself.
 * Its workers are no instances of `Worker` to the client, which therefore has to be given the ends to read and write.
 */
async function startServer(script: Uri): Promise<MessageTransports> {
  const source = new Uint8Array(await workspace.fs.readFile(script));
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
  return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
}
