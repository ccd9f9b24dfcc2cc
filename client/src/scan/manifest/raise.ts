import type { ManifestEntry, ManifestKind } from './entries.ts';
import { compareVersions, precisionOf } from './version.ts';

/**
 * What to write instead of an entry's version so that it means at least `target`, with the same kind of range.
 * `undefined` where one cannot do that without thinking: several conditions, properties, hashes, addresses, tags.
 */
export function raisedVersion(kind: ManifestKind, entry: ManifestEntry, target: string): string | undefined {
  if (entry.version === undefined || entry.isPinnedOtherwise === true) return undefined;
  const match = /^(?<operator>\^|~>|~=|~|>=|===|==|=|)(?<blank>\s*)(?<v>v?)(?<version>\d[\w.+-]*)$/.exec(entry.version);
  const { operator = '', blank = '', v = '', version = '' } = match?.groups ?? {};
  // `1.x` and `1.2.*` are not versions.
  if (match === null || /(?:^|\.)[x*](?:\.|$)/i.test(version) || compareVersions(target, version) <= 0)
    return undefined;
  const plain = target.replace(/^v/, '');
  const prefix = kind === 'go.mod' ? 'v' : v;
  const full = `${operator}${blank}${prefix}${plain}`;
  const second = secondCondition(kind, operator, blank, plain);
  // `~> 1.4` allows 1.9, `~> 1.4.2` does not: what is allowed stays as wide as it was.
  if (second === undefined || precisionOf(version) >= precisionOf(plain)) return full;
  const shortened = plain.split('.').slice(0, precisionOf(version)).join('.');
  return `${operator}${blank}${shortened}${second}`;
}

/** Whether what the manifest now asks for can no longer be one of the versions before `target`. */
export function isRaised(entry: ManifestEntry, target: string): boolean {
  const versions = entry.version?.match(/\d[\w.+-]*/g) ?? [];
  const isUpperOnly = /^\s*[<!]/.test(entry.version ?? '');
  return !isUpperOnly && versions.some((version) => compareVersions(version, target) >= 0);
}

function secondCondition(kind: ManifestKind, operator: string, blank: string, target: string): string | undefined {
  if (kind === 'Gemfile' && operator === '~>') return `', '>=${blank}${target}`;
  if (kind === 'requirements.txt' && operator === '~=') return `,>=${blank}${target}`;
  if (kind === 'composer.json' && operator === '~') return `,>=${blank}${target}`;
  return undefined;
}
