import { textOf } from '../syntax/yaml/entries.ts';
import type { YamlScalar } from '../syntax/yaml/tree.ts';
import type { Service } from './compose.ts';
import { withDefaults } from './compose-interpolation.ts';
import { type ImageReference, parseImageReference } from './image-reference.ts';

export interface ServiceImage {
  /** The value of `image`. */
  readonly node: YamlScalar;
  /** With the defaults of variables in their place; where one has none, as written. */
  readonly reference: ImageReference;
  /** False when a variable without a default is in it. */
  readonly isResolved: boolean;
}

export function imageOf({ entries }: Service): ServiceImage | undefined {
  const node = entries.get('image')?.value;
  const text = textOf(node);
  if (node?.kind !== 'scalar' || text === undefined) return undefined;
  const resolved = withDefaults(text);
  const quote = node.style === 'single' || node.style === 'double' ? 1 : 0;
  const isVerbatim = resolved === text && node.range.end - node.range.start === text.length + 2 * quote;
  const reference = isVerbatim
    ? parseImageReference(text, node.range.start + quote)
    : parseImageReference(resolved ?? text, node.range.start, node.range);
  return { node, reference, isResolved: resolved !== undefined };
}
