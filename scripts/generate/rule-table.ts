import { readFile } from 'node:fs/promises';
import { fixKindOf, type DescribedRule } from '../../server/src/report/rule-page.ts';
import { root, type Emitter } from './emit.ts';

const titles = { dockerfile: 'Dockerfile', compose: 'Compose', config: '`.shipshape.yaml`' } as const;

const fixNotes = { safe: 'yes', both: 'yes', unsafe: 'to review', none: '' } as const;

/** The rules in README.md, between the two comments that say so. */
export async function emitRuleTable(emitter: Emitter, rules: readonly DescribedRule[]): Promise<void> {
  const readme = await readFile(new URL('README.md', root), 'utf8');
  const between = /(<!-- rules:[^>]*-->\n)[^]*(<!-- \/rules -->)/;
  if (!between.test(readme)) throw new Error("README.md has lost its '<!-- rules: ... -->' and '<!-- /rules -->'");
  await emitter.emit(
    'README.md',
    readme.replace(between, (_, begin: string, end: string) => `${begin}\n${table(rules)}\n\n${end}`),
  );
}

function table(rules: readonly DescribedRule[]): string {
  const rows = rules.map(({ rule, language }) =>
    [
      `[${rule.id}](docs/rules/${rule.id}.md)`,
      rule.summary,
      titles[language],
      rule.severity,
      rule.preset ?? 'recommended',
      fixNotes[fixKindOf(rule) ?? 'none'],
    ]
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | '),
  );
  const header = ['Rule', '', 'File', 'Severity', 'Preset', 'Fix'].join(' | ');
  return [header, '- | - | - | - | - | -', ...rows].map((row) => `| ${row} |`).join('\n');
}
