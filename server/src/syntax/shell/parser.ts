import { Language, Parser, type Tree } from 'web-tree-sitter';
import { buildExec, buildScript } from './build.ts';
import { leadingHeredoc } from './leading-heredoc.ts';
import { nodeKindsOf } from './node-kinds.ts';
import { relocate, shiftBy } from './relocate.ts';
import { emptyScript, type Script, type ShellParser } from './script.ts';
import { readStructure } from './structure.ts';

export interface ShellBytes {
  /** `web-tree-sitter.wasm`: its bytes, or where it can be fetched. */
  readonly runtime: Uint8Array | string;
  /** `tree-sitter-bash.wasm`. */
  readonly grammar: Uint8Array;
}

/** How many scripts are kept: more than any workspace has open at once. */
const cacheSize = 2000;

/** A string within a string within a string is where the reading ends. */
const deepestString = 4;

/** A script longer than this is generated, and not worth a second of anybody's time. */
const longestSource = 1 << 17;

/** The grammar's scanner takes quadratic time over heredocs and what looks like them. */
const mostHeredocs = 50;

/** Milliseconds. Ordinary text of the greatest length takes half of it; thousands of pipes or closing brackets in a row would take minutes. */
const longestTime = 300;

export async function loadShellParser({ runtime, grammar }: ShellBytes): Promise<ShellParser> {
  // Without `locateFile` the loader makes a URL of its own address, which fails in a worker that was started from a blob.
  await Parser.init(
    typeof runtime === 'string'
      ? { locateFile: () => runtime }
      : { wasmBinary: runtime, locateFile: (name: string) => name },
  );
  const language = await Language.load(grammar);
  const parseTree = treeParserFor(language);
  const kinds = nodeKindsOf(language);
  const cache = new Map<string, { readonly offset: number; readonly script: Script }>();

  const read = (written: string, offset: number, depth: number): Script => {
    if (depth > deepestString) return emptyScript;
    const source = readable(written);
    const heredoc = leadingHeredoc(source);
    const tree = parseTree(heredoc?.rest ?? source);
    if (!tree) return { ...emptyScript, errors: [{ start: offset, end: offset + source.length }] };
    try {
      const structure = readStructure(tree, heredoc?.rest ?? source, kinds);
      if (heredoc) structure.commands[0]?.redirections.unshift(heredoc.redirection);
      return buildScript(source, offset, structure, (text) => read(text, 0, depth + 1));
    } finally {
      tree.delete();
    }
  };

  return {
    parse(source, offset) {
      const known = cache.get(source);
      // A map keeps the order of insertion: what was used last is put last.
      if (known) cache.delete(source);
      const script = known ? moved(known.script, offset - known.offset) : read(source, offset, 0);
      cache.set(source, { offset, script });
      for (const oldest of cache.keys()) {
        if (cache.size <= cacheSize) break;
        cache.delete(oldest);
      }
      return script;
    },
    parseExec: (words) => buildExec(words, (text) => read(text, 0, 1)),
  };
}

/** As long as it was, without what the grammar stumbles over: it takes NUL for the end, and a backslash at the end for an error. */
function readable(source: string): string {
  const withoutNul = source.includes('\0') ? source.replaceAll('\0', '\ufffd') : source;
  return withoutNul.replace(/\\\r?\n\s*$/, (end) => ' '.repeat(end.length));
}

/** `undefined` for a text that takes too long or that is nested deeper than the library's memory is made for. */
function treeParserFor(language: Language): (source: string) => Tree | undefined {
  let parser = new Parser().setLanguage(language);
  return (source) => {
    if (source.length > longestSource || source.split('<<', mostHeredocs).length === mostHeredocs) return undefined;
    const deadline = Date.now() + longestTime;
    try {
      const tree = parser.parse(source, null, { progressCallback: () => Date.now() > deadline });
      if (!tree) parser.reset();
      return tree ?? undefined;
    } catch {
      // The library gives up with an exception, and this parser is of no more use.
      parser = new Parser().setLanguage(language);
      return undefined;
    }
  };
}

function moved(script: Script, distance: number): Script {
  return distance === 0 ? script : relocate(script, shiftBy(distance));
}
