import { entriesOf } from '../syntax/yaml/entries.ts';
import { nearest } from '../text/nearest.ts';
import type { Compose } from './compose.ts';
import { type SchemaProblem, validate } from './compose-validate.ts';

/** A file of the format before `services:` existed: its services are top-level keys. */
export interface FirstFormat {
  readonly kind: 'first-format';
  readonly range: { readonly start: number; readonly end: number };
}

/**
 * How a file differs from the specification. Nothing where that would mislead: the structure of a file with YAML errors is guesswork, and
 * a file that has none of Compose's keys is some other YAML with a name that looks alike.
 */
export function schemaProblems(compose: Compose): readonly (SchemaProblem | FirstFormat)[] {
  const { tree, top } = compose;
  if (tree.errors.some((error) => error.isStructural)) return [];
  const isMapping = tree.roots.every((root) => root.kind === 'mapping');
  if (isMapping && ![...top.keys()].some((key) => topLevelKeys.has(key))) {
    const misspelt = [...top.keys()].some((key) => nearest(key, ['services']) !== undefined);
    if (!misspelt) return firstFormat(compose);
  }
  return validate(tree);
}

const topLevelKeys = new Set([
  'services',
  'networks',
  'volumes',
  'secrets',
  'configs',
  'include',
  'models',
  'version',
  'name',
]);

function firstFormat({ top }: Compose): readonly FirstFormat[] {
  const service = [...top.values()].find(({ key, value, isMerged }) => {
    const entries = entriesOf(value);
    return !isMerged && !key.startsWith('x-') && (entries.has('image') || entries.has('build'));
  });
  return service ? [{ kind: 'first-format', range: service.keyRange }] : [];
}
