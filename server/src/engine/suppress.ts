import type { Dockerfile } from '../model/dockerfile.ts';
import type { YamlTree } from '../syntax/yaml/tree.ts';
import { indentationAt, lineStart, newlineOf } from '../text/lines.ts';
import type { Edit, Problem } from '../text/problem.ts';
import type { Range } from '../text/range.ts';
import type { Document } from './document.ts';
import { suppressionsOf } from './suppressions/dialects.ts';
import { nodesOf, placesIn, type Place } from './suppressions/place.ts';
import { covers, type Suppression } from './suppressions/suppression.ts';

/** What these need of a finding. */
type Ignorable = Pick<Problem, 'range'> & { readonly rule: string };

/** Edits that switch a finding off where it is: a comment above its instruction or YAML node, or a word more in the one that is there. */
export function ignoreHere(document: Document, { rule, range }: Ignorable): readonly Edit[] {
  const subject = subjectOf(document, range);
  // A comment cannot be about what stands above all instructions, such as a directive.
  if (subject === undefined) return ignoreInFile(document, { rule, range });
  const existing = ownSuppressions(document).find(
    ({ place, suppression }) =>
      suppression.scope !== 'file' && place.subject?.start === subject.start && covers(suppression, range),
  );
  if (existing !== undefined) return [addName(existing.suppression, rule)];
  const { text } = document;
  const start = lineStartAfterMark(text, subject.start);
  const comment = `${indentationAt(text, subject.start).replace('\uFEFF', '')}# shipshape ignore=${rule}`;
  return [{ range: { start, end: start }, text: `${comment}${newlineOf(text)}` }];
}

/** Edits that switch a rule off in a whole file. */
export function ignoreInFile(document: Document, { rule }: Ignorable): readonly Edit[] {
  const existing = ownSuppressions(document).find(({ suppression }) => suppression.scope === 'file');
  if (existing !== undefined) return [addName(existing.suppression, rule)];
  const { text } = document;
  const start = document.kind === 'dockerfile' ? endOfDirectives(document.dockerfile) : endOfHead(text);
  const isOnNewLine = start === 0 || text[start - 1] === '\n' || text[start - 1] === '\uFEFF';
  const newline = newlineOf(text);
  const comment = `# shipshape ignore-file=${rule}`;
  return [{ range: { start, end: start }, text: isOnNewLine ? `${comment}${newline}` : `${newline}${comment}` }];
}

/** Our own comments that name rules. */
function ownSuppressions(document: Document): readonly { readonly place: Place; readonly suppression: Suppression }[] {
  return placesIn(document)
    .flatMap((place) => suppressionsOf(place, '').map((suppression) => ({ place, suppression })))
    .filter(({ suppression }) => suppression.dialect === 'shipshape' && suppression.names.length > 0);
}

function addName({ names }: Suppression, rule: string): Edit {
  const end = names.at(-1)?.range.end ?? 0;
  return { range: { start: end, end }, text: `,${rule}` };
}

/** The instruction or YAML node that a comment above the line would be about. */
function subjectOf(document: Document, range: Range): Range | undefined {
  if (document.kind === 'compose') return nodeAt(document.compose.tree, range);
  const { instructions } = document.dockerfile;
  return instructions.find((each) => each.range.start <= range.start && range.start <= each.range.end)?.range;
}

/**
 * What a comment above the line would be about: not the line of the place itself, when that is within a text of several lines, but the
 * innermost one that begins with a node.
 */
function nodeAt(tree: YamlTree, { start }: Range): Range | undefined {
  const { text } = tree;
  const nodes = nodesOf(tree);
  const innermost = nodes
    .filter((node) => node.start <= start && start <= node.end)
    .findLast((node) => /^\uFEFF?[\s-]*$/.test(text.slice(lineStart(text, node.start), node.start)));
  if (innermost === undefined) return undefined;
  const line = lineStart(text, innermost.start);
  return nodes.find((node) => node.start >= line);
}

/** A comment above a directive would turn the directive into a comment. */
function endOfDirectives({ text, tree }: Dockerfile): number {
  const last = tree.directives.at(-1);
  if (last !== undefined) return afterLine(text, last.range.end);
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  return text.startsWith('#!', start) ? afterLine(text, start) : start;
}

/** Other linters expect their comments on the first line. */
function endOfHead(text: string): number {
  let end = text.startsWith('\uFEFF') ? 1 : 0;
  while (text[end] === '#') end = afterLine(text, end);
  return end;
}

function afterLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}

function lineStartAfterMark(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return text[start] === '\uFEFF' ? start + 1 : start;
}
