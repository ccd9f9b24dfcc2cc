import { isObject, type Json, type JsonObject } from '../../client/src/azure/json.ts';
import type { Contract } from './core.ts';

/**
 * Contracts made from the tables that the official packages serialize with (`@azure/arm-…/dist-esm/src/models/mappers.js`). There
 * `serializedName` is the path on the wire, its dots escaped where they are part of a name (`odata\.type`).
 */
export function contractOf(mappers: Mappers, name: string, options: ContractOptions = {}): Contract {
  const type = typeOf(mappers[name]);
  if (type === undefined) throw new Error(`There is no model '${name}' in these mappers`);
  return (body) => {
    const problems: string[] = [];
    check(type, withoutNulls(body), '', { mappers, options, problems });
    return problems;
  };
}

/** The module of a package's mappers: `import * as mappers from '…/mappers.js'`. */
export type Mappers = Readonly<Record<string, Mapper | undefined | Readonly<Record<string, Mapper>>>> & {
  readonly discriminators?: Readonly<Record<string, Mapper>>;
};

export interface ContractOptions {
  /** Answers hold what only Azure sets, and may leave out secrets, which it never gives back. */
  readonly answer?: boolean;
  /** What may be there though the table does not know it, as paths: `properties.hostNamesDisabled`. */
  readonly also?: readonly string[];
  /** Read-only properties that Azure refuses; others it overlooks, as clients send back what they read. */
  readonly refused?: readonly string[];
  /** For PATCH with the model of PUT: nothing is required. */
  readonly partial?: boolean;
}

interface Mapper {
  readonly type?: Type;
  readonly serializedName?: string;
  readonly required?: boolean;
  readonly readOnly?: boolean;
  readonly nullable?: boolean;
  readonly isConstant?: boolean;
  readonly defaultValue?: unknown;
  readonly constraints?: Constraints;
}
interface Type {
  readonly name: string;
  readonly className?: string;
  readonly modelProperties?: Readonly<Record<string, Mapper>>;
  readonly additionalProperties?: Mapper;
  readonly polymorphicDiscriminator?: { readonly serializedName: string };
  readonly uberParent?: string;
  readonly element?: Mapper;
  readonly value?: Mapper;
  readonly allowedValues?: readonly unknown[];
}
interface Constraints {
  readonly MaxLength?: number;
  readonly MinLength?: number;
  readonly MaxItems?: number;
  readonly MinItems?: number;
  readonly InclusiveMaximum?: number;
  readonly InclusiveMinimum?: number;
  readonly ExclusiveMaximum?: number;
  readonly ExclusiveMinimum?: number;
  readonly Pattern?: RegExp;
}
interface Checking {
  readonly mappers: Mappers;
  readonly options: ContractOptions;
  readonly problems: string[];
}

function check(type: Type, value: Json, path: string, checking: Checking): void {
  const wrong = (what: string): void => void checking.problems.push(`'${path === '' ? 'body' : path}' ${what}`);
  switch (type.name) {
    case 'Composite':
      if (isObject(value)) checkModel(type, value, path, checking);
      else wrong('must be an object');
      return;
    case 'Sequence':
      if (!isList(value)) wrong('must be a list');
      else for (const [index, one] of value.entries()) checkPart(type.element, one, `${path}.${index}`, checking);
      return;
    case 'Dictionary':
      if (!isObject(value)) wrong('must be an object');
      else for (const [key, one] of Object.entries(value)) checkPart(type.value, one, `${path}.${key}`, checking);
      return;
    case 'Enum':
      if (type.allowedValues?.some((allowed) => isSameValue(allowed, value)) !== true) {
        wrong(`must be one of ${(type.allowedValues ?? []).map(String).join(', ')}`);
      }
      return;
    case 'Number':
      if (typeof value !== 'number') wrong('must be a number');
      return;
    case 'Boolean':
      if (typeof value !== 'boolean') wrong('must be true or false');
      return;
    case 'DateTime':
    case 'Date':
      if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) wrong('must be a date');
      return;
    case 'Uuid':
      if (typeof value !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) {
        wrong('must be a GUID');
      }
      return;
    case 'any':
      return;
    default:
      // String, ByteArray, Base64Url, TimeSpan.
      if (typeof value !== 'string') wrong('must be text');
  }
}

