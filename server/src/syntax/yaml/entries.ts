import type { Range } from '../../text/range.ts';
import type { YamlMapping, YamlNode, YamlPair, YamlScalar, YamlValue } from './tree.ts';

/** One `key: value` of a mapping as a reader of the file sees it: aliases followed, merge keys merged. */
export interface Entry {
  readonly key: string;
  readonly keyNode: YamlScalar;
  readonly keyRange: Range;
  /** The value, behind its alias if it is one. */
  readonly value: YamlValue;
  /** The value as it is written: maybe an alias. */
  readonly written: YamlNode;
  /** From the key to the end of the value. */
  readonly range: Range;
  /** It came through a merge key, so its ranges lie elsewhere. */
  readonly isMerged: boolean;
}

/** The node itself, or what an alias stands for. */
export function follow(node: YamlNode | undefined): YamlValue | undefined {
  return node?.kind === 'alias' ? node.target : node;
}

const noEntries: ReadonlyMap<string, Entry> = new Map();

/**
 * The entries of a mapping, its merge keys (`<<`) merged; empty for anything else.
 * Each mapping is merged once however often it is named: what was merged before wins anyway, and so neither cycles nor a tower of
 * merges that doubles at each floor costs more than the size of the file. Entries tagged `!reset` are there: `isReset` tells.
 */
export function entriesOf(node: YamlNode | undefined): ReadonlyMap<string, Entry> {
  const mapping = follow(node);
  if (mapping?.kind !== 'mapping') return noEntries;
  const entries = new Map<string, Entry>();
  for (const pair of mapping.pairs) if (!isMergeKey(pair.key)) add(entries, pair, false);
  const merged = mergedBy(mapping);
  if (merged.length > 0) mergeInto(entries, merged, new Set<YamlNode>([mapping]));
  return entries;
}

/** The items of a list, behind their aliases; empty for anything else. */
export function itemsOf(node: YamlNode | undefined): readonly YamlValue[] {
  const sequence = follow(node);
  if (sequence?.kind !== 'sequence') return [];
  return sequence.items.flatMap((item) => follow(item) ?? []);
}

export function scalarOf(node: YamlNode | undefined): YamlScalar | undefined {
  const value = follow(node);
  return value?.kind === 'scalar' ? value : undefined;
}

/** The text of a scalar that is not null. */
export function textOf(node: YamlNode | undefined): string | undefined {
  const scalar = scalarOf(node);
  return scalar && !isNull(scalar) ? scalar.text : undefined;
}

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === undefined;
}

/** Compose's `!reset`: the key is taken away from what other files said, whatever its value. */
export function isReset(node: YamlNode): boolean {
  return node.kind !== 'alias' && node.tag === '!reset';
}

export function isMergeKey(key: YamlScalar): boolean {
  return key.style === 'plain' && key.text === '<<';
}

function mergedBy({ pairs }: YamlMapping): readonly YamlNode[] {
  return pairs.flatMap(({ key, value }) => (isMergeKey(key) ? [value] : []));
}

/** Depth first; without recursion, as a tower of merges may be higher than the stack is deep. */
function mergeInto(entries: Map<string, Entry>, sources: readonly YamlNode[], seen: Set<YamlNode>): void {
  const open = sources.toReversed();
  for (let written = open.pop(); written; written = open.pop()) {
    const source = follow(written);
    if (!source || source.kind === 'scalar' || seen.has(source)) continue;
    seen.add(source);
    const next = source.kind === 'sequence' ? source.items : mergedBy(source);
    for (const node of next.toReversed()) open.push(node);
    if (source.kind === 'mapping') for (const pair of source.pairs) if (!isMergeKey(pair.key)) add(entries, pair, true);
  }
}

function add(entries: Map<string, Entry>, pair: YamlPair, isMerged: boolean): void {
  const { key: keyNode, value: written, range } = pair;
  if (entries.has(keyNode.text)) return;
  const value = follow(written) ?? { kind: 'scalar', range: written.range, text: '', value: undefined, style: 'plain' };
  entries.set(keyNode.text, { key: keyNode.text, keyNode, keyRange: keyNode.range, value, written, range, isMerged });
}
