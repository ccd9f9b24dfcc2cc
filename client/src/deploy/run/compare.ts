import { isObject, type Json } from '../../azure/json.ts';
import { isList, isPlace } from '../fill.ts';
import type { Value, ValueObject } from '../value.ts';

/**
 * Whether what is there says all that is wanted: Azure adds much of its own, gives back other letter cases of ids, enums and locations,
 * and leaves out what is at its default. Places still in it are secrets, which nobody can compare, and hold.
 */
export function says(actual: Json | undefined, wanted: Value, key = ''): boolean {
  if (isPlace(wanted)) return true;
  if (wanted === null || wanted === false) return actual === undefined || actual === null || actual === wanted;
  if (typeof wanted === 'string') return saysText(actual, wanted, key);
  if (typeof wanted === 'number') return Number(actual ?? Number.NaN) === wanted;
  if (wanted === true) return actual === true;
  if (isList(wanted)) return saysList(isArray(actual) ? actual : [], wanted, key);
  return saysObject(actual, wanted);
}

function saysObject(actual: Json | undefined, wanted: ValueObject): boolean {
  const keys = Object.keys(wanted);
  const found = isObject(actual) ? actual : {};
  return keys.every((key) => {
    // Ids as keys, in `userAssignedIdentities`: having one says something, even when it leads to nothing.
    if (isId(key) && findKey(found, key) === undefined) return false;
    return says(found[findKey(found, key) ?? key], wanted[key] ?? null, key);
  });
}

function saysList(actual: readonly Json[], wanted: readonly Value[], key: string): boolean {
  if (actual.length !== wanted.length) return false;
  const names = wanted.map(nameIn);
  if (wanted.length === 0 || names.includes(undefined))
    return wanted.every((item, index) => says(actual[index], item, key));
  return wanted.every((item, index) =>
    says(
      actual.find((other) => nameIn(other) === names[index]),
      item,
      key,
    ),
  );
}

function saysText(actual: Json | undefined, wanted: string, key: string): boolean {
  if (actual === undefined || actual === null) return wanted === '';
  if (typeof actual === 'object') return false;
  const found = String(actual);
  if (found === wanted) return true;
  if (key === 'location') return plain(found) === plain(wanted);
  if (key === 'image' || key === 'linuxFxVersion') return fullImage(found) === fullImage(wanted);
  if (exact.has(key)) return false;
  return found.toLowerCase().replaceAll(', ', ',') === wanted.toLowerCase().replaceAll(', ', ',');
}

/** Where the case of letters means something: the user's own texts. */
const exact = new Set([
  'value',
  'path',
  'command',
  'args',
  'query',
  'displayName',
  'appCommandLine',
  'healthCheckPath',
]);

function plain(location: string): string {
  return location.toLowerCase().replaceAll(' ', '');
}

/** Hosts know no case, tags do; what Docker leaves out is added. */
function fullImage(image: string): string {
  const [, kind = '', name = ''] = /^(?:([A-Za-z]+)\|)?(.*)$/s.exec(image) ?? [];
  const slash = name.indexOf('/');
  const host = slash === -1 ? '' : name.slice(0, slash);
  const isHost = host === 'localhost' || /[.:]/.test(host);
  const full = isHost
    ? `${host.toLowerCase()}${name.slice(slash)}`
    : `docker.io/${slash === -1 ? `library/${name}` : name}`;
  const tagged = /[:@][^/]*$/.test(full.slice(full.lastIndexOf('/'))) ? full : `${full}:latest`;
  return `${kind.toUpperCase()}|${tagged}`;
}

/** The key as the object has it, whatever its letters' case. */
export function findKey(found: object, key: string): string | undefined {
  if (Object.hasOwn(found, key)) return key;
  const lower = key.toLowerCase();
  return Object.keys(found).find((other) => other.toLowerCase() === lower);
}

function nameIn(value: Value | Json | undefined): string | undefined {
  if (!isObject(value)) return undefined;
  const { name } = value;
  return typeof name === 'string' ? name : undefined;
}

function isId(text: string): boolean {
  return /^\/subscriptions\//i.test(text);
}

function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
