import type { UpdateWork } from '../step.ts';
import { jqText } from './shell.ts';
import { asJq, type Variables } from './values.ts';

/** The jq program that makes of a resource what is sent back of it. */
export function updateProgram(work: UpdateWork, variables: Variables, lines: string[]): string {
  const filters = [
    // Azure answers with nulls that it does not take back.
    'del(.. | nulls)',
    // Values that the resource does not show, so that they are not lost.
    ...(work.keep === undefined ? [] : [`${jqPath(work.keep.into)} = (env.KEPT | fromjson | .value)`]),
    ...work.edits.map(({ at, to }) =>
      to === undefined ? without(at, work.method) : edit(segments(at), asJq(to, variables, lines, '  ')),
    ),
    work.method === 'PUT'
      ? withoutReadOnly(work.path)
      : `. as $all | reduce (${work.send.map((path) => pathList(segments(path))).join(', ')}) as $path ({}; setpath($path; $all | getpath($path)))`,
  ];
  const program = filters.join('\n  | ');
  return program.includes(' element(') ? `${element}${program}` : program;
}

/** A PATCH takes away what is `null`; lists replace lists, so that there it is enough to leave it out. */
function without(at: string, method: UpdateWork['method']): string {
  const isInList = segments(at).some((segment) => 'is' in segment);
  return method === 'PUT' || isInList ? `del(${jqPath(at)})` : `${jqPath(at)} = null`;
}

/** What is Azure's own, as `withoutReadOnly` in run/read-only.ts has it, of what is sent back whole. */
function withoutReadOnly(path: string): string {
  const always = 'del(.id, .name, .type, .systemData, .properties.provisioningState)';
  if (!/\/containerGroups\/[^/]+$/i.test(path)) return always;
  return [
    always,
    'del(.properties.instanceView, (.properties.containers, .properties.initContainers | .[]?.properties.instanceView))',
    'del(.properties.ipAddress.fqdn, .identity.principalId, .identity.tenantId)',
    'del(.identity.userAssignedIdentities[]? | .principalId, .clientId)',
    'if .properties.ipAddress.type == "Private" then . else del(.properties.ipAddress.ip) end',
  ].join('\n  | ');
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

/** Everything that lies between jq makes by itself, but for elements of lists. */
function edit(path: readonly Segment[], to: string): string {
  const index = path.findIndex((segment) => 'is' in segment);
  const item = path[index];
  if (item === undefined || !('is' in item)) return `${plainPath(path)} = ${to}`;
  const rest = path.slice(index + 1);
  const change = rest.length === 0 ? to : edit(rest, to);
  return `${plainPath(path.slice(0, index))} |= element(${jqText(item.key)}; ${jqText(item.is)}; ${change})`;
}

/** Changes the element that says this, or adds one. */
const element = `def element($key; $value; change):
    (. // []) | if any(.[]; .[$key] == $value)
    then map(if .[$key] == $value then change else . end)
    else . + [{($key): $value} | change] end;
  `;

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
  return path.map(({ key }) => (/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `.${jqText(key)}`)).join('') || '.';
}

function pathList(path: readonly Segment[]): string {
  return `[${path.map(({ key }) => jqText(key)).join(', ')}]`;
}
