import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { startServer } from './lsp/server.ts';

// A worker can neither read its own folder nor open a socket: the client sends it what it needs.
startServer(createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self)));
