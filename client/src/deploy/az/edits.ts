import type { UpdateWork } from '../step.ts';
import { jqText } from './shell.ts';
import { asJq, type Variables } from './values.ts';

/** The jq program that makes of a resource what is sent back of it. */
export function updateProgram(work: UpdateWork, variables: Variables, lines: string[]): string {
  const filters = [
    // Values that the resource does not show, so that they are not lost.
    ...(work.keep === undefined ? [] : [`${jqPath(work.keep.into)} = (env.KEPT | fromjson | .value)`]),
    ...work.edits.map(({ at, to }) =>
      to === undefined ? `del(${jqPath(at)})` : edit(segments(at), asJq(to, variables, lines, '  ')),
    ),
    work.method === 'PUT'
      ? 'del(.id, .name, .type, .systemData, .properties.provisioningState, .properties.instanceView)'
      : `. as $all | reduce (${work.send.map((path) => pathList(segments(path))).join(', ')}) as $path ({}; setpath($path; $all | getpath($path)))`,
  ];
  return filters.join('\n  | ');
}

type Segment = { readonly key: string } | { readonly key: string; readonly is: string };

function segments(path: string): readonly Segment[] {
  const found: Segment[] = [];
  for (const [, quoted, key, is, plain] of path.matchAll(/\['([^']*)'\]|\[([^\]=[']+)=([^\]]*)\]|([^.[\]]+)/g)) {
    if (key !== undefined && is !== undefined) found.push({ key, is });
    else found.push({ key: quoted ?? plain ?? '' });
  }
  return found;
}

/** A list gets the element if it has none like it; everything else jq makes by itself. */
function edit(path: readonly Segment[], to: string): string {
  const index = path.findIndex((segment) => 'is' in segment);
  const item = path[index];
  if (item === undefined || !('is' in item)) return `${plainPath(path)} = ${to}`;
  const rest = path.slice(index + 1);
  const isIt = `.${jqText(item.key)} == ${jqText(item.is)}`;
  const changed = rest.length === 0 ? to : edit(rest, to);
  const added = rest.length === 0 ? to : `({${jqText(item.key)}: ${jqText(item.is)}} | ${changed})`;
  const list = plainPath(path.slice(0, index));
  return `${list} |= ((. // []) | if any(.[]; ${isIt}) then map(if ${isIt} then ${changed} else . end) else . + [${added}] end)`;
}

function jqPath(path: string): string {
  const all = segments(path);
  const index = all.findIndex((segment) => 'is' in segment);
  const item = all[index];
  if (item === undefined || !('is' in item)) return plainPath(all);
  const rest = all.slice(index + 1);
  const list = `(${plainPath(all.slice(0, index))}[]? | select(.${jqText(item.key)} == ${jqText(item.is)})`;
  return rest.length === 0 ? `${list})` : `${list} | ${plainPath(rest)})`;
}

function plainPath(path: readonly Segment[]): string {
  return path.map(({ key }) => `.${jqText(key)}`).join('') || '.';
}

function pathList(path: readonly Segment[]): string {
  return `[${path.map(({ key }) => jqText(key)).join(', ')}]`;
}
