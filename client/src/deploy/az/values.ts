import { keysOf } from '../../azure/json.ts';
import type { ReadPlace, SecretPlace, TextPlace, Value } from '../value.ts';
import { shown } from '../plan/scene.ts';
import { doubleQuoted, jqText, quoted, variableName } from './shell.ts';

/** The variables that a script has, by what they are read from; each is read once, just before its first use. */
export interface Variables {
  /** The variable, and the lines that set it if it is not yet set. */
  readonly read: (place: ReadPlace) => { readonly name: string; readonly lines: readonly string[] };
}

export function createVariables(reserved: readonly string[]): Variables {
  const known = new Map<string, string>();
  const taken = new Set(reserved);
  return {
    read: ({ $read }) => {
      const key = JSON.stringify([$read.method, $read.path.toLowerCase(), $read.get]);
      const before = known.get(key);
      if (before !== undefined) return { name: before, lines: [] };
      const name = freeName(variableName($read.label.replace(/^(the )?/, '')), taken);
      taken.add(name);
      known.set(key, name);
      const url = `${$read.path}?api-version=${$read.apiVersion}`;
      const query = keysOf($read.get)
        .map((part) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(part) ? part : jqText(part)))
        .join('.');
      const command = `az rest --method ${$read.method.toLowerCase()} --url ${quoted(url)} --query ${quoted(query)} -o tsv`;
      return { name, lines: [`${name}="$(${command})"`, `export ${name}`] };
    },
  };
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count++) {
    const free = count === 1 ? name : `${name}_${count}`;
    if (!taken.has(free)) return free;
  }
}

/** A value as a word of bash, and the lines it needs before. For texts only. */
export function asWord(
  value: Value,
  variables: Variables,
): { readonly word: string; readonly lines: readonly string[] } {
  const lines: string[] = [];
  const read = (place: ReadPlace): { readonly variable: string } => {
    const { name, lines: more } = variables.read(place);
    lines.push(...more);
    return { variable: name };
  };
  if (isRead(value)) return { word: doubleQuoted([read(value)]), lines };
  if (isText(value)) {
    const parts = value.$text.map((part) => (typeof part === 'string' ? part : read(part)));
    return { word: doubleQuoted(parts), lines };
  }
  return { word: quoted(shown(value)), lines };
}

/** A value as a jq program; what is not known yet, and secrets, come from the environment, which nobody else sees. */
export function asJq(value: Value, variables: Variables, lines: string[], indent = ''): string {
  const inner = `${indent}  `;
  const read = (place: ReadPlace): string => {
    const { name, lines: more } = variables.read(place);
    lines.push(...more);
    return `env.${name}`;
  };
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return jqText(value);
  if (isRead(value)) return read(value);
  if (isSecret(value)) return `env.${variableName(value.$secret)}`;
  if (isText(value)) {
    return `(${value.$text.map((part) => (typeof part === 'string' ? jqText(part) : read(part))).join(' + ')})`;
  }
  const items = isList(value)
    ? value.map((item) => asJq(item, variables, lines, inner))
    : Object.entries(value).map(([key, item]) => `${jqText(key)}: ${asJq(item, variables, lines, inner)}`);
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
  return items.length === 0 ? `${open}${close}` : `${open}\n${inner}${items.join(`,\n${inner}`)}\n${indent}${close}`;
}

/** The names of the user's secrets in it. */
export function secretsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return (value as readonly unknown[]).flatMap(secretsIn);
  if (typeof value !== 'object' || value === null) return [];
  if ('$secret' in value && typeof value.$secret === 'string') return [value.$secret];
  return Object.values(value).flatMap(secretsIn);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isRead(value: Value): value is ReadPlace {
  return typeof value === 'object' && value !== null && '$read' in value;
}

function isSecret(value: Value): value is SecretPlace {
  return typeof value === 'object' && value !== null && '$secret' in value;
}

function isText(value: Value): value is TextPlace {
  return typeof value === 'object' && value !== null && '$text' in value;
}