function checkModel(given: Type, value: JsonObject, path: string, checking: Checking): void {
  const { options, problems } = checking;
  const type = modelOf(given, value, checking);
  const under = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const discriminator = type.polymorphicDiscriminator?.serializedName.replaceAll('\\', '');
  const known = Object.values(type.modelProperties ?? {}).map((mapper) => ({
    mapper,
    keys: (mapper.serializedName ?? '').split(/(?<!\\)\./).map((key) => key.replaceAll('\\', '')),
  }));

  for (const { mapper, keys } of known) {
    const found = keys.reduce<Json | undefined>(
      (inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
      value,
    );
    const name = under(keys.join('.'));
    if (found === undefined) {
      // The service fills in what has only one value.
      const optional = options.partial === true || mapper.isConstant === true || mapper.defaultValue !== undefined;
      const withheld = options.answer === true && /(key|password|secret)$/i.test(keys.at(-1) ?? '');
      if (mapper.required === true && !optional && !withheld && (mapper.readOnly !== true || options.answer === true)) {
        problems.push(`'${name}' is missing`);
      }
      continue;
    }
    if (mapper.readOnly === true && options.answer !== true && options.refused?.includes(name) === true) {
      problems.push(`'${name}' is read-only`);
    }
    checkPart(mapper, found, name, checking);
  }

  const checkUnknown = (inside: JsonObject, before: readonly string[]): void => {
    for (const [key, inner] of Object.entries(inside)) {
      const keys = [...before, key];
      const name = under(keys.join('.'));
      if (key === discriminator || options.also?.includes(name) === true) continue;
      if (known.some((one) => one.keys.join('\n') === keys.join('\n'))) continue;
      // Flattened: `properties` is no property of its own, but `properties.state` is.
      if (isObject(inner) && known.some((one) => one.keys.join('\n').startsWith(`${keys.join('\n')}\n`))) {
        checkUnknown(inner, keys);
      } else if (type.additionalProperties !== undefined) checkPart(type.additionalProperties, inner, name, checking);
      else problems.push(`'${name}' is unknown`);
    }
  };
  checkUnknown(value, []);
}

/** The model itself, found by its name where only the name is given, and by its discriminator where there are several. */
function modelOf(given: Type, value: JsonObject, { mappers, problems }: Checking): Type {
  const named = given.modelProperties === undefined ? typeOf(mappers[given.className ?? '']) : given;
  if (named === undefined) throw new Error(`There is no model '${given.className ?? ''}' in these mappers`);
  const discriminator = named.polymorphicDiscriminator?.serializedName.replaceAll('\\', '');
  if (discriminator === undefined) return named;
  const kind = value[discriminator];
  if (typeof kind !== 'string') {
    problems.push(`'${discriminator}' is missing`);
    return named;
  }
  const parent = named.uberParent ?? named.className ?? '';
  return typeOf(mappers.discriminators?.[`${parent}.${kind}`]) ?? named;
}

function typeOf(mapper: Mappers[string]): Type | undefined {
  return mapper !== undefined && 'type' in mapper && isType(mapper.type) ? mapper.type : undefined;
}

function isType(value: Type | Mapper | undefined): value is Type {
  return value !== undefined && 'name' in value;
}

function checkPart(mapper: Mapper | undefined, value: Json, path: string, checking: Checking): void {
  if (mapper?.type === undefined) return;
  check(mapper.type, value, path, checking);
  const limits = mapper.constraints;
  if (limits !== undefined) {
    for (const problem of limitsBroken(limits, value)) checking.problems.push(`'${path}' ${problem}`);
  }
  if (mapper.isConstant === true && mapper.defaultValue !== undefined && value !== mapper.defaultValue) {
    checking.problems.push(`'${path}' must be ${JSON.stringify(mapper.defaultValue)}`);
  }
}

function* limitsBroken(limits: Constraints, value: Json): Generator<string> {
  const size = typeof value === 'string' || isList(value) ? value.length : undefined;
  const [least, most] = isList(value) ? [limits.MinItems, limits.MaxItems] : [limits.MinLength, limits.MaxLength];
  if (size !== undefined && size < (least ?? 0)) yield `must have at least ${String(least)}`;
  if (size !== undefined && size > (most ?? Infinity)) yield `must have at most ${String(most)}`;
  if (typeof value === 'number') {
    if (value < (limits.InclusiveMinimum ?? -Infinity)) yield `must be at least ${String(limits.InclusiveMinimum)}`;
    if (value > (limits.InclusiveMaximum ?? Infinity)) yield `must be at most ${String(limits.InclusiveMaximum)}`;
    if (value <= (limits.ExclusiveMinimum ?? -Infinity)) yield `must be above ${String(limits.ExclusiveMinimum)}`;
    if (value >= (limits.ExclusiveMaximum ?? Infinity)) yield `must be below ${String(limits.ExclusiveMaximum)}`;
  }
  if (limits.Pattern !== undefined && typeof value === 'string' && !limits.Pattern.test(value)) {
    yield `must match ${limits.Pattern.source}`;
  }
}

/** Enumerations are compared without case in most of Azure. */
function isSameValue(allowed: unknown, value: Json): boolean {
  return typeof value === 'string' && typeof allowed === 'string'
    ? allowed.toLowerCase() === value.toLowerCase()
    : allowed === value;
}

/** Real requests and answers are full of explicit nulls that mean nothing. */
export function withoutNulls(value: Json): Json {
  if (isList(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
