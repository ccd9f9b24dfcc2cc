import { applyEdits, type Edit, type Fix, type NewFile } from '../text/problem.ts';
import { touches } from '../text/range.ts';
import type { Document } from './document.ts';
import type { Finding } from './finding.ts';
import { lint, type LintOptions } from './lint.ts';
import type { Settings } from './settings.ts';
import { countParseProblems } from './parse-problems.ts';

export interface FixAllOptions extends LintOptions {
  readonly text: string;
  /** Parses a text in the place of the document; `reparse` does. */
  readonly open: (text: string) => Document;
  readonly settings: Settings;
  readonly include: 'safe' | 'all';
  /** Only the fixes of this rule. */
  readonly rule?: string;
  /** False where no files can be written: then fixes that write some are left out. */
  readonly allowsNewFiles?: boolean;
}

export interface FixAllResult {
  readonly text: string;
  readonly newFiles: readonly NewFile[];
  readonly applied: readonly AppliedFix[];
}

export interface AppliedFix {
  readonly rule: string;
  readonly title: string;
}

/** No real file needs more: each round is one fix deep in a pile of overlapping ones. */
const mostRounds = 20;

/** Fixes until nothing is left to fix. Each fix is made whole or not at all, and none that leaves the file broken. */
export function fixAll(options: FixAllOptions): FixAllResult {
  const { include, rule, allowsNewFiles = true } = options;
  const isWanted = (candidate: Candidate): boolean =>
    (include === 'all' || candidate.fix.safe) &&
    (rule === undefined || candidate.rule === rule) &&
    (allowsNewFiles || (candidate.fix.newFiles ?? []).length === 0);
  const states: FixAllResult[] = [{ text: options.text, newFiles: [], applied: [] }];
  for (let round = 0; round < mostRounds; round++) {
    const state = states.at(-1) ?? { text: options.text, newFiles: [], applied: [] };
    const next = fixOnce(state, options, isWanted);
    if (next === undefined) return state;
    // Fixes that undo each other: the text before they began to is the one that stays the same when asked again.
    const before = states.find(({ text }) => text === next.text);
    if (before !== undefined && next.newFiles.length === before.newFiles.length) return before;
    states.push(next);
  }
  return states.at(-1) ?? { text: options.text, newFiles: [], applied: [] };
}

interface Candidate {
  readonly rule: string;
  readonly fix: Fix;
}

/** As many fixes as can be made at once; `undefined` when there is none. */
function fixOnce(
  state: FixAllResult,
  options: FixAllOptions,
  isWanted: (candidate: Candidate) => boolean,
): FixAllResult | undefined {
  const document = options.open(state.text);
  const candidates = lint(document, options.settings, options)
    .flatMap(({ rule, fix }: Finding) => (fix === undefined ? [] : [{ rule, fix }]))
    .filter((candidate) => isWanted(candidate) && isApplicable(candidate.fix, state));
  let chosen = withoutOverlaps(candidates);
  const problems = countParseProblems(document);
  const breaks = (fixes: readonly Candidate[]): boolean =>
    countParseProblems(options.open(textAfter(state.text, fixes))) > problems;
  if (chosen.length > 0 && breaks(chosen)) {
    chosen = chosen.reduce<readonly Candidate[]>(
      (kept, each) => (breaks([...kept, each]) ? kept : [...kept, each]),
      [],
    );
  }
  if (chosen.length === 0) return undefined;
  return {
    text: textAfter(state.text, chosen),
    newFiles: [...state.newFiles, ...chosen.flatMap(({ fix }) => fix.newFiles ?? [])],
    applied: [...state.applied, ...chosen.map(({ rule, fix }) => ({ rule, title: fix.title }))],
  };
}

/** The first in the text wins; the others have their turn in the next round, when they may look different. */
function withoutOverlaps(candidates: readonly Candidate[]): readonly Candidate[] {
  const chosen: Candidate[] = [];
  const edits: Edit[] = [];
  const paths = new Set<string>();
  for (const candidate of candidates.toSorted((a, b) => firstOffset(a.fix) - firstOffset(b.fix))) {
    const { fix } = candidate;
    const clashes =
      fix.edits.some((edit) => edits.some((other) => touches(edit.range, other.range))) ||
      (fix.newFiles ?? []).some(({ path }) => paths.has(path));
    if (clashes) continue;
    chosen.push(candidate);
    edits.push(...fix.edits);
    for (const { path } of fix.newFiles ?? []) paths.add(path);
  }
  return chosen;
}

/** A rule's slip must not cost text: edits that overlap each other or leave the file are not made. */
function isApplicable(fix: Fix, { text, newFiles }: FixAllResult): boolean {
  if (fix.newFiles?.some(({ path }) => newFiles.some((written) => written.path === path)) === true) return false;
  if (fix.edits.length === 0) return (fix.newFiles ?? []).length > 0;
  const ordered = fix.edits.map(({ range }) => range).toSorted((a, b) => a.start - b.start || a.end - b.end);
  const isInside = ordered.every(({ start, end }) => start >= 0 && start <= end && end <= text.length);
  const isApart = ordered.every((range, i) => range.start >= (ordered[i - 1]?.end ?? 0));
  return isInside && isApart && applyEdits(text, fix.edits) !== text;
}

function textAfter(text: string, candidates: readonly Candidate[]): string {
  return applyEdits(
    text,
    candidates.flatMap(({ fix }) => fix.edits),
  );
}

function firstOffset({ edits }: Fix): number {
  return Math.min(...edits.map(({ range }) => range.start));
}
