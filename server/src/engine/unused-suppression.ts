import type { Rule } from '../rules/rule.ts';
import { nearest } from '../text/nearest.ts';
import type { Edit, Fix, Problem } from '../text/problem.ts';
import { lineStart, wholeLines } from '../text/lines.ts';
import type { Range } from '../text/range.ts';

/** Which of our own comments in a file do nothing. */
export interface SuppressionUse {
  readonly text: string;
  readonly useless: readonly UselessComment[];
  readonly misspelt: readonly MisspeltName[];
}

export interface UselessComment {
  /** From the `#` to the end of the line. */
  readonly range: Range;
  /** All that the comment names, in order; none when it is about every rule. */
  readonly names: readonly RuleName[];
  /** Those that silence nothing. */
  readonly unused: readonly RuleName[];
}

/** A word that names nothing. */
export interface MisspeltName extends RuleName {
  readonly what: 'rule' | 'comment';
  readonly known: readonly string[];
}

interface RuleName {
  readonly text: string;
  readonly range: Range;
}

export const unusedSuppression: Rule<SuppressionUse> = {
  id: 'unused-suppression',
  summary: 'Remove ignore comments that no longer ignore anything.',
  why: `A comment that was written for a problem long gone hides the next one of its kind, and readers believe that there is a reason for it.
A misspelt rule name ignores nothing at all.

Only Shipshape's own comments are reported, and only for rules that are on.`,
  category: 'style',
  severity: 'hint',
  tag: 'unnecessary',
  bad: `
# shipshape ignore=base-image-latest,base-image-untagged
                   ^^^^^^^^^^^^^^^^^ 'base-image-latest' has nothing to ignore here: remove it
FROM alpine
=> Remove 'base-image-latest'
# shipshape ignore=base-image-untagged
FROM alpine
`,
  good: `
# shipshape ignore=base-image-untagged because this image is only built to be thrown away
FROM alpine
`,

  *check({ text, useless, misspelt }) {
    for (const name of misspelt) yield misspeltName(name);
    for (const comment of useless) {
      if (comment.unused.length === comment.names.length) yield wholeComment(text, comment);
      else for (const name of comment.unused) yield unusedName(comment.names, name);
    }
  },
};

function misspeltName({ text, range, what, known }: MisspeltName): Problem {
  const meant = nearest(text, known);
  const wrong = `There is no ${what} '${text}'`;
  if (meant === undefined)
    return { range, message: what === 'rule' ? wrong : `${wrong}: use '${known.join("' or '")}'` };
  const fix: Fix = { title: `Change to '${meant}'`, safe: false, edits: [{ range, text: meant }] };
  return { range, message: `${wrong}: did you mean '${meant}'?`, fix };
}

function unusedName(names: readonly RuleName[], name: RuleName): Problem {
  return {
    range: name.range,
    message: `'${name.text}' has nothing to ignore here: remove it`,
    fix: { title: `Remove '${name.text}'`, safe: true, edits: [removeFromList(names, name)] },
  };
}

function wholeComment(text: string, { range, names }: UselessComment): Problem {
  const first = names[0];
  const last = names.at(-1);
  const message =
    names.length === 1 && first !== undefined
      ? `'${first.text}' has nothing to ignore here: remove the comment`
      : 'This comment has nothing to ignore: remove it';
  const found = first !== undefined && last !== undefined ? { start: first.range.start, end: last.range.end } : range;
  return {
    range: found,
    message,
    fix: { title: 'Remove the comment', safe: true, edits: [removeComment(text, range)] },
  };
}

function removeFromList(names: readonly RuleName[], name: RuleName): Edit {
  const at = names.indexOf(name);
  const next = names[at + 1];
  const previous = names[at - 1];
  if (next !== undefined) return { range: { start: name.range.start, end: next.range.start }, text: '' };
  return { range: { start: previous?.range.end ?? name.range.start, end: name.range.end }, text: '' };
}

/** With its line, or behind other text only with the space before it. */
function removeComment(text: string, range: Range): Edit {
  const before = text.slice(lineStart(text, range.start), range.start);
  if (/^\uFEFF?\s*$/.test(before)) {
    const lines = wholeLines(text, range);
    return { range: { start: lines.start + (before.startsWith('\uFEFF') ? 1 : 0), end: lines.end }, text: '' };
  }
  return { range: { start: range.start - (before.length - before.trimEnd().length), end: range.end }, text: '' };
}
