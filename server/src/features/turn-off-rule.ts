import { entriesOf } from '../syntax/yaml/entries.ts';
import { parseYaml } from '../syntax/yaml/parse.ts';
import type { YamlMapping, YamlNode } from '../syntax/yaml/tree.ts';
import { indentationAt, lineStart, newlineOf } from '../text/lines.ts';
import type { Edit } from '../text/problem.ts';

/** What to type into a `.shipshape.yaml` to turn a rule off. Comments, order and style of the rest stay. */
export function turnOffInConfig(text: string, rule: string): readonly Edit[] {
  const root = parseYaml(text).roots[0];
  const rules = entriesOf(root).get('rules');
  const existing = entriesOf(rules?.written).get(rule);
  if (existing === undefined) return [addRule(text, root, rules, rule)];
  // An entry with options keeps them: only its severity changes.
  const severity = entriesOf(existing.written).get('severity');
  if (severity !== undefined) return [replace(severity.written, 'off')];
  if (existing.written.kind !== 'mapping') return [replaceValue(existing.keyRange.end, existing.written)];
  return [addEntry(text, existing.written, 'severity: off')];
}

/** The whole of a new config file that does nothing else. */
export function configTurningOff(rule: string): string {
  return `rules:\n  ${rule}: off\n`;
}

type RulesEntry = ReturnType<ReturnType<typeof entriesOf>['get']>;

function addRule(text: string, root: YamlNode | undefined, rules: RulesEntry, rule: string): Edit {
  const newline = newlineOf(text);
  if (rules !== undefined) {
    if (rules.written.kind === 'mapping' && rules.written.pairs.length > 0)
      return addEntry(text, rules.written, `${rule}: off`);
    // `rules:` without a value, or `rules: {}`.
    const indentation = ' '.repeat(rules.keyRange.start - lineStart(text, rules.keyRange.start) + 2);
    return {
      range: { start: rules.keyRange.end, end: Math.max(rules.written.range.end, rules.keyRange.end) },
      text: `:${newline}${indentation}${rule}: off`,
    };
  }
  const addition = `rules:${newline}  ${rule}: off${newline}`;
  if (root?.kind === 'mapping' && root.isFlow) return addEntry(text, root, `rules: { ${rule}: off }`);
  const end = text.length;
  const isLineOpen = end > 0 && !text.endsWith('\n');
  return { range: { start: end, end }, text: `${isLineOpen ? newline : ''}${addition}` };
}

/** As first of its siblings, so that what follows the last one, comments above all, stays where it belongs. */
function addEntry(text: string, mapping: YamlMapping, entry: string): Edit {
  const first = mapping.pairs[0];
  if (mapping.isFlow) {
    const at = mapping.range.start + 1;
    return { range: { start: at, end: at }, text: first === undefined ? ` ${entry} ` : ` ${entry},` };
  }
  const at = first?.key.range.start ?? mapping.range.start;
  return { range: { start: at, end: at }, text: `${entry}${newlineOf(text)}${indentationAt(text, at)}` };
}

function replace(node: YamlNode, text: string): Edit {
  return { range: node.range, text };
}

function replaceValue(keyEnd: number, value: YamlNode): Edit {
  return value.range.end > value.range.start
    ? replace(value, 'off')
    : { range: { start: keyEnd + 1, end: keyEnd + 1 }, text: ' off' };
}
