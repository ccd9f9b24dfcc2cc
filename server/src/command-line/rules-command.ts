import { describedRules } from '../report/described-rules.ts';
import { painter } from '../report/pretty.ts';
import { fixKindOf, ruleUrl } from '../report/rule-page.ts';
import { wantsColours, write } from './streams.ts';

export function printRules(format: 'pretty' | 'json'): number {
  write(format === 'json' ? `${JSON.stringify(asData(), undefined, 2)}\n` : asTable());
  return 0;
}

function asData(): readonly object[] {
  return describedRules.map(({ rule, language }) => ({
    id: rule.id,
    summary: rule.summary,
    language,
    category: rule.category,
    severity: rule.severity,
    preset: rule.preset ?? 'recommended',
    fix: fixKindOf(rule) ?? 'none',
    aliases: rule.aliases ?? [],
    url: ruleUrl(rule.id),
  }));
}

function asTable(): string {
  const paint = painter(wantsColours(process.stdout.isTTY));
  const width = Math.max(...describedRules.map(({ rule }) => rule.id.length));
  const lines = describedRules.map(({ rule }) =>
    [
      rule.id.padEnd(width),
      paint(rule.severity, rule.severity.padEnd('warning'.length)),
      paint('dim', (rule.preset ?? 'recommended').padEnd('recommended'.length)),
      rule.summary,
    ].join('  '),
  );
  return `${lines.join('\n')}\n`;
}
