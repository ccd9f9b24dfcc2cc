import { entriesOf, follow, type Entry } from '../syntax/yaml/entries.ts';
import { parseYaml } from '../syntax/yaml/parse.ts';
import type { YamlNode, YamlTree, YamlValue } from '../syntax/yaml/tree.ts';
import { nearest } from '../text/nearest.ts';
import type { Problem, Severity } from '../text/problem.ts';
import type { Range } from '../text/range.ts';
import type { Finding } from './finding.ts';
import { globMatcher } from './glob.ts';
import { invalidConfiguration } from './invalid-configuration.ts';
import { knownRules, type KnownRule } from './known-rules.ts';
import { findingOf } from './lint.ts';
import { defaultSettings, hasType, presets, severities, type PartialSettings, type RuleSetting } from './settings.ts';
import { isNamed } from './suppressions/suppression.ts';

export interface ConfigFile {
  readonly settings: PartialSettings;
  /** Whether `ignore` names this file; the path is relative to the config file's folder. */
  readonly ignores: (path: string) => boolean;
  readonly findings: readonly Finding[];
}

/** The keys of a `.shipshape.yaml` and what they are for. */
export const configKeys = {
  preset: 'Which rules are on to begin with.',
  rules: 'Severity or options of single rules, over the preset.',
  ignore: 'Files that are not checked: paths or globs, relative to this file.',
  'fail-on': 'The mildest severity that makes the command line fail.',
} as const;

const ruleLevels: readonly string[] = ['off', 'hint', 'info', 'warning', 'error'];
const failLevels: readonly string[] = [...severities, 'never'];

/** Reads a `.shipshape.yaml`. What is wrong in it becomes findings, and the rest of it holds. */
export function readConfigFile(text: string, rules: readonly KnownRule[] = knownRules): ConfigFile {
  const tree = parseYaml(text);
  const reader = new ConfigReader(tree, rules);
  const settings = reader.settings();
  const globs = reader.ignored.map(globMatcher);
  return {
    settings,
    ignores: (path) => globs.some((matches) => matches(path)),
    findings: configFindings([...yamlProblems(tree), ...reader.problems]),
  };
}

export function yamlProblems(tree: YamlTree): readonly Problem[] {
  return tree.errors.map(({ range, message }) => ({ range, message, severity: 'error' }));
}

/** The settings that speak of config files are not in force while they are read. */
export function configFindings(problems: readonly Problem[]): readonly Finding[] {
  return [...invalidConfiguration.check({ problems }, {})]
    .map((problem) => findingOf(invalidConfiguration, problem, defaultSettings))
    .toSorted((a, b) => a.range.start - b.range.start);
}

class ConfigReader {
  readonly problems: Problem[] = [];
  readonly ignored: string[] = [];
  readonly #tree: YamlTree;
  readonly #rules: readonly KnownRule[];

  constructor(tree: YamlTree, rules: readonly KnownRule[]) {
    this.#tree = tree;
    this.#rules = rules;
  }

  settings(): PartialSettings {
    const root = follow(this.#tree.roots[0]);
    if (root === undefined) return {};
    if (root.kind !== 'mapping') {
      this.#report(root.range, `Write 'name: value' lines: ${Object.keys(configKeys).join(', ')}`);
      return {};
    }
    let settings: PartialSettings = {};
    for (const entry of entriesOf(root).values()) settings = { ...settings, ...this.#setting(entry) };
    return settings;
  }

  #setting(entry: Entry): PartialSettings {
    const { key, value } = entry;
    switch (key) {
      case 'preset': {
        const preset = this.#choice(entry, presets, 'preset');
        return preset === undefined ? {} : { preset };
      }
      case 'fail-on': {
        const failOn = this.#choice(entry, failLevels, 'severity') as Severity | 'never' | undefined;
        return failOn === undefined ? {} : { failOn };
      }
      case 'ignore':
        this.#ignore(value);
        return {};
      case 'rules':
        return { rules: this.#ruleSettings(value) };
      default:
        if (!key.startsWith('x-')) this.#unknown(entry.keyRange, 'setting', key, Object.keys(configKeys));
        return {};
    }
  }

  #ignore(value: YamlValue): void {
    const items = value.kind === 'sequence' ? value.items : [value];
    for (const item of items.map((each) => follow(each))) {
      if (item?.kind === 'scalar' && typeof item.value === 'string') this.ignored.push(item.value);
      else if (item !== undefined && !isEmpty(item))
        this.#report(item.range, 'Write a path or a glob, such as vendor/**');
    }
  }

  #ruleSettings(value: YamlValue): ReadonlyMap<string, RuleSetting> {
    const settings = new Map<string, RuleSetting>();
    if (value.kind !== 'mapping' && !isEmpty(value)) this.#report(value.range, "Write 'rule: severity' lines");
    for (const entry of entriesOf(value).values()) {
      const rule = this.#rules.find(({ id }) => id === entry.key);
      if (rule !== undefined) settings.set(rule.id, this.#ruleSetting(rule, entry));
      else this.#unknownRule(entry);
    }
    return settings;
  }

  /** People who come from another linter know a rule by its code there. */
  #unknownRule({ key, keyRange }: Entry): void {
    const sameCheck = this.#rules.find((rule) => isNamed(key, rule));
    const ids = this.#rules.map(({ id }) => id);
    if (sameCheck === undefined) this.#unknown(keyRange, 'rule', key, ids);
    else this.#suggest(keyRange, `There is no rule '${key}'`, sameCheck.id);
  }

