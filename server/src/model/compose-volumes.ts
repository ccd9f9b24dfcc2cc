import { entriesOf, itemsOf, scalarOf, textOf } from '../syntax/yaml/entries.ts';
import type { YamlScalar, YamlValue } from '../syntax/yaml/tree.ts';
import type { Range } from '../text/range.ts';
import type { Service } from './compose.ts';
import { splitOutside, withDefaults } from './compose-interpolation.ts';
import { partOf } from './compose-scalar.ts';

/** An item of a service's `volumes`, whichever way it is written. */
export interface Mount {
  readonly node: YamlValue;
  readonly kind: 'bind' | 'volume' | 'other';
  /** As written. */
  readonly source?: string;
  /** Absent where the source cannot be pointed at. */
  readonly sourceRange?: Range;
  /** The source with the defaults of variables; `undefined` when one has none. */
  readonly resolvedSource?: string;
  /** In the container, without a slash at the end. */
  readonly target: string;
  readonly isReadOnly: boolean;
  /** The node of `type`, in the long form. */
  readonly typeNode?: YamlScalar;
}

export function mountsOf({ entries }: Service, text: string): readonly Mount[] {
  return itemsOf(entries.get('volumes')?.value).flatMap((node) => {
    if (node.kind === 'mapping') return longForm(node);
    return node.kind === 'scalar' ? shortForm(node, text) : [];
  });
}

function longForm(node: YamlValue): Mount {
  const entries = entriesOf(node);
  const typeNode = scalarOf(entries.get('type')?.value);
  const sourceNode = scalarOf((entries.get('source') ?? entries.get('src'))?.value);
  const target = entries.get('target') ?? entries.get('destination') ?? entries.get('dst');
  const type = typeNode?.text;
  return {
    node,
    kind: type === 'bind' || type === 'volume' ? type : 'other',
    ...(sourceNode && sourceOf(sourceNode.text, sourceNode.range)),
    target: trimmed(textOf(target?.value) ?? ''),
    isReadOnly: textOf(entries.get('read_only')?.value) === 'true',
    ...(typeNode && { typeNode }),
  };
}

/** `[source:]target[:mode]`. Sources that look like paths are on the host, others are names. */
function shortForm(node: YamlScalar, text: string): Mount {
  // The drive of a Windows path is no part of its own.
  const drive = /^[A-Za-z]:(?=[\\/])/.exec(node.text)?.[0] ?? '';
  const parts = splitOutside(node.text.slice(drive.length), ':');
  if (parts.length < 2) return { node, kind: 'other', target: trimmed(node.text), isReadOnly: false };
  const source = drive + (parts[0] ?? '');
  const resolved = withDefaults(source);
  const isPath = /^[./~\\]|^[A-Za-z]:[\\/]/.test(resolved ?? source);
  // Without its value nobody knows whether `${DATA}` is a path; with more after it, it is one.
  const isVariablePath = resolved === undefined && /^\$[^]*[}\w]?[/\\]/.test(source);
  const range = partOf(node, text, 0, source.length);
  return {
    node,
    kind: isPath || isVariablePath ? 'bind' : resolved === undefined ? 'other' : 'volume',
    ...sourceOf(source, range),
    target: trimmed(withDefaults(parts[1] ?? '') ?? parts[1] ?? ''),
    isReadOnly: (parts[2] ?? '').split(',').includes('ro'),
  };
}

function sourceOf(
  source: string,
  sourceRange: Range | undefined,
): Pick<Mount, 'source' | 'sourceRange' | 'resolvedSource'> {
  const resolvedSource = withDefaults(source);
  return { source, ...(sourceRange && { sourceRange }), ...(resolvedSource !== undefined && { resolvedSource }) };
}

function trimmed(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
