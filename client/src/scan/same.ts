import type { Misconfiguration } from './finding.ts';
import { sameAsOurs } from './same-as-ours.ts';

/** What our own linter reports in a file: a rule, and the lines it is on, counted from 1. */
export interface OwnProblem {
  readonly rule: string;
  readonly first: number;
  readonly last: number;
}

/**
 * The problem of ours that says the same as a misconfiguration found by Trivy. Our own is shown then, and Trivy's is not. Without
 * one (the rule is off, is ignored there, or sees it otherwise) Trivy's stays.
 */
export function coveredBy(finding: Misconfiguration, own: readonly OwnProblem[]): string | undefined {
  const rules = ourRulesFor(finding);
  if (rules.length === 0) return undefined;
  const { lines } = finding;
  const covering = own.find(
    ({ rule, first, last }) =>
      // Something that is missing from the file, such as a USER, has no line at Trivy.
      rules.includes(rule) && (lines === undefined || (first <= lines.last && lines.first <= last)),
  );
  return covering?.rule;
}

/** Our rules that look at the same, by any spelling of the check's id: `DS-0002`, `AVD-DS-0002`, `DS002`. */
export function ourRulesFor(finding: Pick<Misconfiguration, 'id' | 'aliases'>): readonly string[] {
  const ids = new Set([finding.id, ...finding.aliases].map(plainId));
  return [...new Set([...ids].flatMap((id) => (Object.hasOwn(sameAsOurs, id) ? (sameAsOurs[id] ?? []) : [])))];
}

function plainId(id: string): string {
  const match = /^(?:AVD-)?([A-Z]+)-?0*(\d+)$/.exec(id.toUpperCase());
  return match === null ? id : `${match[1] ?? ''}-${(match[2] ?? '').padStart(4, '0')}`;
}
