import type { Range } from '../../text/range.ts';

/** A YAML file as it is written. Aliases stay aliases; `entries.ts` follows them. */
export interface YamlTree {
  readonly text: string;
  /** The root of each document; a document without content is left out. */
  readonly roots: readonly YamlNode[];
  /** All errors, in the order of the text. */
  readonly errors: readonly YamlError[];
}

export type YamlNode = YamlScalar | YamlMapping | YamlSequence | YamlAlias;
export type YamlValue = Exclude<YamlNode, YamlAlias>;

export interface YamlScalar {
  readonly kind: 'scalar';
  /** With the quotes; empty where nothing is written. */
  readonly range: Range;
  /** What is written, quotes and escapes resolved. */
  readonly text: string;
  /** By YAML 1.2's core schema; `undefined` is YAML's null. */
  readonly value: string | number | boolean | undefined;
  readonly style: ScalarStyle;
  readonly tag?: string;
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

export interface YamlMapping {
  readonly kind: 'mapping';
  readonly range: Range;
  readonly isFlow: boolean;
  readonly pairs: readonly YamlPair[];
  readonly tag?: string;
}

export interface YamlPair {
  readonly key: YamlScalar;
  /** An empty scalar where no value is written. */
  readonly value: YamlNode;
  /** From the key to the end of the value. */
  readonly range: Range;
}

export interface YamlSequence {
  readonly kind: 'sequence';
  readonly range: Range;
  readonly isFlow: boolean;
  readonly items: readonly YamlNode[];
  readonly tag?: string;
}

export interface YamlAlias {
  readonly kind: 'alias';
  readonly range: Range;
  readonly name: string;
  /** `undefined` when no anchor before it has the name, or when it stands inside what it names. */
  readonly target: YamlValue | undefined;
}

export interface YamlError {
  readonly range: Range;
  readonly message: string;
  /** The structure that was read may not be the one that was meant. */
  readonly isStructural: boolean;
  /** Where the key was first written, when it is there twice. */
  readonly first?: Range;
}
