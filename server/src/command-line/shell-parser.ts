import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadShellParser } from '../syntax/shell/parser.ts';
import type { ShellParser } from '../syntax/shell/script.ts';

/** The parser's WebAssembly lies beside the bundle; run from source, it is in node_modules. */
export async function loadShell(program: string): Promise<ShellParser> {
  const read = (name: string, packageName: string): Uint8Array => {
    const bundled = join(program, name);
    return readFileSync(existsSync(bundled) ? bundled : join(program, '../../node_modules', packageName, name));
  };
  return loadShellParser({
    runtime: read('web-tree-sitter.wasm', 'web-tree-sitter'),
    grammar: read('tree-sitter-bash.wasm', 'tree-sitter-bash'),
  });
}
