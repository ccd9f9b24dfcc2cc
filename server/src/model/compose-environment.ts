import { entriesOf, itemsOf, scalarOf } from '../syntax/yaml/entries.ts';
import type { YamlNode, YamlScalar } from '../syntax/yaml/tree.ts';
import type { Range } from '../text/range.ts';
import { partOf } from './compose-scalar.ts';

/** One variable of `environment`, `build.args` and what else may be a mapping or a list of `NAME=value`. */
export interface Assignment {
  readonly name: string;
  readonly nameRange: Range;
  /** `undefined` where the value comes from the shell of whoever runs Compose. */
  readonly value?: string;
  /** Absent where the value cannot be pointed at, as in a text with escapes. */
  readonly valueRange?: Range;
  readonly node: YamlScalar;
  /** It stands within brackets or braces, where fewer characters may go without quotes. */
  readonly isInFlow: boolean;
}

export function assignmentsOf(node: YamlNode | undefined, text: string): readonly Assignment[] {
  if (node?.kind === 'mapping') {
    return [...entriesOf(node).values()].flatMap(({ key, keyRange, value }) => {
      const scalar = scalarOf(value);
      if (!scalar) return [];
      const assignment = { name: key, nameRange: keyRange, node: scalar, isInFlow: node.isFlow };
      if (scalar.value === undefined) return [assignment];
      const valueRange = partOf(scalar, text, 0, scalar.text.length);
      return [{ ...assignment, value: scalar.text, ...(valueRange && { valueRange }) }];
    });
  }
  const isInFlow = node?.kind === 'sequence' && node.isFlow;
  return itemsOf(node).flatMap((item) => {
    if (item.kind !== 'scalar' || item.text === '') return [];
    const equals = item.text.indexOf('=');
    const nameEnd = equals < 0 ? item.text.length : equals;
    const assignment = {
      name: item.text.slice(0, nameEnd),
      nameRange: partOf(item, text, 0, nameEnd) ?? item.range,
      node: item,
      isInFlow,
    };
    if (equals < 0) return [assignment];
    const valueRange = partOf(item, text, equals + 1, item.text.length);
    return [{ ...assignment, value: item.text.slice(equals + 1), ...(valueRange && { valueRange }) }];
  });
}
