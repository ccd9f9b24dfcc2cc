import type { Finding } from '../engine/finding.ts';
import { wholeLines } from '../text/lines.ts';
import { applyEdits } from '../text/problem.ts';
import { touches, type Range } from '../text/range.ts';

/** What a hover says of a rule, whatever its language. */
export interface RuleText {
  readonly id: string;
  readonly summary: string;
  readonly why: string;
  readonly good: string;
}

export interface Hover {
  readonly range: Range;
  readonly markdown: string;
}

interface HoverInput {
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly offset: number;
  /** The word that fences of the file's language begin with. */
  readonly fence: string;
  readonly ruleOf: (id: string) => RuleText | undefined;
  readonly pageOf: (id: string) => string;
}

const longestExample = 14;

/** Why there is a problem at an offset, and what the text would be without it; each rule once. */
export function hoverAt({ text, findings, offset, fence, ruleOf, pageOf }: HoverInput): Hover | undefined {
  const here = findings.filter(({ range }) => touches(range, { start: offset, end: offset }));
  const parts = [...new Map(here.map((finding) => [finding.rule, finding])).values()].flatMap((finding) => {
    const rule = ruleOf(finding.rule);
    return rule === undefined ? [] : [describe(finding, rule, text, fence, pageOf(rule.id))];
  });
  const [nearest] = here.toSorted((a, b) => length(a.range) - length(b.range));
  return nearest === undefined || parts.length === 0
    ? undefined
    : { range: nearest.range, markdown: parts.join('\n\n---\n\n') };
}

function describe(finding: Finding, rule: RuleText, text: string, fence: string, page: string): string {
  // A code is what people look for; KICS has sentences instead.
  const codes = finding.aliases.filter((alias) => !alias.includes(' '));
  const peers = codes.map((alias) => `\`${alias.replace(':', ' ')}\``).join(', ');
  const footer = [`[${rule.id}](${page})`, ...(peers === '' ? [] : [`elsewhere: ${peers}`])].join(' · ');
  const fixed = corrected(finding, text);
  const example = fixed === undefined ? ['For example:', fenced(rule.good, fence)] : ['Better:', fenced(fixed, fence)];
  return [`**${rule.summary}**`, rule.why.trim(), ...example, footer].join('\n\n');
}

/** The lines that the problem's own fix would leave; `undefined` where that says nothing or too much. */
function corrected({ fix }: Finding, text: string): string | undefined {
  if (fix === undefined || fix.edits.length === 0) return undefined;
  const starts = fix.edits.map(({ range }) => range.start);
  const ends = fix.edits.map(({ range }) => range.end);
  const lines = wholeLines(text, { start: Math.min(...starts), end: Math.max(...ends) });
  const edits = fix.edits.map((edit) => ({
    ...edit,
    range: { start: edit.range.start - lines.start, end: edit.range.end - lines.start },
  }));
  const after = applyEdits(text.slice(lines.start, lines.end), edits).trimEnd();
  return after.trim() === '' || after.split('\n').length > longestExample ? undefined : after;
}

/** With a fence longer than any in the text. */
function fenced(example: string, language: string): string {
  const longest = Math.max(2, ...[...example.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${example.replace(/^\n+|\s+$/g, '')}\n${fence}`;
}

function length({ start, end }: Range): number {
  return end - start;
}
