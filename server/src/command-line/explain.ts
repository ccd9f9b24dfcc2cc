import { describedRules } from '../report/described-rules.ts';
import { rulePage, ruleUrl, type DescribedRule } from '../report/rule-page.ts';
import { nearest } from '../text/nearest.ts';
import { say, write } from './streams.ts';

/** Prints the page of each rule that goes by a name: ours, or another linter's with or without the linter. */
export function explain(name: string): number {
  const found = findRules(name);
  if (found.length === 0) {
    const meant = nearest(name, allNames());
    say(
      `There is no rule '${name}'${meant === undefined ? ": 'shipshape rules' lists them" : `: did you mean '${meant}'?`}`,
    );
    return 2;
  }
  write(found.map((described) => `${rulePage(described)}\n${ruleUrl(described.rule.id)}\n`).join('\n'));
  return 0;
}

/** One of another linter's rules may be several of ours. */
function findRules(name: string): readonly DescribedRule[] {
  const wanted = name.toLowerCase();
  const own = describedRules.filter(({ rule }) => rule.id === wanted);
  if (own.length > 0) return own;
  return describedRules.filter(({ rule }) =>
    rule.aliases?.some((alias) => alias.toLowerCase() === wanted || idOf(alias).toLowerCase() === wanted),
  );
}

function allNames(): readonly string[] {
  return describedRules.flatMap(({ rule }) => [
    rule.id,
    ...(rule.aliases ?? []).flatMap((alias) => [alias, idOf(alias)]),
  ]);
}

/** `hadolint:DL3007` is `DL3007` to its users. */
function idOf(alias: string): string {
  return alias.slice(alias.indexOf(':') + 1);
}
