import { isMap, isScalar, parseDocument } from 'yaml';
import type { ManifestEntry } from './entries.ts';

/** The named members of JSON objects at the top; JSON is YAML, and that parser tells where things are and never gives up. */
export function jsonEntries(text: string, sections: readonly string[]): readonly ManifestEntry[] {
  // Tabs indent JSON as they may not YAML: a blank is as long.
  const { contents } = parseDocument(text.replaceAll('\t', ' '), { logLevel: 'silent', strict: false });
  if (!isMap(contents)) return [];
  return contents.items.flatMap(({ key, value }) => {
    if (!isScalar(key) || !sections.includes(String(key.value)) || !isMap(value)) return [];
    return value.items.flatMap((pair) => entryOf(text, pair));
  });
}

function entryOf(text: string, { key, value }: { readonly key: unknown; readonly value: unknown }): ManifestEntry[] {
  if (!isScalar(key) || !key.range || typeof key.value !== 'string') return [];
  const name = { name: key.value, nameRange: { start: key.range[0], end: key.range[1] } };
  if (!isScalar(value) || !value.range || typeof value.value !== 'string') return [name];
  const versionRange = { start: value.range[0] + 1, end: value.range[1] - 1 };
  // With escapes in it, what is written is not what is meant.
  if (text.slice(versionRange.start, versionRange.end) !== value.value) return [name];
  return [{ ...name, version: value.value, versionRange }];
}
