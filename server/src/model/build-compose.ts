import { type Entry, entriesOf, isReset, itemsOf, textOf } from '../syntax/yaml/entries.ts';
import { parseYaml } from '../syntax/yaml/parse.ts';
import type { Compose, Section, SectionName, Service } from './compose.ts';
import { isOverrideFile } from './compose-files.ts';
import type { Project } from './project.ts';

export function buildCompose(text: string, { project }: { readonly project: Project }): Compose {
  const tree = parseYaml(text);
  const top = new Map(tree.roots.flatMap((root) => [...entriesOf(root)]));
  // A later document of the same file completes the ones before it.
  const declared = (key: string): ReadonlyMap<string, Entry> =>
    tree.roots.length < 2
      ? entriesOf(top.get(key)?.value)
      : new Map(tree.roots.flatMap((root) => [...entriesOf(entriesOf(root).get(key)?.value)]));
  const section = (name: SectionName): Section => {
    const entry = top.get(name);
    return { ...(entry && { entry }), declared: declared(name) };
  };
  const services = [...declared('services').values()].filter(isService).map(readService);
  const byName = new Map(services.map((service) => [service.name, service]));
  const sections: Record<SectionName, Section> = {
    networks: section('networks'),
    volumes: section('volumes'),
    secrets: section('secrets'),
    configs: section('configs'),
  };
  const extendsFile = services.some(({ entries }) => entriesOf(entries.get('extends')?.value).has('file'));
  const isPartial = isOverrideFile(project) || top.has('include') || extendsFile || services.length === 0;
  return { text, tree, project, top, services, sections, isPartial, findService: (name) => byName.get(name) };
}

function isService({ key, value }: Entry): boolean {
  return value.kind === 'mapping' && !key.startsWith('x-') && !isReset(value);
}

function readService(entry: Entry): Service {
  const entries = withoutReset(entriesOf(entry.value));
  const profiles = itemsOf(entries.get('profiles')?.value).flatMap((item) => textOf(item) ?? []);
  return { name: entry.key, nameRange: entry.keyRange, range: entry.range, entries, entry, profiles };
}

function withoutReset(entries: ReadonlyMap<string, Entry>): ReadonlyMap<string, Entry> {
  for (const { value } of entries.values()) {
    if (isReset(value)) return new Map([...entries].filter(([, entry]) => !isReset(entry.value)));
  }
  return entries;
}