  #ruleSetting(rule: KnownRule, ofRule: Entry): RuleSetting {
    const { value } = ofRule;
    if (value.kind !== 'mapping') return this.#severity(ofRule);
    const options: Record<string, unknown> = {};
    let setting: RuleSetting = {};
    for (const entry of entriesOf(value).values()) {
      const option = rule.options?.[entry.key];
      if (entry.key === 'severity') setting = this.#severity(entry);
      else if (option === undefined) this.#unknownOption(rule, entry);
      else {
        const plain = plainOf(entry.value);
        if (hasType(plain, option.type)) options[entry.key] = plain;
        else this.#report(entry.value.range, `'${entry.key}' takes ${typeNames[option.type]}`, entry.keyRange);
      }
    }
    return { ...setting, ...(Object.keys(options).length > 0 && { options }) };
  }

  #unknownOption(rule: KnownRule, { key, keyRange }: Entry): void {
    const names = ['severity', ...Object.keys(rule.options ?? {})];
    this.#unknown(keyRange, 'option', key, names);
  }

  #severity(entry: Entry): RuleSetting {
    const { value } = entry;
    // `off` is a word in YAML 1.2, but whoever knows the older YAML may write what it meant there.
    if (value.kind === 'scalar' && value.value === false) return { severity: 'off' };
    const severity = this.#choice(entry, ruleLevels, 'severity') as Severity | 'off' | undefined;
    return severity === undefined ? {} : { severity };
  }

  #choice<T extends string>({ value, keyRange }: Entry, choices: readonly T[], what: string): T | undefined {
    const text = value.kind === 'scalar' ? value.text : '';
    const choice = choices.find((each) => each === text);
    if (choice !== undefined) return choice;
    const meant = text === '' ? undefined : (choices.find((each) => each.startsWith(text)) ?? nearest(text, choices));
    if (meant !== undefined) this.#suggest(value.range, `'${text}' is no ${what}`, meant);
    else this.#report(value.range, `Use one of ${choices.join(', ')}`, keyRange);
    return undefined;
  }

  #unknown(range: Range, what: string, name: string, known: readonly string[]): void {
    const meant = nearest(name, known);
    if (meant !== undefined) this.#suggest(range, `There is no ${what} '${name}'`, meant);
    else if (what === 'rule') this.#report(range, `There is no rule '${name}'`);
    else this.#report(range, `There is no ${what} '${name}': there is ${known.join(', ')}`);
  }

  #suggest(range: Range, wrong: string, meant: string): void {
    const fix = { title: `Change to '${meant}'`, safe: false, edits: [{ range, text: meant }] };
    this.problems.push({ range, message: `${wrong}: did you mean '${meant}'?`, fix });
  }

  #report(range: Range, message: string, instead = range): void {
    this.problems.push({ range: range.start === range.end ? instead : range, message });
  }
}

const typeNames = {
  boolean: 'true or false',
  number: 'a number',
  string: 'a text',
  strings: 'a list of texts',
} as const;

function isEmpty(value: YamlValue): boolean {
  return value.kind === 'scalar' && value.value === undefined;
}

function plainOf(node: YamlNode | undefined): unknown {
  const value = follow(node);
  if (value?.kind === 'scalar') return value.value;
  if (value?.kind === 'sequence') return value.items.map((item) => plainOf(item));
  return undefined;
}
