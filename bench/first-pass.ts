// One pass over a corpus in a process of its own, as the command line does it: nothing is compiled yet.
// `node bench/first-pass.ts PASS KIND [FOLDER]` prints what it took as JSON.
import type { DocumentKind } from '../server/src/engine/document.ts';
import { readCorpus } from './corpus.ts';
import { take } from './measure.ts';
import { loadPasses, type PassName } from './passes.ts';

const [name, kind, folder] = process.argv.slice(2) as [PassName, DocumentKind, string | undefined];
const sources = readCorpus(folder, kind);
const { [name]: pass } = await loadPasses();
const taken = await take(() => pass(sources));
console.log(JSON.stringify({ ...taken, peak: process.resourceUsage().maxRSS / 1000 }));
