import { entriesOf, itemsOf, scalarOf, textOf } from '../syntax/yaml/entries.ts';
import type { YamlValue } from '../syntax/yaml/tree.ts';
import type { Range } from '../text/range.ts';
import type { Service } from './compose.ts';
import { isLiteral, splitOutside, withDefaults } from './compose-interpolation.ts';

/** An item of `ports` that publishes known or named host ports; what gets a random host port is not among them. */
export interface PublishedPort {
  readonly node: YamlValue;
  /** The whole short form, or the value of `published`. */
  readonly range: Range;
  /** `undefined` is every interface. */
  readonly hostIp?: string;
  readonly protocol: string;
  /** The host ports, or the text with variables that stands for them. */
  readonly published: { readonly first: number; readonly last: number } | string;
}

export function publishedPorts({ entries }: Service): readonly PublishedPort[] {
  return itemsOf(entries.get('ports')?.value).flatMap((node) => {
    const port = node.kind === 'mapping' ? longForm(node) : shortForm(textOf(node) ?? '');
    return port ? [{ node, range: publishedRange(node), ...port }] : [];
  });
}

function publishedRange(node: YamlValue): Range {
  return entriesOf(node).get('published')?.value.range ?? node.range;
}

type Parsed = Pick<PublishedPort, 'hostIp' | 'protocol' | 'published'>;

function longForm(node: YamlValue): Parsed | undefined {
  const entries = entriesOf(node);
  const published = scalarOf(entries.get('published')?.value)?.text;
  return parsed(published, textOf(entries.get('host_ip')?.value), textOf(entries.get('protocol')?.value));
}

/** `[host_ip:][published:]target[/protocol]`, split where no variable is. */
function shortForm(text: string): Parsed | undefined {
  const [mapping = '', protocol] = splitOutside(text, '/');
  const parts = splitOutside(
    mapping.replace(/^\[(.*)\]:/, (_, address: string) => `${address.replaceAll(':', '\u0000')}:`),
    ':',
  );
  if (parts.length < 2) return undefined;
  const address = parts.length > 2 ? parts.slice(0, -2).join(':').replaceAll('\u0000', ':') : undefined;
  return parsed(parts.at(-2), address, protocol);
}

function parsed(
  published: string | undefined,
  hostIp: string | undefined,
  protocol: string | undefined,
): Parsed | undefined {
  const value = withDefaults(published ?? '') ?? published ?? '';
  const range = /^(\d+)(?:-(\d+))?$/.exec(value);
  if (!range && (value === '' || isLiteral(value))) return undefined;
  const first = Number(range?.[1]);
  if (range && first === 0) return undefined;
  const address = hostIp === undefined ? undefined : (withDefaults(hostIp) ?? hostIp);
  return {
    ...(address !== undefined && !wildcards.has(address) && { hostIp: address }),
    protocol: (protocol ?? 'tcp').toLowerCase(),
    published: range ? { first, last: Number(range[2] ?? range[1]) } : value,
  };
}

const wildcards = new Set(['', '0.0.0.0', '::', '*']);

/** Whether the host can give only one of the two what they ask for. */
export function clash(a: PublishedPort, b: PublishedPort): boolean {
  if (a.protocol !== b.protocol) return false;
  if (a.hostIp !== undefined && b.hostIp !== undefined && a.hostIp !== b.hostIp) return false;
  if (typeof a.published === 'string' || typeof b.published === 'string') return a.published === b.published;
  return a.published.first <= b.published.last && b.published.first <= a.published.last;
}
