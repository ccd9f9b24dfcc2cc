import { Document, isMap, parseDocument, Scalar, YAMLMap, type Pair } from 'yaml';
import type { AppChoices, SecretSource, Target } from './choices.ts';

/**
 * The file with this target added. What is there stays as it is, to the byte; a target of that name must not be there yet,
 * as changing one is for its owner to do.
 */
export function addTarget(text: string, target: Target): string {
  const added = new Document({ [target.name]: plainOf(target) }).toString({ lineWidth: 0, indent: 2 });
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = (indentation: string): string =>
    added
      .trimEnd()
      .split('\n')
      .map((line) => `${indentation}${line}${lineBreak}`)
      .join('');
  if (text.trim() === '') return `${header.join(lineBreak)}${lineBreak}targets:${lineBreak}${lines('  ')}`;
  const document = parseDocument(text, { keepSourceTokens: false });
  const targets = isMap(document.contents) ? pairOf(document.contents, 'targets') : undefined;
  const end = text.endsWith('\n') ? text : `${text}${lineBreak}`;
  if (targets === undefined) return `${end}targets:${lineBreak}${lines('  ')}`;
  const map = targets.value;
  if (!(map instanceof YAMLMap) || map.items.length === 0 || map.flow === true) {
    const key = targets.key as Scalar;
    const after = lineEnd(end, key.range?.[1] ?? end.length);
    return map instanceof YAMLMap && map.flow === true
      ? rewritten(document, target, lineBreak)
      : `${end.slice(0, after)}${lines('  ')}${end.slice(after)}`;
  }
  const first = map.items[0]?.key as Scalar;
  const column = columnOf(end, first.range?.[0] ?? 0);
  const last = map.items.at(-1)?.value as { readonly range?: readonly number[] } | null;
  const after = lineEnd(end, Math.max((last?.range?.[1] ?? 0) - 1, 0));
  return `${end.slice(0, after)}${lines(' '.repeat(column))}${end.slice(after)}`;
}

const header = [
  '# Where this app is deployed to. Holds no secrets, so commit it.',
  '# Every setting: hover it, or press Ctrl+Space.',
];

/** A file in one line, `{targets: {…}}`, is rare enough to be written anew. */
function rewritten(document: Document, target: Target, lineBreak: string): string {
  document.setIn(['targets', target.name], plainOf(target));
  return document.toString({ lineWidth: 0 }).replaceAll('\n', lineBreak);
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => pair.key instanceof Scalar && pair.key.value === key);
}

/** Where the line that this is in has ended. */
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** As a person would write it: without what goes without saying. */
function plainOf(target: Target): object {
  const { tenant, subscription, resourceGroup, location, registry, image, identity, port, health } = target;
  return {
    ...(tenant !== undefined && { tenant }),
    subscription,
    resourceGroup,
    location,
    registry: {
      name: registry.name,
      ...(registry.resourceGroup !== undefined && { resourceGroup: registry.resourceGroup }),
      ...(registry.sku !== 'Basic' && { sku: registry.sku }),
    },
    image: {
      repository: image.repository,
      dockerfile: image.dockerfile,
      ...(image.context !== '.' && { context: image.context }),
      ...(image.stage !== undefined && { stage: image.stage }),
      ...(Object.keys(image.arguments).length > 0 && { arguments: image.arguments }),
      ...(image.secretArguments !== undefined && { secretArguments: textsOf(image.secretArguments) }),
      build: image.build,
      ...(image.platform !== 'linux/amd64' && { platform: image.platform }),
    },
    identity: identity.kind === 'system' ? 'system' : identity.name,
    ...(port !== undefined && { port }),
    ...(health !== undefined && { health }),
    ...(Object.keys(target.env).length > 0 && { env: target.env }),
    ...(Object.keys(target.secrets).length > 0 && { secrets: textsOf(target.secrets) }),
    ...(Object.keys(target.monitoring).length > 0 && { monitoring: target.monitoring }),
    ...(Object.keys(target.tags).length > 0 && { tags: target.tags }),
    [target.app.kind]: plainApp(target.app),
  };
}

function textsOf(sources: Readonly<Record<string, SecretSource>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, textOf(source)]));
}

function textOf(source: SecretSource): string {
  if (source.from === 'ask') return 'ask';
  return source.from === 'environment' ? `environment:${source.variable}` : source.url;
}

function plainApp(app: AppChoices): object {
  const { kind: _kind, ...choices } = app;
  if (app.kind !== 'containerApp' || app.rules === undefined) return choices;
  return { ...choices, rules: app.rules.map(({ name: _name, ...rule }) => rule) };
}
