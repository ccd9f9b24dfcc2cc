import { appKinds, deployFields, type DeployField, type DeployFields } from '../knowledge/deploy-fields.ts';
import { entriesOf, follow, type Entry } from '../syntax/yaml/entries.ts';
import { parseYaml } from '../syntax/yaml/parse.ts';
import type { YamlValue } from '../syntax/yaml/tree.ts';
import { nearest } from '../text/nearest.ts';
import type { Problem } from '../text/problem.ts';
import type { Range } from '../text/range.ts';

export type DeployValue = string | number | boolean | readonly DeployValue[] | { readonly [key: string]: DeployValue };

export interface DeployFile {
  readonly targets: readonly DeployFileTarget[];
  readonly problems: readonly Problem[];
}

export interface DeployFileTarget {
  readonly name: string;
  /** Of its name. */
  readonly range: Range;
  /** What is right in it, by the names of `deployFields`. */
  readonly values: Readonly<Record<string, DeployValue>>;
  /** The first thing that is wrong or missing in it, if anything is. */
  readonly problem?: Problem;
}

/** Reads a `.shipshape/deploy.yaml`; what is wrong in it is a problem with a place, and the rest holds. */
export function readDeployFile(text: string): DeployFile {
  const tree = parseYaml(text);
  const problems: Problem[] = tree.errors.map(({ range, message }) => ({ range, message }));
  const root = follow(tree.roots[0]);
  if (root === undefined) return { targets: [], problems };
  const reader = new Reader(problems);
  if (root.kind !== 'mapping') {
    reader.report(root.range, "Write 'targets:', and each target under it");
    return { targets: [], problems };
  }
  reader.object(root, deployFields, root.range);
  // Only the first counts, which may not be what was meant.
  const second = tree.roots[1] && { range: tree.roots[1].range, message: "Make one document of it: take out '---'" };
  if (second !== undefined) problems.push(second);
  const entries = [...entriesOf(entriesOf(root).get('targets')?.value).values()];
  const targets = entries.map((entry) => {
    const next = entries.find(({ keyRange }) => keyRange.start > entry.keyRange.start)?.keyRange.start ?? Infinity;
    // Nobody knows what was meant where the YAML is broken; a second target of the name is told at the second.
    const broken = tree.errors.find(
      ({ range: { start, end } }) =>
        (start >= entry.keyRange.start && start < next) || text.slice(start, end) === entry.key,
    );
    return targetOf(entry, broken ?? second);
  });
  return { targets, problems };
}

function targetOf({ key, keyRange, value }: Entry, broken: Problem | undefined): DeployFileTarget {
  const own = new Reader([]);
  const field = deployFields['targets'];
  if (field?.kind !== 'map') throw new TypeError("'targets' is a map");
  if (field.name?.test(key) === false) own.report(keyRange, `'${key}' cannot be a name here`);
  const values = own.value(value, field.of, keyRange);
  const problem = broken ?? own.problems[0];
  return {
    name: key,
    range: keyRange,
    values: isRecord(values) ? values : {},
    ...(problem !== undefined && { problem }),
  };
}

