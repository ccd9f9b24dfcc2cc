import { readdir } from 'node:fs/promises';
import { rulePage, type DescribedRule } from '../../server/src/report/rule-page.ts';
import { root, type Emitter } from './emit.ts';

const folder = 'docs/rules/';

/** One page for each rule, and none for those that are gone. */
export async function emitRulePages(emitter: Emitter, rules: readonly DescribedRule[]): Promise<void> {
  const there = await readdir(new URL(folder, root)).catch(() => []);
  const wanted = new Set(rules.map(({ rule }) => `${rule.id}.md`));
  for (const name of there.filter((each) => !wanted.has(each))) await emitter.remove(folder + name);
  for (const described of rules) await emitter.emit(`${folder}${described.rule.id}.md`, rulePage(described));
}
