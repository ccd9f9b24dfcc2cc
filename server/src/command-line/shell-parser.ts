import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { loadShellParser } from '../syntax/shell/parser.ts';
import type { ShellParser } from '../syntax/shell/script.ts';

/** The parser's WebAssembly lies beside the bundle; run from source, it is in node_modules. */
export async function loadShell(program: string): Promise<ShellParser> {
  const read = (name: string, packageName: string): Uint8Array => {
    const bundled = join(program, name);
    return readFileSync(existsSync(bundled) ? bundled : join(program, '../../node_modules', packageName, name));
  };
  // Optimizing the grammar's one huge function takes V8 half a gigabyte, and is not made up for even by a thousand files.
  for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag);
  return loadShellParser({
    runtime: read('web-tree-sitter.wasm', 'web-tree-sitter'),
    grammar: read('tree-sitter-bash.wasm', 'tree-sitter-bash'),
  });
}
