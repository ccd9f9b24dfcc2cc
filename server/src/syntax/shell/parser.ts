import { Language, Parser } from 'web-tree-sitter';
import { buildExec, buildScript } from './build.ts';
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
const longestSource = 1 << 18;

export async function loadShellParser({ runtime, grammar }: ShellBytes): Promise<ShellParser> {
  await Parser.init(typeof runtime === 'string' ? { locateFile: () => runtime } : { wasmBinary: runtime });
  const language = await Language.load(grammar);
  const parser = new Parser().setLanguage(language);
  const kinds = nodeKindsOf(language);
  const cache = new Map<string, { readonly offset: number; readonly script: Script }>();

  const read = (source: string, offset: number, depth: number): Script => {
    if (depth > deepestString || source.length > longestSource) return emptyScript;
    const tree = parser.parse(source);
    if (!tree) return emptyScript;
    try {
      const structure = readStructure(tree, source, kinds);
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

function moved(script: Script, distance: number): Script {
  return distance === 0 ? script : relocate(script, shiftBy(distance));
}
