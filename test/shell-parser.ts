import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadShellParser } from '../server/src/syntax/shell/parser.ts';
import type { ShellParser } from '../server/src/syntax/shell/script.ts';

const { resolve } = createRequire(import.meta.url);

/** The one parser of all tests: its grammar takes longer to load than most tests to run. */
export const shellParser: ShellParser = await loadShellParser({
  runtime: await readFile(resolve('web-tree-sitter/web-tree-sitter.wasm')),
  grammar: await readFile(resolve('tree-sitter-bash/tree-sitter-bash.wasm')),
});
