import type { Compose } from '../model/compose.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { composeRules, dockerfileRules } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import type { Problem } from '../text/problem.ts';
import type { Document } from './document.ts';
import type { Finding } from './finding.ts';
import { isEnabled, optionsOf, severityOf, type Settings } from './settings.ts';
import { applySuppressions } from './suppressions/apply.ts';
import { unusedSuppression } from './unused-suppression.ts';

export interface RuleSets {
  readonly dockerfile: readonly Rule<Dockerfile>[];
  readonly compose: readonly Rule<Compose>[];
}

export interface LintOptions {
  /** Instead of all there are. */
  readonly rules?: RuleSets;
  /** A rule that throws costs only itself; this is told. */
  readonly onRuleError?: (rule: string, error: unknown) => void;
  /** `2026-01-31`, for suppressions that end on a date. */
  readonly today?: string;
}

const builtInRules: RuleSets = { dockerfile: dockerfileRules, compose: composeRules };

/** What the rules say about a document, in the order of its text, without what comments in it switch off. */
export function lint(document: Document, settings: Settings, options: LintOptions = {}): readonly Finding[] {
  if (settings.isIgnored === true) return [];
  const { rules = builtInRules, onRuleError } = options;
  const result =
    document.kind === 'dockerfile'
      ? run(rules.dockerfile, document.dockerfile, settings, onRuleError)
      : run(rules.compose, document.compose, settings, onRuleError);
  const { kept, use, isKept } = applySuppressions(document, settings, {
    ...result,
    known: [...rules.dockerfile, ...rules.compose],
    today: options.today ?? new Date().toISOString().slice(0, 10),
  });
  const unused = run([unusedSuppression], use, settings, onRuleError).findings.filter(isKept);
  return inOrder([...kept, ...unused]);
}

/** Runs the rules that are on; also says which of them came to their end. */
function run<Model>(
  rules: readonly Rule<Model>[],
  model: Model,
  settings: Settings,
  onRuleError: LintOptions['onRuleError'],
): { readonly findings: readonly Finding[]; readonly ran: ReadonlySet<string> } {
  const findings: Finding[] = [];
  const ran = new Set<string>();
  for (const rule of rules) {
    if (!isEnabled(rule, settings)) continue;
    try {
      const problems = [...rule.check(model, optionsOf(rule.options, settings.rules.get(rule.id)))];
      findings.push(...problems.map((problem) => findingOf(rule, problem, settings)));
      ran.add(rule.id);
    } catch (error) {
      onRuleError?.(rule.id, error);
    }
  }
  return { findings, ran };
}

/** A problem with what is known of its rule and settings. */
export function findingOf(
  rule: Pick<Rule<never>, 'id' | 'severity' | 'aliases' | 'tag'>,
  problem: Problem,
  settings: Settings,
): Finding {
  return {
    ...problem,
    rule: rule.id,
    severity: severityOf(rule, settings, problem.severity),
    aliases: rule.aliases ?? [],
    ...(rule.tag !== undefined && { tag: rule.tag }),
  };
}

/** By position, each thing said once. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const unique = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.range.start}:${finding.range.end}:${finding.rule}:${finding.message}`;
    if (!unique.has(key)) unique.set(key, finding);
  }
  return [...unique.values()].toSorted(
    (a, b) => a.range.start - b.range.start || a.range.end - b.range.end || (a.rule < b.rule ? -1 : 1),
  );
}
