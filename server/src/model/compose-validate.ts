import { entriesOf, follow, isMergeKey, isReset } from '../syntax/yaml/entries.ts';
import type { YamlMapping, YamlNode, YamlScalar, YamlSequence, YamlTree, YamlValue } from '../syntax/yaml/tree.ts';
import type { Range } from '../text/range.ts';
import { formatTrouble } from './compose-formats.ts';
import { isLiteral } from './compose-interpolation.ts';
import { composeShape, type Shape } from './compose-shape.ts';

/** One place where a file differs from the Compose Specification, in terms a rule can put into words. */
export type SchemaProblem = {
  readonly range: Range;
  /** The keys that lead to it; an item of a list has the name of its list. */
  readonly path: readonly string[];
} & (
  | {
      readonly kind: 'unknown-key';
      readonly key: string;
      readonly known: readonly string[];
      readonly present: ReadonlyMap<string, unknown>;
    }
  | { readonly kind: 'bad-name'; readonly key: string }
  | {
      readonly kind: 'wrong-type';
      readonly node: YamlValue;
      readonly isItem: boolean;
      readonly wanted: readonly string[];
      readonly format?: string;
    }
  | { readonly kind: 'missing-key'; readonly key: string }
  | { readonly kind: 'wrong-value'; readonly text: string; readonly allowed: readonly string[] }
  | { readonly kind: 'bad-format'; readonly text: string; readonly trouble: string }
  | { readonly kind: 'out-of-range'; readonly text: string; readonly minimum?: number; readonly maximum?: number }
  | {
      readonly kind: 'repeated-item';
      readonly text: string;
      readonly first: Range;
      readonly list: YamlSequence;
      readonly index: number;
    }
);

/**
 * Compares a tree with the schema of the Compose Specification.
 *
 * It reads the schema itself rather than through a validator such as ajv: that one builds functions with `eval`, which browsers
 * forbid extensions, costs more start-up time than linting a hundred files, and says of a `oneOf` only that no branch fits; here the branch is chosen by
 * what the value is, and each problem lies on its own token.
 */
export function validate({ roots, text }: YamlTree): readonly SchemaProblem[] {
  const validator = new Validator(text.includes('*'));
  for (const root of roots) validator.check(root, composeShape(), []);
  return validator.problems;
}

class Validator {
  readonly problems: SchemaProblem[] = [];
  /** What anchors share is compared with each shape once: no problem comes twice, and aliases of aliases cost nothing. */
  readonly #seen = new Map<YamlNode, Set<Shape>>();
  readonly #hasAliases: boolean;

  constructor(hasAliases: boolean) {
    this.#hasAliases = hasAliases;
  }

  check(written: YamlNode, shape: Shape, path: readonly string[], isItem = false): void {
    const node = follow(written);
    if (!node || isReset(node) || this.#wasSeen(node, shape)) return;
    const fitting = fittingShape(node, shape);
    if (!fitting) {
      const wanted = typesOf(shape);
      this.problems.push({
        kind: 'wrong-type',
        range: visible(node.range),
        path,
        node,
        isItem,
        wanted,
        ...(shape.format && { format: shape.format }),
      });
    } else if (node.kind === 'mapping') this.#mapping(node, fitting, path);
    else if (node.kind === 'sequence') this.#sequence(node, fitting, path);
    else this.#scalar(node, fitting, path);
  }

  #wasSeen(node: YamlNode, shape: Shape): boolean {
    if (!this.#hasAliases) return false;
    const shapes = this.#seen.get(node);
    if (shapes?.has(shape)) return true;
    if (shapes) shapes.add(shape);
    else this.#seen.set(node, new Set([shape]));
    return false;
  }

  #mapping(node: YamlMapping, shape: Shape, path: readonly string[]): void {
    const entries = entriesOf(node);
    for (const { key, keyNode, keyRange, written, value } of entries.values()) {
      if (key.startsWith('x-')) continue;
      const inner = shape.properties.get(key) ?? shape.patterns.find(({ pattern }) => pattern.test(key))?.shape;
      const at = [...path, key];
      if (inner) {
        const isEmpty = value.kind === 'scalar' && value.range.start === value.range.end;
        if (isEmpty) this.#emptyValue(value, inner, keyRange, at);
        else this.check(written, inner, at);
      } else if (shape.isClosed && !this.#wasSeen(keyNode, shape)) {
        if (shape.properties.size === 0)
          this.problems.push({ kind: 'bad-name', range: visible(keyRange), path: at, key });
        else {
          const known = [...shape.properties.keys()];
          this.problems.push({ kind: 'unknown-key', range: visible(keyRange), path: at, key, known, present: entries });
        }
      }
    }
    for (const key of shape.required) {
      if (!entries.has(key)) this.problems.push({ kind: 'missing-key', range: firstKey(node), path, key });
    }
  }

