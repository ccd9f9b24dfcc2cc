import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'vscode-languageserver/node';
import { startServer } from './lsp/server.ts';

// The build copies the WebAssembly beside the bundle.
const read = (file: string): Promise<Uint8Array> => readFile(join(import.meta.dirname, file));

startServer(createConnection(), {
  readShellParser: async () => {
    const [runtime, grammar] = await Promise.all([read('web-tree-sitter.wasm'), read('tree-sitter-bash.wasm')]);
    return { runtime, grammar };
  },
});
