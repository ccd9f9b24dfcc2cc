import { buildCompose } from '../../../../server/src/model/build-compose.ts';
import { splitOutside, withDefaults } from '../../../../server/src/model/compose-interpolation.ts';
import { noProject } from '../../../../server/src/model/project.ts';
import { entriesOf, itemsOf, scalarOf } from '../../../../server/src/syntax/yaml/entries.ts';
import type { YamlNode } from '../../../../server/src/syntax/yaml/tree.ts';
import { asPort } from './health.ts';

/** The first port that a service of a Compose file has in its container. */
export function containerPort(text: string, service: string): number | undefined {
  const found = buildCompose(text, { project: noProject }).services.find(({ name }) => name === service);
  if (!found) return undefined;
  const published = itemsOf(found.entries.get('ports')?.value).map(targetOf);
  const exposed = itemsOf(found.entries.get('expose')?.value).map((node) => portIn(scalarOf(node)?.text));
  return [...published, ...exposed].find((port) => port !== undefined);
}

/** Of `8080:80`, `127.0.0.1:8080:80/tcp`, or `target: 80`; nothing of what is not TCP. */
function targetOf(node: YamlNode): number | undefined {
  if (node.kind === 'mapping') {
    const entries = entriesOf(node);
    const protocol = scalarOf(entries.get('protocol')?.value)?.text ?? 'tcp';
    return protocol.toLowerCase() === 'tcp' ? portIn(scalarOf(entries.get('target')?.value)?.text) : undefined;
  }
  const [mapping = ''] = splitOutside(scalarOf(node)?.text ?? '', '/');
  if (/\/(?!tcp$)\w+$/i.test(scalarOf(node)?.text ?? '')) return undefined;
  return portIn(splitOutside(mapping, ':').at(-1));
}

/** The first of a range. */
function portIn(text: string | undefined): number | undefined {
  const value = withDefaults(text ?? '') ?? '';
  return asPort(value.replace(/[-/].*$/s, ''));
}
