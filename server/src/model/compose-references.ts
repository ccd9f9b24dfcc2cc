import { type Entry, entriesOf, itemsOf, scalarOf } from '../syntax/yaml/entries.ts';
import type { YamlScalar } from '../syntax/yaml/tree.ts';
import type { Range } from '../text/range.ts';
import type { SectionName, Service } from './compose.ts';
import { partOf } from './compose-scalar.ts';
import { mountsOf } from './compose-volumes.ts';

/** A name in a service that must be declared at the top level. Names with variables are left out. */
export interface Reference {
  readonly section: SectionName;
  readonly name: string;
  /** The name alone, where it can be pointed at. */
  readonly range: Range;
}

export function* referencesOf(service: Service, text: string): Iterable<Reference> {
  const { entries } = service;
  yield* networkReferences(entries.get('networks'), text);
  for (const { kind, source, resolvedSource, sourceRange, node } of mountsOf(service, text)) {
    if (kind === 'volume' && source && resolvedSource === source) {
      yield { section: 'volumes', name: source, range: sourceRange ?? node.range };
    }
  }
  yield* grants('secrets', entries.get('secrets'), text);
  yield* grants('configs', entries.get('configs'), text);
  yield* grants('secrets', entriesOf(entries.get('build')?.value).get('secrets'), text);
}

function* networkReferences(entry: Entry | undefined, text: string): Iterable<Reference> {
  const value = entry?.value;
  const names =
    value?.kind === 'mapping' ? [...entriesOf(value).values()].map(({ keyNode }) => keyNode) : itemsOf(value);
  // Compose makes the network `default` itself.
  for (const name of names) if (name.kind === 'scalar' && name.text !== 'default') yield* named('networks', name, text);
}

/** Secrets and configs are given by name or, in the long form, by `source`. */
function* grants(section: SectionName, entry: Entry | undefined, text: string): Iterable<Reference> {
  for (const item of itemsOf(entry?.value)) {
    const node = item.kind === 'scalar' ? item : scalarOf(entriesOf(item).get('source')?.value);
    if (node) yield* named(section, node, text);
  }
}

function* named(section: SectionName, node: YamlScalar, text: string): Iterable<Reference> {
  if (node.text === '' || node.text.includes('$')) return;
  yield { section, name: node.text, range: partOf(node, text, 0, node.text.length) ?? node.range };
}
