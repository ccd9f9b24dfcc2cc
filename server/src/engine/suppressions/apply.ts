import { contains, type Range } from '../../text/range.ts';
import type { Document } from '../document.ts';
import type { Finding } from '../finding.ts';
import type { Settings } from '../settings.ts';
import { unusedSuppression, type SuppressionUse, type UselessComment } from '../unused-suppression.ts';
import { ownCommands, suppressionsOf, unknownCommand } from './dialects.ts';
import { placesIn } from './place.ts';
import { coveringOf, isNamed, silences, type Name, type Suppression } from './suppression.ts';

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
  const places = placesIn(document);
  const suppressions = places
    .flatMap((place) => suppressionsOf(place, linted.today))
    .filter(({ dialect }) => dialect !== 'hadolint' || settings.withoutHadolintComments !== true);
  const byRule = new Map<string, (range: Range) => readonly Suppression[]>();
  const silencersOf = ({ rule, aliases, range }: Finding): readonly Suppression[] => {
    let covering = byRule.get(rule);
    if (!covering)
      byRule.set(rule, (covering = coveringOf(suppressions.filter((each) => silences(each, { id: rule, aliases })))));
    return covering(range);
  };
  const kept: Finding[] = [];
  const caught = new Map<Suppression, Finding[]>(suppressions.map((each) => [each, []]));
  for (const finding of linted.findings) {
    const silencers = silencersOf(finding);
    if (silencers.length === 0) kept.push(finding);
    for (const each of silencers) caught.get(each)?.push(finding);
  }
  const names = namesOf(linted);
  const own = suppressions.filter(({ dialect }) => dialect === 'shipshape');
  const misspeltCommands = places.flatMap((place) => unknownCommand(place) ?? []);
  return {
    kept,
    use: {
      text: document.text,
      useless: own.flatMap((suppression) => uselessPart(suppression, caught.get(suppression) ?? [], names)),
      misspelt: [
        ...misspeltCommands.map((name) => ({ ...name, what: 'comment' as const, known: ownCommands })),
        ...own.flatMap(names.unknownIn).map((name) => ({ ...name, what: 'rule' as const, known: names.ids })),
      ],
    },
    // A comment about every rule does not hide that it is good for nothing.
    isKept: (finding) =>
      silencersOf(finding).every((each) => each.names.length === 0 && contains(each.range, finding.range)),
  };
}

interface Names {
  readonly ids: readonly string[];
  readonly unknownIn: (suppression: Suppression) => readonly Name[];
  /** The rules that a name stands for have all run, and none of them is among the findings. */
  readonly isUnused: (name: Name, caught: readonly Finding[]) => boolean;
}

function namesOf({ known, ran }: Linted): Names {
  const rules = [...known, unusedSuppression];
  const meant = (name: Name): Linted['known'] => rules.filter((rule) => isNamed(name.text, rule));
  return {
    ids: rules.map(({ id }) => id),
    unknownIn: (suppression) => suppression.names.filter((name) => meant(name).length === 0),
    isUnused: (name, caught) => {
      const ids = meant(name).map(({ id }) => id);
      return ids.length > 0 && ids.every((id) => ran.has(id) && caught.every(({ rule }) => rule !== id));
    },
  };
}

/** What of a comment can go. */
function uselessPart(
  { range, names }: Suppression,
  caught: readonly Finding[],
  { isUnused }: Names,
): readonly UselessComment[] {
  const unused = names.filter((name) => isUnused(name, caught));
  const isUseless = names.length === 0 ? caught.length === 0 : unused.length > 0;
  return isUseless ? [{ range, names, unused }] : [];
}
