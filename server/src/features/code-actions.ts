import type { Finding } from '../engine/finding.ts';
import type { Edit, NewFile } from '../text/problem.ts';
import { touches, type Range } from '../text/range.ts';

/** One entry of the light bulb. */
export interface Action {
  /** Unique among the actions of a range. */
  readonly id: string;
  readonly title: string;
  readonly kind: 'quickfix' | 'fixAll';
  /** The problems it is about. */
  readonly findings: readonly Finding[];
  readonly isPreferred?: boolean;
  /** Better not worked out before it is chosen. */
  readonly isCostly?: boolean;
  readonly does: Deed;
}

export type Deed =
  | { readonly kind: 'change'; change(): Change }
  | { readonly kind: 'turn-off'; readonly rule: string }
  | { readonly kind: 'open-page'; readonly rule: string };

export interface Change {
  readonly edits: readonly Edit[];
  readonly newFiles?: readonly NewFile[];
}

/** How the engine changes a document as a whole, or by comment. */
export interface Changes {
  /** Every safe fix, or every fix of one rule. */
  fixAll(rule?: string): readonly Edit[];
  ignoreHere(finding: Finding): readonly Edit[];
}

/** What can be done about the problems at a range, nearest to the user's wish first. A config file has no `changes`: only fixes. */
export function quickFixes(
  findings: readonly Finding[],
  range: Range,
  changes: Changes | undefined,
): readonly Action[] {
  const here = findings.filter((finding) => touches(finding.range, range));
  const rules = [...new Set(here.map(({ rule }) => rule))];
  const fixes = here.flatMap((finding, index) => ownFix(finding, index));
  if (changes === undefined || here.length === 0) return fixes;
  return [
    ...fixes,
    ...rules.flatMap((rule) => fixAllOfRule(rule, findings, here, changes)),
    ...fixAllSafe('quickfix', findings, here, changes),
    ...rules.flatMap((rule) => ignoring(rule, here, changes)),
    ...rules.flatMap((rule) => aboutRule(rule, here)),
  ];
}

/** What a save applies. */
export function sourceFixes(findings: readonly Finding[], changes: Changes | undefined): readonly Action[] {
  return changes === undefined ? [] : fixAllSafe('fixAll', findings, [], changes);
}

/** A fix that may change what the file means says so, as nobody but the user can tell whether it should. */
function ownFix(finding: Finding, index: number): readonly Action[] {
  const { fix } = finding;
  if (fix === undefined) return [];
  return [
    {
      id: `fix:${finding.rule}:${index}`,
      title: fix.safe ? fix.title : `${fix.title} (review the result)`,
      kind: 'quickfix',
      findings: [finding],
      isPreferred: fix.safe,
      does: { kind: 'change', change: () => fix },
    },
  ];
}

function fixAllOfRule(
  rule: string,
  findings: readonly Finding[],
  here: readonly Finding[],
  changes: Changes,
): readonly Action[] {
  const fixable = findings.filter((finding) => finding.rule === rule && changesOnlyThisFile(finding));
  if (fixable.length < 2) return [];
  const isSafe = fixable.every((finding) => finding.fix?.safe === true);
  return [
    {
      id: `fix-all:${rule}`,
      title: `Fix all '${rule}' problems in this file${isSafe ? '' : ' (review the result)'}`,
      kind: 'quickfix',
      findings: here.filter((finding) => finding.rule === rule),
      isCostly: true,
      does: { kind: 'change', change: () => ({ edits: changes.fixAll(rule) }) },
    },
  ];
}

function fixAllSafe(
  kind: Action['kind'],
  findings: readonly Finding[],
  here: readonly Finding[],
  changes: Changes,
): readonly Action[] {
  const safe = findings.filter((finding) => finding.fix?.safe === true && changesOnlyThisFile(finding));
  // In the light bulb, those of one rule alone are what its own entries offer.
  const rules = new Set(safe.map(({ rule }) => rule));
  if (kind === 'quickfix' ? rules.size < 2 : safe.length === 0) return [];
  return [
    {
      id: `all-safe:${kind}`,
      title: 'Fix all safe problems in this file',
      kind,
      findings: here.filter((finding) => safe.includes(finding)),
      isCostly: true,
      does: { kind: 'change', change: () => ({ edits: changes.fixAll() }) },
    },
  ];
}

function ignoring(rule: string, here: readonly Finding[], changes: Changes): readonly Action[] {
  const finding = here.find((candidate) => candidate.rule === rule);
  if (finding === undefined) return [];
  return [
    {
      id: `ignore:${rule}`,
      title: `Ignore '${rule}' here`,
      kind: 'quickfix',
      findings: [finding],
      does: { kind: 'change', change: () => ({ edits: changes.ignoreHere(finding) }) },
    },
  ];
}

function aboutRule(rule: string, here: readonly Finding[]): readonly Action[] {
  const findings = here.filter((finding) => finding.rule === rule);
  return [
    {
      id: `turn-off:${rule}`,
      title: `Turn off rule '${rule}'`,
      kind: 'quickfix',
      findings,
      does: { kind: 'turn-off', rule },
    },
    {
      id: `open:${rule}`,
      title: `Open the page of rule '${rule}'`,
      kind: 'quickfix',
      findings,
      does: { kind: 'open-page', rule },
    },
  ];
}

function changesOnlyThisFile({ fix }: Finding): boolean {
  return fix !== undefined && fix.edits.length > 0 && (fix.newFiles ?? []).length === 0;
}
