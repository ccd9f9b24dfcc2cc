import type { YamlScalar } from '../syntax/yaml/tree.ts';
import type { Range } from '../text/range.ts';

/** Where a part of a scalar's value is in the file; `undefined` when escapes or line breaks stand between. */
export function partOf(
  { range, style, text: value }: YamlScalar,
  text: string,
  start: number,
  end: number,
): Range | undefined {
  const quote = style === 'single' || style === 'double' ? 1 : 0;
  const inner = range.start + quote;
  if (style === 'literal' || style === 'folded' || text.slice(inner, range.end - quote) !== value) return undefined;
  return { start: inner + start, end: inner + end };
}
