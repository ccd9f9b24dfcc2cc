/** What goes over the wire. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The value at a path such as `properties.siteConfig.alwaysOn` or `properties.template.containers.0.image`; keys with dots in them as in
 * `properties['Logging.Level']`.
 */
export function at(value: Json | undefined, path: string): Json | undefined {
  let found: Json | undefined = value;
  for (const key of keysOf(path)) {
    if (Array.isArray(found)) found = (found as readonly Json[])[Number(key)];
    else found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}

export function keysOf(path: string): readonly string[] {
  if (!path.includes("['")) return path === '' ? [] : path.split('.');
  return [...path.matchAll(/\['([^']*)'\]|([^.[\]]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

export function textAt(value: Json | undefined, path: string): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' ? found : undefined;
}
