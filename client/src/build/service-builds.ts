import { isAbsolute, relative, resolve } from 'node:path';
import { buildCompose } from '../../../server/src/model/build-compose.ts';
import { assignmentsOf } from '../../../server/src/model/compose-environment.ts';
import { withDefaults } from '../../../server/src/model/compose-interpolation.ts';
import type { Compose, Service } from '../../../server/src/model/compose.ts';
import { noProject } from '../../../server/src/model/project.ts';
import { entriesOf, itemsOf, scalarOf, textOf, type Entry } from '../../../server/src/syntax/yaml/entries.ts';
import type { YamlNode } from '../../../server/src/syntax/yaml/tree.ts';
import type { BuildSecret } from './build.ts';
import type { ServiceBuild } from './facts.ts';

export const composeFileName = /^(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml$/i;

/** The services of a Compose file that build this Dockerfile, each with its context. */
export function serviceBuildsOf(
  file: string,
  text: string,
  dockerfile: string,
): readonly { readonly folder: string; readonly service: ServiceBuild }[] {
  const compose = buildCompose(text, { project: noProject });
  const root = resolve(file, '..');
  return compose.services.flatMap((service) => {
    const build = service.entries.get('build')?.value;
    if (!build) return [];
    const details = entriesOf(build);
    const context =
      build.kind === 'scalar' ? valueOf(build) : details.has('context') ? valueIn(details, 'context') : '.';
    const named = details.has('dockerfile') ? valueIn(details, 'dockerfile') : 'Dockerfile';
    if (context === undefined || named === undefined || details.has('dockerfile_inline') || isElsewhere(context)) {
      return [];
    }
    const folder = resolve(root, context);
    if (!isSamePath(resolve(folder, named), dockerfile)) return [];
    return [{ folder, service: { file, ...readBuild(service, details, compose, root) } }];
  });
}

function readBuild(
  { name, entries }: Service,
  details: ReadonlyMap<string, Entry>,
  compose: Compose,
  root: string,
): Omit<ServiceBuild, 'file'> {
  const target = valueIn(details, 'target');
  const platforms = itemsOf(details.get('platforms')?.value).flatMap((item) => valueOf(item) ?? []);
  const platform = valueIn(entries, 'platform');
  return {
    name,
    ...(target !== undefined && target !== '' && { target }),
    platforms: platforms.length > 0 || platform === undefined ? platforms : [platform],
    arguments: assignmentsOf(details.get('args')?.value, compose.text).flatMap((assignment) => {
      const value = assignment.value === undefined ? undefined : withDefaults(assignment.value);
      return value === undefined ? [] : [{ name: assignment.name, value }];
    }),
    secrets: itemsOf(details.get('secrets')?.value).flatMap((item) => secretOf(item, compose, root) ?? []),
  };
}

function secretOf(item: YamlNode, { sections }: Compose, root: string): BuildSecret | undefined {
  const details = entriesOf(item);
  const source = item.kind === 'mapping' ? valueIn(details, 'source') : valueOf(item);
  if (source === undefined) return undefined;
  const id = valueIn(details, 'target') ?? source;
  const declared = entriesOf(sections.secrets.declared.get(source)?.value);
  const path = valueIn(declared, 'file');
  if (path !== undefined) return { id, from: { kind: 'file', path: resolve(root, path) } };
  const name = valueIn(declared, 'environment');
  return name === undefined ? undefined : { id, from: { kind: 'environment', name } };
}

/** With the defaults of its variables; `undefined` where one has none, as only whoever runs Compose knows it then. */
function valueOf(node: YamlNode | undefined): string | undefined {
  const text = textOf(scalarOf(node));
  return text === undefined ? undefined : withDefaults(text);
}

function valueIn(entries: ReadonlyMap<string, Entry>, key: string): string | undefined {
  return valueOf(entries.get(key)?.value);
}

/** A Git repository, an archive on the net, somebody's home. */
function isElsewhere(context: string): boolean {
  return !isAbsolute(context) && /^(?:~|[a-z][\w+.-]+:|git@)/i.test(context);
}

function isSamePath(a: string, b: string): boolean {
  return relative(a, b) === '';
}
