import type { Range } from '../../text/range.ts';
import type { YamlNode, YamlTree } from './tree.ts';

export interface YamlComment {
  /** From the `#` to the end of the line. */
  readonly range: Range;
  /** After the `#`, as written. */
  readonly text: string;
}

/** All comments of a file. Found on demand: few files need them, and keeping the library's tokens costs every file. */
export function commentsOf({ text, roots }: YamlTree): readonly YamlComment[] {
  if (!text.includes('#')) return [];
  const scalars = roots.flatMap((root) => [...scalarRanges(text, root)]);
  const comments: YamlComment[] = [];
  let next = 0;
  for (let hash = text.indexOf('#'); hash >= 0; hash = text.indexOf('#', hash + 1)) {
    while (next < scalars.length && (scalars[next]?.end ?? 0) <= hash) next++;
    const scalar = scalars[next];
    if (scalar && scalar.start <= hash) {
      hash = scalar.end - 1;
      continue;
    }
    if (hash > 0 && !/[\s\uFEFF]/.test(text.charAt(hash - 1))) continue;
    const lineBreak = text.slice(hash).search(/\r?\n|$/);
    comments.push({ range: { start: hash, end: hash + lineBreak }, text: text.slice(hash + 1, hash + lineBreak) });
    hash += lineBreak - 1;
  }
  return comments;
}

/** In the order of the text. A block scalar's header may have a comment of its own, so only its body counts. */
function* scalarRanges(text: string, node: YamlNode): Iterable<Range> {
  if (node.kind === 'mapping') {
    for (const { key, value } of node.pairs) {
      yield* scalarRanges(text, key);
      yield* scalarRanges(text, value);
    }
  } else if (node.kind === 'sequence') {
    for (const item of node.items) yield* scalarRanges(text, item);
  } else if (node.range.end > node.range.start) {
    const isBlock = node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded');
    const header = isBlock ? text.indexOf('\n', node.range.start) : -1;
    if (header < 0 || header < node.range.end) yield header < 0 ? node.range : { start: header, end: node.range.end };
  }
}
