import type { Document } from '../document.ts';
import type { Finding } from '../finding.ts';
import type { Settings } from '../settings.ts';
import { unusedSuppression, type SuppressionUse, type UselessComment } from '../unused-suppression.ts';
import { suppressionsOf } from './dialects.ts';
import { placesIn } from './place.ts';
import { covers, isNamed, silences, type Name, type Suppression } from './suppression.ts';

interface Linted {
  readonly findings: readonly Finding[];
  /** The rules that ran to their end; of the others nobody can say that a comment is not needed. */
  readonly ran: ReadonlySet<string>;
  readonly known: readonly { readonly id: string; readonly aliases?: readonly string[] }[];
  readonly today: string;
}

interface Applied {
  readonly kept: readonly Finding[];
  /** What the comments were good for. */
  readonly use: SuppressionUse;
  /** Whether a finding of the engine's own survives the comments. */
  readonly isKept: (finding: Finding) => boolean;
}

/** Leaves out what comments switch off, and finds the comments that switch nothing off. */
export function applySuppressions(document: Document, settings: Settings, linted: Linted): Applied {
  const suppressions = placesIn(document)
    .flatMap((place) => suppressionsOf(place, linted.today))
    .filter(({ dialect }) => dialect !== 'hadolint' || settings.withoutHadolintComments !== true);
  if (suppressions.length === 0) {
    return { kept: linted.findings, use: { text: document.text, comments: [] }, isKept: () => true };
  }
  const silencersOf = (finding: Finding): readonly Suppression[] =>
    suppressions.filter(
      (each) => covers(each, finding.range) && silences(each, { id: finding.rule, aliases: finding.aliases }),
    );
  const silenced = new Map(linted.findings.map((finding) => [finding, silencersOf(finding)]));
  const isSilenced = (finding: Finding): boolean => (silenced.get(finding)?.length ?? 0) > 0;
  const caughtBy = (suppression: Suppression): readonly Finding[] =>
    linted.findings.filter((finding) => silenced.get(finding)?.includes(suppression) === true);
  const comments = suppressions
    .filter(({ dialect }) => dialect === 'shipshape')
    .flatMap((suppression) => uselessPart(suppression, caughtBy(suppression), linted));
  return {
    kept: linted.findings.filter((finding) => !isSilenced(finding)),
    use: { text: document.text, comments },
    isKept: (finding) => silencersOf(finding).every(({ names }) => names.length === 0),
  };
}

/** What of a comment can go, or was meant to say something else. */
function uselessPart(suppression: Suppression, caught: readonly Finding[], linted: Linted): readonly UselessComment[] {
  const { range, names } = suppression;
  if (names.length === 0) return caught.length > 0 ? [] : [{ range, names, unused: [], unknown: [] }];
  const known = [...linted.known, unusedSuppression];
  const meant = (name: Name): Linted['known'] => known.filter((rule) => isNamed(name.text, rule));
  const unknown = names.filter((name) => meant(name).length === 0);
  const unused = names.filter((name) => {
    const rules = meant(name);
    return rules.length > 0 && rules.every(({ id }) => linted.ran.has(id) && caught.every(({ rule }) => rule !== id));
  });
  if (unused.length + unknown.length === 0) return [];
  const ids = known.map(({ id }) => id);
  return [{ range, names, unused, unknown: unknown.map((name) => ({ ...name, known: ids })) }];
}
