import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { createConnection } from 'vscode-languageserver/node';
import { startServer } from './lsp/server.ts';

// V8 would optimise the grammar's one huge function: half a gigabyte for a few microseconds of each keystroke.
for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag);

// The build copies the WebAssembly beside the bundle.
const read = (file: string): Promise<Uint8Array> => readFile(join(import.meta.dirname, file));

startServer(createConnection(), {
  readShellParser: async () => {
    const [runtime, grammar] = await Promise.all([read('web-tree-sitter.wasm'), read('tree-sitter-bash.wasm')]);
    return { runtime, grammar };
  },
});
