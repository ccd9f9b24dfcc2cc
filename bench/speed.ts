import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { DocumentKind } from '../server/src/engine/document.ts';
import { readCorpus, type Source } from './corpus.ts';
import { median, medianOf, take, type Taken } from './measure.ts';
import { forgetScripts, loadPasses, type PassName } from './passes.ts';

export const passNames = ['bare', 'recommended', 'all'] as const satisfies readonly PassName[];
type Name = (typeof passNames)[number];

export interface Speed {
  readonly files: number;
  readonly kilobytes: number;
  readonly warm: Readonly<Record<Name, Taken>>;
  readonly first: Readonly<Record<Name, Taken & { readonly peak: number }>>;
}

/** The same corpus parsed bare and linted, once in a fresh process and many times over in this one. */
export async function measureSpeed(folder: string | undefined, kind: DocumentKind, rounds: number): Promise<Speed> {
  const sources = readCorpus(folder, kind);
  return {
    files: sources.length,
    kilobytes: sources.reduce((sum, { text }) => sum + text.length, 0) / 1000,
    first: firstPasses(folder, kind, rounds),
    warm: await warmPasses(sources, rounds),
  };
}

/** In turns, so that what else the machine does meets all alike. */
async function warmPasses(sources: readonly Source[], rounds: number): Promise<Speed['warm']> {
  const passes = await loadPasses();
  const taken: Record<Name, Taken[]> = { bare: [], recommended: [], all: [] };
  const warmUp = 2;
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const name of passNames) {
      forgetScripts(passes.shell);
      const one = await take(() => passes[name](sources));
      if (round >= warmUp) taken[name].push(one);
    }
  }
  return { bare: medianOf(taken.bare), recommended: medianOf(taken.recommended), all: medianOf(taken.all) };
}

function firstPasses(folder: string | undefined, kind: DocumentKind, rounds: number): Speed['first'] {
  const taken: Record<Name, (Taken & { readonly peak: number })[]> = { bare: [], recommended: [], all: [] };
  for (let round = 0; round < rounds; round++)
    for (const name of passNames) taken[name].push(inFreshProcess(name, kind, folder));
  const middle = (all: readonly (Taken & { readonly peak: number })[]) => ({
    ...medianOf(all),
    peak: median(all.map(({ peak }) => peak)),
  });
  return { bare: middle(taken.bare), recommended: middle(taken.recommended), all: middle(taken.all) };
}

function inFreshProcess(name: Name, kind: DocumentKind, folder: string | undefined): Taken & { readonly peak: number } {
  const script = join(import.meta.dirname, 'first-pass.ts');
  const printed = execFileSync(process.execPath, [script, name, kind, ...(folder === undefined ? [] : [folder])]);
  return JSON.parse(printed.toString()) as Taken & { readonly peak: number };
}
