import type { Compose } from '../../model/compose.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Instruction } from '../../syntax/dockerfile/tree.ts';
import { commentsOf } from '../../syntax/yaml/comments.ts';
import type { YamlNode, YamlTree } from '../../syntax/yaml/tree.ts';
import { lineStart } from '../../text/lines.ts';
import type { Range } from '../../text/range.ts';
import { indexWhere } from '../../text/sorted.ts';
import type { Document } from '../document.ts';

/** A comment that may switch findings off, and what it can be about. */
export interface Place {
  /** From the `#` to the end of the line. */
  readonly range: Range;
  /** What stands there, with the `#`. */
  readonly source: string;
  /** No content is before it. */
  readonly isAtTop: boolean;
  /** A parser directive of the builder. */
  readonly isDirective: boolean;
  /** The instruction or YAML node that it is about; `undefined` when none follows. */
  readonly subject: Range | undefined;
  /** The comment and its subject. */
  readonly next: Range;
  /** The comment and the line that it is about: in a Dockerfile all lines of the instruction. */
  readonly line: Range;
  /** The build stage, of an instruction that begins one; else as `next`. */
  readonly block: Range;
  /** The build stage that the instruction it is about is in; else as `next`. */
  readonly stage: Range;
}

const words = '(?:shipshape|hadolint|check|trivy|checkov|bridgecrew|kics-scan|dockerfile-utils|dclint)\\b';
const mayConcern = new RegExp(`^#+\\s*${words}`, 'i');
const hasAny = new RegExp(`#\\s*${words}`, 'i');

/** The comments that begin with our name or a peer's, in the order of the text. */
export function placesIn(document: Document): readonly Place[] {
  if (!hasAny.test(document.text)) return [];
  return document.kind === 'dockerfile' ? dockerfilePlaces(document.dockerfile) : composePlaces(document.compose);
}

function dockerfilePlaces(dockerfile: Dockerfile): readonly Place[] {
  const { text, tree } = dockerfile;
  const concerns = ({ range }: { readonly range: Range }): boolean =>
    mayConcern.test(text.slice(range.start, range.end));
  const directives = tree.directives.filter(concerns).map(({ range }) => dockerfilePlace(dockerfile, range, true));
  const isDirective = (range: Range): boolean => directives.some((directive) => directive.range.start === range.start);
  const comments = tree.comments
    .filter((comment) => !isDirective(comment.range) && concerns(comment))
    .map(({ range }) => dockerfilePlace(dockerfile, range, false));
  return [...directives, ...comments];
}

function dockerfilePlace(dockerfile: Dockerfile, range: Range, isDirective: boolean): Place {
  const { text, instructions } = dockerfile;
  // A comment within a continued instruction is about all of it.
  const about = instructions[indexWhere(instructions, (instruction) => instruction.range.end > range.start)];
  const next = about === undefined ? range : hull(range, about.range);
  const stage = about && dockerfile.stageOf(about);
  const inStage = stage === undefined ? next : hull(range, stage.range);
  return {
    range,
    source: text.slice(range.start, range.end),
    isAtTop: isBefore(range, instructions[0]),
    isDirective,
    subject: about?.range,
    next,
    line: next,
    block: about?.keyword === 'FROM' ? inStage : next,
    stage: inStage,
  };
}

function isBefore(range: Range, instruction: Instruction | undefined): boolean {
  return instruction === undefined || range.start < instruction.range.start;
}

function composePlaces({ text, tree }: Compose): readonly Place[] {
  const nodes = nodesOf(tree);
  const first = nodes[0] ?? tree.roots[0]?.range;
  const firstNode = (from: number, to: number): Range | undefined => {
    const node = nodes[indexWhere(nodes, ({ start }) => start >= from)];
    return node && node.start < to ? node : undefined;
  };
  return commentsOf(tree)
    .filter(({ range }) => mayConcern.test(text.slice(range.start, range.end)))
    .map(({ range }) => {
      const start = lineStart(text, range.start);
      const isTrailing = /\S/.test(text.slice(start, range.start));
      const lineOf = (offset: number): Range => ({ start: lineStart(text, offset), end: lineEnd(text, offset) });
      const node = isTrailing
        ? (firstNode(start, range.start) ?? lineOf(start))
        : firstNode(range.end, text.length + 1);
      const next = node === undefined ? range : hull(range, node);
      return {
        range,
        source: text.slice(range.start, range.end),
        isAtTop: first === undefined || range.start < first.start,
        isDirective: false,
        subject: node,
        next,
        line: isTrailing || node === undefined ? lineOf(start) : hull(range, lineOf(node.start)),
        block: next,
        stage: next,
      };
    });
}

/** Every pair and list item, an outer one before those in it. */
export function nodesOf({ roots }: YamlTree): readonly Range[] {
  return roots.flatMap((root) => [...nodesIn(root)]);
}

function* nodesIn(node: YamlNode): Iterable<Range> {
  if (node.kind === 'mapping') {
    for (const pair of node.pairs) {
      yield pair.range;
      yield* nodesIn(pair.value);
    }
  } else if (node.kind === 'sequence') {
    for (const item of node.items) {
      yield item.range;
      yield* nodesIn(item);
    }
  }
}

function hull(a: Range, b: Range): Range {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}
