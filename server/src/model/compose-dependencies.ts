import { type Entry, entriesOf, scalarOf } from '../syntax/yaml/entries.ts';
import type { YamlScalar } from '../syntax/yaml/tree.ts';
import { newlineOf } from '../text/lines.ts';
import type { Edit } from '../text/problem.ts';
import type { Range } from '../text/range.ts';
import type { Compose, Service } from './compose.ts';
import { columnOf, indentStep, lineEnd } from './compose-edit.ts';

/** One service that another one names under `depends_on`. */
export interface Dependency {
  readonly name: string;
  readonly range: Range;
  /** `service_started` where nothing else is written. */
  readonly condition: string;
  /** The value of `condition`, in the long form. */
  readonly conditionNode?: YamlScalar;
}

export function dependenciesOf({ entries }: Service): readonly Dependency[] {
  const value = entries.get('depends_on')?.value;
  if (value?.kind === 'mapping') {
    return [...entriesOf(value).values()].map(({ key, keyRange, value: details }) => {
      const conditionNode = scalarOf(entriesOf(details).get('condition')?.value);
      const condition = conditionNode?.text ?? 'service_started';
      return { name: key, range: keyRange, condition, ...(conditionNode && { conditionNode }) };
    });
  }
  if (value?.kind !== 'sequence') return [];
  return value.items.flatMap((item) => {
    const name = scalarOf(item)?.text;
    return name === undefined ? [] : [{ name, range: item.range, condition: 'service_started' }];
  });
}

/**
 * Makes a service wait until the named ones are healthy. The short form becomes the long one, in which the others are waited for
 * as before. `undefined` where it cannot be said in place, as behind an alias.
 */
export function waitForHealthy(
  compose: Compose,
  service: Service,
  healthy: ReadonlySet<string>,
): readonly Edit[] | undefined {
  const entry = service.entries.get('depends_on');
  if (!entry || entry.written.kind === 'alias') return undefined;
  if (entry.value.kind === 'sequence') return toLongForm(compose, entry, healthy);
  const dependencies = dependenciesOf(service).filter(({ name }) => healthy.has(name));
  const edits = dependencies.flatMap(({ conditionNode }) =>
    conditionNode ? [{ range: conditionNode.range, text: 'service_healthy' }] : [],
  );
  return edits.length > 0 && edits.length === dependencies.length ? edits : undefined;
}

function toLongForm(compose: Compose, entry: Entry, healthy: ReadonlySet<string>): readonly Edit[] | undefined {
  const { text } = compose;
  const { value, keyRange } = entry;
  if (value.kind !== 'sequence') return undefined;
  const newline = newlineOf(text);
  const step = indentStep(compose);
  const outer = columnOf(text, keyRange.start);
  const conditionOf = (name: string): string =>
    `condition: ${healthy.has(name) ? 'service_healthy' : 'service_started'}`;
  const items: YamlScalar[] = [];
  for (const item of value.items) {
    if (item.kind !== 'scalar' || item.text === '') return undefined;
    items.push(item);
  }
  const written = (item: YamlScalar): string => text.slice(item.range.start, item.range.end);
  if (value.isFlow) {
    const inside = text.slice(keyRange.end, value.range.end);
    if (inside.includes('#') || inside.includes('&')) return undefined;
    const indent = ' '.repeat(outer) + step;
    const lines = items.flatMap((item) => [`${indent}${written(item)}:`, `${indent}${step}${conditionOf(item.text)}`]);
    return [{ range: { start: keyRange.end, end: value.range.end }, text: [':', ...lines].join(newline) }];
  }
  // A list may stand at the column of its key, a mapping must stand deeper.
  const column = Math.max(columnOf(text, value.range.start), outer + 1);
  const indent = column === outer + 1 ? ' '.repeat(outer) + step : ' '.repeat(column);
  return items.flatMap((item) => {
    const lineFrom = text.lastIndexOf('\n', item.range.start) + 1;
    const end = lineEnd(text, item.range.end);
    const isLastLine = text[end - 1] !== '\n';
    const condition = `${indent}${step}${conditionOf(item.text)}`;
    return [
      { range: { start: lineFrom, end: item.range.end }, text: `${indent}${written(item)}:` },
      { range: { start: end, end }, text: isLastLine ? newline + condition : condition + newline },
    ];
  });
}
