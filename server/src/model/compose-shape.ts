import { composeSchema, type JsonSchema } from '../knowledge/compose-schema.ts';

/** A schema made ready to be asked: references followed, patterns compiled. */
export interface Shape {
  readonly types: readonly string[];
  readonly options: readonly Shape[];
  readonly properties: ReadonlyMap<string, Shape>;
  readonly patterns: readonly { readonly pattern: RegExp; readonly shape: Shape }[];
  /** Every key has a meaning of its own, so that a key not named here is a mistake. */
  readonly isClosed: boolean;
  readonly required: readonly string[];
  readonly items?: Shape;
  readonly uniqueItems: boolean;
  readonly values?: readonly string[];
  readonly pattern?: RegExp;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: Format;
}

export type Format = 'duration' | 'port' | 'exposed port' | 'subnet';

/** The specification's prose demands these formats; its schema stopped naming them. */
const formats: Readonly<Record<string, Format>> = {
  interval: 'duration',
  timeout: 'duration',
  start_period: 'duration',
  start_interval: 'duration',
  stop_grace_period: 'duration',
  subnet: 'subnet',
};
const itemFormats: Readonly<Record<string, Format>> = { ports: 'port', expose: 'exposed port' };

/** Keys that Compose already reads and the schema does not have yet, by what stands beside them. */
const additions: readonly { readonly beside: string; readonly properties: Readonly<Record<string, JsonSchema>> }[] = [
  {
    beside: 'dockerfile_inline',
    properties: { provenance: { type: ['boolean', 'string'] }, sbom: { type: ['boolean', 'string'] } },
  },
  { beside: 'post_start', properties: { pre_start: {} } },
  { beside: 'action', properties: { initial_sync: { type: ['boolean', 'string'] } } },
];

/** What a whole Compose file must look like; made when it is first asked for. */
export const composeShape: () => Shape = once(() => shapeOf(composeSchema, new Map()));

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function shapeOf(schema: JsonSchema, done: Map<JsonSchema, Shape>, name = '', format?: Format): Shape {
  const target = resolve(schema);
  const known = format ? undefined : done.get(target);
  if (known) return known;
  const shape: Shape = {
    types: typesIn(target),
    options: (target.oneOf ?? []).map((option) => shapeOf(option, done, name, format)),
    properties: new Map(propertiesOf(target).map(([key, value]) => [key, shapeOf(value, done, key, formats[key])])),
    patterns: Object.entries(target.patternProperties ?? {})
      .filter(([pattern]) => pattern !== '^x-')
      .map(([pattern, value]) => ({ pattern: new RegExp(pattern), shape: shapeOf(value, done, name) })),
    isClosed: target.additionalProperties === false,
    required: target.required ?? [],
    uniqueItems: target.uniqueItems === true,
    ...(target.items && { items: shapeOf(target.items, done, name, itemFormats[name]) }),
    ...(target.enum && { values: target.enum }),
    ...(target.pattern !== undefined && { pattern: new RegExp(target.pattern) }),
    ...(target.minimum !== undefined && { minimum: target.minimum }),
    ...(target.maximum !== undefined && { maximum: target.maximum }),
    ...(format && { format }),
  };
  if (!format) done.set(target, shape);
  return shape;
}

function typesIn({ type = [], properties }: JsonSchema): readonly string[] {
  const types = typeof type === 'string' ? [type] : type;
  // `models: { llm: }` in a service is Compose's own example of taking all defaults.
  return properties?.['endpoint_var'] ? [...types, 'null'] : types;
}

function propertiesOf({ properties = {} }: JsonSchema): readonly [string, JsonSchema][] {
  const extra = additions
    .filter(({ beside }) => Object.hasOwn(properties, beside))
    .flatMap((addition) => Object.entries(addition.properties));
  return [...extra, ...Object.entries(properties)];
}

function resolve(schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.split('/').at(-1);
  return (name === undefined ? undefined : composeSchema.definitions?.[name]) ?? schema;
}
