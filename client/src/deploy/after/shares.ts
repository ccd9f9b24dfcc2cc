import type { Share } from '../plan/traffic.ts';
import type { Version } from './state.ts';

/** The shares as somebody has typed them, `v1=90 v2=10`; or what is wrong with them. */
export function readShares(text: string, versions: readonly Pick<Version, 'name'>[]): readonly Share[] | string {
  const shares: Share[] = [];
  for (const part of text.split(/[\s,]+/).filter((each) => each !== '')) {
    const [, name = '', weight = ''] = /^(.+?)=(\d{1,3})%?$/.exec(part) ?? [];
    if (weight === '') return `'${part}' is not 'revision=share'`;
    const version = versions.find((each) => each.name === name || shortName(each) === name);
    if (version === undefined) return `There is no revision '${name}'`;
    if (shares.some(({ revision }) => revision === version.name)) return `'${name}' is there twice`;
    shares.push({ revision: version.name, weight: Number(weight) });
  }
  const sum = shares.reduce((all, { weight }) => all + weight, 0);
  return sum === 100 ? shares : `The shares add up to ${sum} %: make it 100`;
}

/** Half and half between the one that has the requests and the newest other one. */
export function halfAndHalf(versions: readonly Pick<Version, 'name' | 'changedAt'>[]): readonly Share[] {
  const [first, ...others] = versions;
  const newest = others.toSorted((a, b) => (b.changedAt ?? '').localeCompare(a.changedAt ?? ''))[0];
  if (first === undefined || newest === undefined) return [];
  return [first, newest].map(({ name }) => ({ revision: name, weight: 50 }));
}

/** `v2` of `shop--v2`. */
export function shortName({ name }: Pick<Version, 'name'>): string {
  return name.split('--').at(-1) ?? name;
}