class Reader {
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    this.problems = problems;
  }

  value(value: YamlValue, field: DeployField, keyRange: Range): DeployValue | undefined {
    switch (field.kind) {
      case 'object': {
        if (value.kind === 'mapping' || isEmpty(value)) return this.object(value, field.fields, keyRange);
        return this.#wrong(value, keyRange, `Write 'name: value' lines here: ${Object.keys(field.fields).join(', ')}`);
      }
      case 'map': {
        if (value.kind === 'mapping' || isEmpty(value)) return this.#map(value, field.of, field.name);
        return this.#wrong(value, keyRange, "Write 'name: value' lines here");
      }
      case 'list': {
        if (value.kind !== 'sequence') return this.#wrong(value, keyRange, "Write a list, each item after a '-'");
        return value.items.flatMap((each) => {
          const item = follow(each);
          return item === undefined ? [] : (this.value(item, field.of, item.range) ?? []);
        });
      }
      case 'flag': {
        const flag = value.kind === 'scalar' ? value.value : undefined;
        return typeof flag === 'boolean' ? flag : this.#wrong(value, keyRange, 'Write true or false');
      }
      case 'number': {
        const number = value.kind === 'scalar' ? value.value : undefined;
        const { least, most, whole } = field;
        if (typeof number === 'number' && number >= least && number <= most && (!whole || Number.isInteger(number))) {
          return number;
        }
        return this.#wrong(value, keyRange, `Write a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
      }
      case 'text':
        return this.#text(value, field, keyRange);
    }
  }

  object(value: YamlValue, fields: DeployFields, range: Range): Readonly<Record<string, DeployValue>> {
    const values: Record<string, DeployValue> = {};
    const entries = entriesOf(value);
    for (const entry of entries.values()) {
      const field = fields[entry.key];
      if (field === undefined || !Object.hasOwn(fields, entry.key)) {
        if (!entry.key.startsWith('x-')) this.#unknown(entry.keyRange, entry.key, Object.keys(fields));
        continue;
      }
      const read = this.value(entry.value, field, entry.keyRange);
      if (read !== undefined) values[entry.key] = read;
    }
    const missing = Object.keys(fields).filter((key) => fields[key]?.required === true && !entries.has(key));
    if (missing.length > 0)
      this.report(
        range,
        `${missing.map((key) => `'${key}'`).join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
      );
    if (appKinds.every((kind) => Object.hasOwn(fields, kind))) this.#oneApp(entries, range);
    return values;
  }

  #oneApp(entries: ReadonlyMap<string, Entry>, range: Range): void {
    const [first, second] = appKinds.filter((kind) => entries.has(kind));
    if (first === undefined) this.report(range, `Say where it runs: ${appKinds.join(', ')}`);
    const other = second && entries.get(second);
    if (other)
      this.report(other.keyRange, `There is '${first ?? ''}' already: make a target of its own for '${second}'`);
  }

  #map(value: YamlValue, of: DeployField, name: RegExp | undefined): Readonly<Record<string, DeployValue>> {
    const values: Record<string, DeployValue> = {};
    for (const { key, keyRange, value: inner } of entriesOf(value).values()) {
      if (name !== undefined && !name.test(key)) this.report(keyRange, `'${key}' cannot be a name here`);
      const read = this.value(inner, of, keyRange);
      if (read !== undefined) values[key] = read;
    }
    return values;
  }

  #text(value: YamlValue, field: DeployField & { readonly kind: 'text' }, keyRange: Range): string | undefined {
    if (value.kind !== 'scalar' || isEmpty(value)) return this.#wrong(value, keyRange, 'Write a text');
    const { text } = value;
    const { values, pattern, means } = field;
    if (values !== undefined && !Object.hasOwn(values, text)) {
      const meant =
        Object.keys(values).find((each) => each.toLowerCase() === text.toLowerCase()) ??
        nearest(text, Object.keys(values));
      if (meant !== undefined) this.#suggest(value.range, `'${text}' cannot stand here`, meant);
      else this.#wrong(value, keyRange, `Use one of ${Object.keys(values).join(', ')}`);
      return undefined;
    }
    if (pattern?.test(text) === false) return this.#wrong(value, keyRange, `Write ${means ?? 'something else'}`);
    return text;
  }

  #unknown(range: Range, key: string, known: readonly string[]): void {
    const meant = nearest(key, known);
    if (meant !== undefined) this.#suggest(range, `There is no setting '${key}'`, meant);
    else this.report(range, `There is no setting '${key}': there is ${known.join(', ')}`);
  }

  #suggest(range: Range, wrong: string, meant: string): void {
    const fix = { title: `Change to '${meant}'`, safe: false, edits: [{ range, text: meant }] };
    this.problems.push({ range, message: `${wrong}: did you mean '${meant}'?`, fix });
  }

  #wrong(value: YamlValue, keyRange: Range, message: string): string | undefined {
    this.report(isEmpty(value) ? keyRange : value.range, message);
    return undefined;
  }

  report(range: Range, message: string): void {
    this.problems.push({ range, message });
  }
}

function isEmpty(value: YamlValue): boolean {
  return value.kind === 'scalar' && value.value === undefined;
}

function isRecord(value: DeployValue | undefined): value is Readonly<Record<string, DeployValue>> {
  return typeof value === 'object' && !Array.isArray(value);
}
