import type { Rule } from '../rules/rule.ts';
import { fixKinds } from './fix-kinds.ts';

/** What there is to say about a rule; any rule of any language. */
export type RuleFacts = Omit<Rule<never>, 'check'>;

/** What a rule is about, and so the language of its examples. */
export type Language = 'dockerfile' | 'compose' | 'config';

export interface DescribedRule {
  readonly rule: RuleFacts;
  readonly language: Language;
}

export function ruleUrl(id: string): string {
  return `https://github.com/shipshape/shipshape/blob/main/docs/rules/${id}.md`;
}

/** A rule's page in Markdown: docs/rules/<id>.md, and what `explain` and code scanning show. */
export function rulePage(described: DescribedRule): string {
  const { rule } = described;
  return `# ${rule.id}\n\n${rule.summary}\n\n${ruleDetails(described)}`;
}

export function ruleDetails({ rule, language }: DescribedRule): string {
  const { reported, titles, fixed } = partsOf(rule.bad);
  const aliases = rule.aliases ?? [];
  const options = Object.entries(rule.options ?? {});
  const sections = [
    facts(rule),
    ...(aliases.length > 0 ? [`Also known as ${list(aliases.map((alias) => `\`${alias}\``))}.`] : []),
    `## Why\n\n${rule.why.trim()}`,
    `## Reported\n\n${fence(reported, language)}`,
    ...(fixed === undefined ? [] : [`## Fixed\n\n${titles}:\n\n${fencesOf(fixed, language).join('\n\n')}`]),
    `## Accepted\n\n${fence(rule.good, language)}`,
    ...(options.length > 0 ? [`## Options\n\n${optionLines(rule, options)}`] : []),
    ...(language === 'config' ? [] : [`## Switching it off\n\n${switchingOff(rule)}`]),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** `safe` fixes keep what a file means; `both` when some do and some do not. */
export function fixKindOf({ id }: Pick<RuleFacts, 'id'>): 'safe' | 'unsafe' | 'both' | undefined {
  return fixKinds[id];
}

const fixNotes = {
  safe: 'Fixable',
  unsafe: 'Fixable, with a look at the result (`--fix-unsafe`)',
  both: 'Fixable, in part with a look at the result (`--fix-unsafe`)',
} as const;

function facts(rule: RuleFacts): string {
  const preset = rule.preset ?? 'recommended';
  const fix = fixKindOf(rule);
  const cells = [
    `Category: ${rule.category}`,
    `Severity: ${rule.severity}`,
    preset === 'all' ? 'Preset: only in `all`' : `Preset: \`${preset}\``,
    ...(fix === undefined ? [] : [fixNotes[fix]]),
  ];
  return cells.join(' · ');
}

interface ExampleParts {
  readonly reported: string;
  readonly titles: string;
  readonly fixed: string | undefined;
}

function partsOf(bad: string): ExampleParts {
  const match = /^=> (.*)\n?/m.exec(bad);
  if (match === null) return { reported: bad, titles: '', fixed: undefined };
  return {
    reported: bad.slice(0, match.index),
    titles: match[1] ?? '',
    fixed: bad.slice(match.index + match[0].length),
  };
}

/** The fixed file, and each new one beside it, which the drawing puts after `+++ path`. */
function fencesOf(fixed: string, language: Language): readonly string[] {
  const [same = '', ...others] = fixed.split(/^\+\+\+ /m);
  const blocks = same.trim() === '' ? [] : [fence(same, language)];
  for (const other of others) {
    const newline = other.indexOf('\n');
    blocks.push(`\`${other.slice(0, newline)}\`:\n\n${fence(other.slice(newline + 1), 'text')}`);
  }
  return blocks;
}

function fence(text: string, language: Language | 'text'): string {
  return `\`\`\`${language === 'compose' || language === 'config' ? 'yaml' : language}\n${text.replace(/^\n+|\s+$/g, '')}\n\`\`\``;
}

type Option = NonNullable<RuleFacts['options']>[string];

function optionLines(rule: RuleFacts, options: readonly (readonly [string, Option])[]): string {
  const lines = options.map(([name, option]) => {
    const type = option.type === 'strings' ? 'list of texts' : option.type;
    return `- \`${name}\` (${type}, default \`${JSON.stringify(option.default)}\`): ${option.description}`;
  });
  const settings = options.map(([name, option]) => `    ${name}: ${JSON.stringify(option.default)}`);
  return `${lines.join('\n')}\n\n${fence(['rules:', `  ${rule.id}:`, ...settings].join('\n'), 'config')}`;
}

function switchingOff({ id }: RuleFacts): string {
  return [
    `For one instruction or entry, with a comment above it: \`# shipshape ignore=${id} because ...\``,
    'For all files, in `.shipshape.yaml`:',
    fence(`rules:\n  ${id}: off`, 'config'),
  ].join('\n\n');
}

function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
