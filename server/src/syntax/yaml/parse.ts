import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  type Node,
  type ParsedNode,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLParseError,
  type YAMLSeq,
} from 'yaml';
import type { Range } from '../../text/range.ts';
import { shorten } from '../../text/shorten.ts';
import { explain } from './errors.ts';
import type {
  ScalarStyle,
  YamlError,
  YamlMapping,
  YamlNode,
  YamlPair,
  YamlScalar,
  YamlTree,
  YamlValue,
} from './tree.ts';

/** Where there are more, most are the echo of the first, one for each character of a line that is no YAML at all. */
const mostErrors = 500;

/** Reads YAML; what is broken is in `errors`, and the rest is still a tree. */
export function parseYaml(text: string): YamlTree {
  // Duplicate keys are found below, with the place of the first one; the library compares each key with all others and points at one character.
  const parsed = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
  const documents: readonly Document.Parsed[] = Array.isArray(parsed) ? parsed : [];
  const libraryErrors =
    Array.isArray(parsed) && !('empty' in parsed)
      ? parsed.flatMap((document) => document.errors)
      : emptyStreamErrors(parsed);
  const reader = new TreeReader(text);
  const roots = documents.flatMap((document) => (document.contents ? [reader.readDocument(document.contents)] : []));
  const errors = [...libraryErrors.slice(0, mostErrors).map((error) => explain(text, error)), ...reader.errors];
  return {
    text,
    roots: roots.filter((root) => !(root.kind === 'scalar' && root.text === '')),
    errors: errors.length > 1 ? distinct(errors) : errors,
  };
}

function emptyStreamErrors(parsed: unknown): readonly YAMLParseError[] {
  return (parsed as { readonly errors?: readonly YAMLParseError[] }).errors ?? [];
}

/** The library may say the same thing twice of one place. */
function distinct(errors: readonly YamlError[]): readonly YamlError[] {
  const byPlace = new Map<string, YamlError>();
  for (const error of errors.toSorted((a, b) => a.range.start - b.range.start)) {
    const place = `${error.range.start} ${error.message}`;
    if (!byPlace.has(place)) byPlace.set(place, error);
  }
  return [...byPlace.values()];
}

/** Deeper than any real file, and far from the end of the stack. */
const deepest = 500;

const styles: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/** Turns the library's nodes into ours: plain data with ranges that end where the text does. */
class TreeReader {
  readonly errors: YamlError[] = [];
  readonly #text: string;
  #anchors = new Map<string, YamlValue | undefined>();

  constructor(text: string) {
    this.#text = text;
  }

  readDocument(root: ParsedNode): YamlNode {
    this.#anchors = new Map();
    return this.#node(root, 0);
  }

  #node(node: Node | null, depth: number): YamlNode {
    if (depth > deepest || node === null) return emptyScalar(node?.range?.[0] ?? 0);
    if (isAlias(node)) {
      const range = rangeOf(node);
      const name = shorten(node.source);
      const isKnown = this.#anchors.has(node.source);
      if (!isKnown || this.#anchors.get(node.source) === undefined) {
        const message = isKnown
          ? `'*${name}' stands within what it names: take it out`
          : `'*${name}' has no anchor: write it with '&' at what it stands for`;
        this.errors.push({ range, message, isStructural: false });
      }
      return { kind: 'alias', range, name: node.source, target: this.#anchors.get(node.source) };
    }
    const { anchor } = node as { readonly anchor?: string };
    // Until it is read whole, an alias to it would be a cycle.
    if (anchor) this.#anchors.set(anchor, undefined);
    const read = isScalar(node) ? this.#scalar(node) : this.#collection(node, depth);
    if (anchor) this.#anchors.set(anchor, read);
    return read;
  }

  #scalar(node: Scalar): YamlScalar {
    const { value, source = '', tag } = node;
    const style = styles[node.type ?? 'PLAIN'] ?? 'plain';
    const isBlock = style === 'literal' || style === 'folded';
    const range = isBlock ? this.#trimmed(rangeOf(node)) : rangeOf(node);
    const isPlainValue = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const ours = { kind: 'scalar', range, text: source, value: isPlainValue ? value : undefined, style } as const;
    return tag === undefined ? ours : { ...ours, tag };
  }

  #collection(node: Node, depth: number): YamlValue {
    if (isMap(node)) return this.#mapping(node, depth);
    if (!isCollection(node)) return emptyScalar(node.range?.[0] ?? 0);
    const sequence = node as YAMLSeq<Node>;
    const items: YamlNode[] = [];
    for (const item of sequence.items) {
      // With tags such as `!!omap` items are pairs.
      items.push(
        isScalar(item) || isAlias(item) || isCollection(item)
          ? this.#node(item, depth + 1)
          : emptyScalar(node.range?.[0] ?? 0),
      );
    }
    const range = this.#collectionRange(sequence, items.at(-1)?.range.end);
    const ours = { kind: 'sequence', range, isFlow: sequence.flow === true, items } as const;
    return sequence.tag === undefined ? ours : { ...ours, tag: sequence.tag };
  }

  #mapping(node: YAMLMap, depth: number): YamlMapping {
    const pairs: YamlPair[] = [];
    for (const pair of node.items) {
      const key = this.#key(pair.key as Node, depth);
      const written = pair.value as Node | null | undefined;
      const value = written ? this.#node(written, depth + 1) : emptyScalar(key.range.end);
      pairs.push({ key, value, range: { start: key.range.start, end: Math.max(key.range.end, value.range.end) } });
    }
    this.#reportDuplicates(pairs);
    const range = this.#collectionRange(node, pairs.at(-1)?.range.end);
    const ours = { kind: 'mapping', range, isFlow: node.flow === true, pairs } as const;
    return node.tag === undefined ? ours : { ...ours, tag: node.tag };
  }

  /** Keys that are no scalars have no meaning here: they are kept as the text they are written with. */
  #key(node: Node | null, depth: number): YamlScalar {
    const key = this.#node(node, depth + 1);
    if (key.kind === 'scalar') return key;
    if (key.kind === 'alias' && key.target?.kind === 'scalar') return { ...key.target, range: key.range };
    const text = this.#text.slice(key.range.start, key.range.end);
    return { kind: 'scalar', range: key.range, text, value: text, style: 'plain' };
  }

  #reportDuplicates(pairs: readonly YamlPair[]): void {
    const seen = new Map<string, YamlScalar>();
    for (const { key } of pairs) {
      const first = seen.get(key.text);
      if (!first) seen.set(key.text, key);
      else if (key.range.end > key.range.start) {
        const message = `'${shorten(key.text)}' is here twice: remove or rename one of them`;
        this.errors.push({ range: key.range, message, isStructural: false, first: first.range });
      }
    }
  }

  /** Block collections end with their last item: the library lets them run on over blank lines and comments. */
  #collectionRange(node: YAMLMap | YAMLSeq, lastEnd: number | undefined): Range {
    const range = rangeOf(node);
    return node.flow === true || lastEnd === undefined
      ? this.#trimmed(range)
      : { start: range.start, end: Math.max(range.start, lastEnd) };
  }

  #trimmed({ start, end }: Range): Range {
    let last = end;
    while (last > start && /\s/.test(this.#text.charAt(last - 1))) last--;
    return { start, end: last };
  }
}

function rangeOf(node: Node): Range {
  const range = node.range ?? [0, 0];
  return { start: range[0], end: range[1] };
}

function emptyScalar(at: number): YamlScalar {
  return { kind: 'scalar', range: { start: at, end: at }, text: '', value: undefined, style: 'plain' };
}
