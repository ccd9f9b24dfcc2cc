import { kicsQueryIds } from '../../knowledge/kics-queries.ts';
import type { Range } from '../../text/range.ts';
import { indexWhere } from '../../text/sorted.ts';

export type Dialect =
  'shipshape' | 'hadolint' | 'buildkit' | 'trivy' | 'checkov' | 'kics' | 'dockerfile-utils' | 'dclint';

/** What a comment switches off, and where. */
export interface Suppression {
  readonly dialect: Dialect;
  /** The comment. */
  readonly range: Range;
  readonly scope: Range | 'file';
  /** What is silenced; nothing named means all that this tool would say. */
  readonly names: readonly Name[];
  /** The names are what is left on. */
  readonly isInverted?: boolean;
}

export interface Name {
  readonly text: string;
  readonly range: Range;
}

/** A rule as far as comments know it. */
interface RuleNames {
  readonly id: string;
  readonly aliases?: readonly string[];
}

export function covers({ scope }: Suppression, range: Range): boolean {
  return scope === 'file' || (scope.start <= range.start && range.start <= scope.end);
}

/** Finds those that cover a range, among thousands as fast as among a few. */
export function coveringOf(suppressions: readonly Suppression[]): (range: Range) => readonly Suppression[] {
  const everywhere = suppressions.filter(({ scope }) => scope === 'file');
  const local = suppressions
    .flatMap((suppression) => (suppression.scope === 'file' ? [] : [{ suppression, range: suppression.scope }]))
    .sort((a, b) => a.range.start - b.range.start);
  let furthest = -1;
  const reach = local.map(({ range }) => (furthest = Math.max(furthest, range.end)));
  return ({ start }) => {
    const found = [...everywhere];
    let i = indexWhere(local, ({ range }) => range.start > start) - 1;
    for (; (reach[i] ?? -1) >= start; i--) {
      const each = local[i];
      if (each && each.range.end >= start) found.push(each.suppression);
    }
    return found;
  };
}

/** A peer's comment silences what that peer would have said, which the rule's aliases tell. */
export function silences({ dialect, names, isInverted }: Suppression, rule: RuleNames): boolean {
  if (dialect === 'shipshape') return names.length === 0 || names.some((name) => isNamed(name.text, rule));
  const codes = codesOf(rule, dialect);
  if (codes.length === 0) return false;
  const isListed = names.some((name) => codes.some((code) => isSame(dialect, name.text, code)));
  return isInverted === true ? !isListed : names.length === 0 || isListed;
}

/** Our own comments take the rule's id, and any alias of it, with or without the tool. */
export function isNamed(name: string, { id, aliases = [] }: RuleNames): boolean {
  return name === id || aliases.some((alias) => alias === name || alias.slice(alias.indexOf(':') + 1) === name);
}

function codesOf({ aliases = [] }: RuleNames, dialect: Dialect): readonly string[] {
  return aliases.filter((alias) => alias.startsWith(`${dialect}:`)).map((alias) => alias.slice(dialect.length + 1));
}

function isSame(dialect: Dialect, written: string, code: string): boolean {
  if (dialect === 'kics') return written.toLowerCase() === kicsQueryIds[code];
  if (dialect !== 'trivy') return written.toLowerCase() === code.toLowerCase();
  const pattern = plainTrivyId(written);
  const id = plainTrivyId(code);
  return pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern;
}

/** Trivy renamed its checks twice: `DS002`, `AVD-DS-0002` and `DS-0002` are one. */
function plainTrivyId(id: string): string {
  return id
    .toUpperCase()
    .replace(/^AVD-/, '')
    .replace(/-/g, '')
    .replace(/(?<=\D)0+(?=\d)/, '');
}
