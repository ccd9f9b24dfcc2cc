// `node bench/peers.ts [FOLDER]`: what dclint takes for a hundred Compose files, beside a bare parse and us. Prints JSON.
import * as dclint from 'dclint';
import { readCorpus } from './corpus.ts';
import { take } from './measure.ts';
import { loadPasses } from './passes.ts';

interface Peer {
  readonly DCLinter: new (config: Readonly<Record<string, unknown>>) => {
    lintFiles(paths: readonly string[], isRecursive: boolean): readonly unknown[];
  };
}

const sources = readCorpus(process.argv[2], 'compose').slice(0, 100);
const { bare, recommended } = await loadPasses();
// Its own types cannot be resolved from an ES module.
const { DCLinter } = dclint as unknown as Peer;
const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
const paths = [...new Set(sources.map(({ path }) => path))];

// Once to warm up.
await measure();
console.log(JSON.stringify(await measure()));

async function measure() {
  return {
    bare: await take(() => bare(sources)),
    ours: await take(() => recommended(sources)),
    dclint: await take(() => linter.lintFiles(paths, false)),
  };
}