  #emptyValue(value: YamlScalar, shape: Shape, range: Range, path: readonly string[]): void {
    if (isReset(value) || fittingShape(value, shape)) return;
    this.problems.push({ kind: 'wrong-type', range, path, node: value, isItem: false, wanted: typesOf(shape) });
  }

  #sequence(node: YamlSequence, shape: Shape, path: readonly string[]): void {
    if (shape.items) for (const item of node.items) this.check(item, shape.items, path, true);
    // Ports that are there twice are the business of a rule that knows what a port is.
    if (shape.uniqueItems && path.at(-1) !== 'ports') this.#repeatedItems(node, path);
  }

  #repeatedItems(list: YamlSequence, path: readonly string[]): void {
    const seen = new Map<string, Range>();
    for (const [index, written] of list.items.entries()) {
      const node = follow(written);
      if (node?.kind !== 'scalar') continue;
      const identity = `${typeof node.value} ${node.text}`;
      const first = seen.get(identity);
      if (first)
        this.problems.push({ kind: 'repeated-item', range: written.range, path, text: node.text, first, list, index });
      else seen.set(identity, written.range);
    }
  }

  #scalar(node: YamlScalar, shape: Shape, path: readonly string[]): void {
    const { text, range } = node;
    const { values, pattern, minimum, maximum, format } = shape;
    const isFree = !values && !pattern && !format && minimum === undefined && maximum === undefined;
    if (isFree || !isLiteral(text)) return;
    if (values && !values.includes(text))
      this.problems.push({ kind: 'wrong-value', range, path, text, allowed: values });
    if (pattern && !pattern.test(text))
      this.problems.push({ kind: 'bad-format', range, path, text, trouble: 'is not valid here' });
    if (typeof node.value === 'number' && (node.value < (minimum ?? -Infinity) || node.value > (maximum ?? Infinity))) {
      const limits = { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
      this.problems.push({ kind: 'out-of-range', range, path, text, ...limits });
    }
    const trouble = format && formatTrouble(format, text);
    if (trouble !== undefined) this.problems.push({ kind: 'bad-format', range, path, text, trouble });
  }
}

/** The shape itself or the first of its options that takes a value of this kind. */
function fittingShape(node: YamlValue, shape: Shape): Shape | undefined {
  if (shape.options.length === 0) return takes(node, shape) ? shape : undefined;
  return shape.options.find((option) => takes(node, option));
}

function takes(node: YamlValue, { types }: Shape): boolean {
  if (types.length === 0) return true;
  if (node.kind === 'mapping') return types.includes('object');
  if (node.kind === 'sequence') return types.includes('array');
  if (node.value === undefined) return types.includes('null');
  if (typeof node.value === 'boolean') return types.includes('boolean');
  if (typeof node.value === 'number')
    return types.includes('number') || (types.includes('integer') && Number.isInteger(node.value));
  if (types.includes('string')) return true;
  // Compose puts variables in first and then makes of the result what the key needs.
  return types.some((type) => type === 'number' || type === 'integer' || type === 'boolean') && !isLiteral(node.text);
}

function typesOf(shape: Shape): readonly string[] {
  return [...new Set(shape.options.length === 0 ? shape.types : shape.options.flatMap((option) => option.types))];
}

function firstKey(node: YamlMapping): Range {
  const pair = node.pairs.find(({ key }) => !isMergeKey(key)) ?? node.pairs[0];
  return pair ? pair.key.range : node.range;
}

/** What is not written is shown at the character before it. */
function visible(range: Range): Range {
  return range.end > range.start ? range : { start: Math.max(range.start - 1, 0), end: Math.max(range.end, 1) };
}
