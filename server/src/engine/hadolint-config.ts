import { entriesOf, itemsOf, textOf } from '../syntax/yaml/entries.ts';
import { parseYaml } from '../syntax/yaml/parse.ts';
import type { YamlNode } from '../syntax/yaml/tree.ts';
import type { Severity } from '../text/problem.ts';
import { configFindings, yamlProblems } from './config-file.ts';
import type { Finding } from './finding.ts';
import { knownRules, type KnownRule } from './known-rules.ts';
import type { PartialSettings, RuleSetting } from './settings.ts';

/** hadolint's severities; `style` is its mildest, `ignore` and `none` are below that. */
const severityNames: ReadonlyMap<string, Severity> = new Map([
  ['error', 'error'],
  ['warning', 'warning'],
  ['info', 'info'],
  ['style', 'hint'],
]);

const labelRules = ['DL3049', 'DL3050', 'DL3051', 'DL3052', 'DL3053', 'DL3054', 'DL3055', 'DL3056', 'DL3058'];

/**
 * Reads a `.hadolint.yaml` as hadolint does; its codes are our rules' aliases. How it looks is for hadolint to say: only broken YAML
 * is reported. https://github.com/hadolint/hadolint#configure
 */
export function readHadolintConfig(
  text: string,
  rules: readonly KnownRule[] = knownRules,
): { readonly settings: PartialSettings; readonly findings: readonly Finding[] } {
  const tree = parseYaml(text);
  const top = entriesOf(tree.roots[0]);
  const settings = new Map<string, RuleSetting>();
  const set = (code: string, setting: RuleSetting): void => {
    for (const { id } of rules.filter(({ aliases }) => aliases?.includes(`hadolint:${code}`))) {
      const before = settings.get(id);
      settings.set(id, { ...before, ...setting, options: { ...before?.options, ...setting.options } });
    }
  };

  const overrides = entriesOf(top.get('override')?.value);
  // The gravest last, so that it holds for a rule that stands for several codes.
  for (const [name, severity] of [...severityNames].reverse()) {
    for (const code of textsOf(overrides.get(name)?.value)) set(code, { severity });
  }
  for (const code of textsOf(top.get('ignored')?.value)) set(code, { severity: 'off' });

  const registries = ['trustedRegistries', 'allowedRegistries'].flatMap((key) => textsOf(top.get(key)?.value));
  if (registries.length > 0) set('DL3026', { options: { registries } });
  const labels = [...entriesOf(top.get('label-schema')?.value)].map(
    ([label, { value }]) => `${label}:${textOf(value) ?? 'text'}`,
  );
  const strict = isTrue(top.get('strict-labels')?.value);
  if (labels.length > 0 || strict) for (const code of labelRules) set(code, { options: { labels, strict } });

  const threshold = textOf(top.get('failure-threshold')?.value)?.toLowerCase() ?? '';
  const failOn =
    isTrue(top.get('no-fail')?.value) || ['ignore', 'none'].includes(threshold)
      ? 'never'
      : severityNames.get(threshold);
  return {
    settings: {
      rules: settings,
      ...(failOn !== undefined && { failOn }),
      ...(isTrue(top.get('disable-ignore-pragma')?.value) && { withoutHadolintComments: true }),
    },
    findings: configFindings(yamlProblems(tree)),
  };
}

function textsOf(node: YamlNode | undefined): readonly string[] {
  return itemsOf(node).flatMap((item) => textOf(item) ?? []);
}

function isTrue(node: YamlNode | undefined): boolean {
  return node?.kind === 'scalar' && node.value === true;
}
