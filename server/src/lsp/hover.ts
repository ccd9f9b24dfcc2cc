import type { Hover, HoverParams } from 'vscode-languageserver';
import { engineRules } from '../engine/engine-rules.ts';
import { hoverAt, type RuleText } from '../features/hover.ts';
import { allRules } from '../rules/index.ts';
import type { Analyses } from './analyses.ts';
import { toOffset, toRange } from './convert.ts';
import { rulePage } from './protocol.ts';

export async function hoverFor(analyses: Analyses, { textDocument, position }: HoverParams): Promise<Hover | null> {
  const analysis = await analyses.of(textDocument.uri);
  if (analysis === undefined) return null;
  const { text, lines, findings, language } = analysis;
  const hover = hoverAt({
    text,
    findings,
    offset: toOffset(lines, position),
    fence: language === 'dockerfile' ? 'dockerfile' : 'yaml',
    ruleOf,
    pageOf: rulePage,
  });
  if (hover === undefined) return null;
  return { contents: { kind: 'markdown', value: hover.markdown }, range: toRange(lines, hover.range) };
}

function ruleOf(id: string): RuleText | undefined {
  return [...allRules, ...engineRules].find((rule) => rule.id === id);
}
