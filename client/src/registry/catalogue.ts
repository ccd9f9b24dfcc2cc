import { askRegistry, inPath, type RegistryCalls } from './manifest.ts';
import type { Registry } from './registry.ts';

export interface TagInfo {
  readonly name: string;
  readonly digest: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** More than anybody looks through; who has more types a name. */
const most = 2000;

/** The names of all repositories, by alphabet. */
export async function repositories(
  calls: RegistryCalls,
  registry: Registry,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const about = { scope: 'registry:catalog:*', wish: 'list' as const };
  return await pages(calls, registry, about, '/acr/v1/_catalog?n=100', signal, ({ repositories: names }) =>
    Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [],
  );
}

/** The tags of a repository, newest first; none where there is no such repository. */
export async function tags(
  calls: RegistryCalls,
  registry: Registry,
  repository: string,
  signal?: AbortSignal,
): Promise<readonly TagInfo[]> {
  const about = { scope: `repository:${repository}:metadata_read`, wish: 'list' as const };
  const path = `/acr/v1/${inPath(repository)}/_tags?n=100&orderby=timedesc`;
  return await pages(calls, registry, about, path, signal, ({ tags: found }) =>
    (Array.isArray(found) ? (found as readonly Record<string, unknown>[]) : []).flatMap(
      ({ name, digest, lastUpdateTime }) =>
        typeof name === 'string' && typeof digest === 'string'
          ? [{ name, digest, updatedAt: typeof lastUpdateTime === 'string' ? lastUpdateTime : '' }]
          : [],
    ),
  );
}

async function pages<Item>(
  calls: RegistryCalls,
  registry: Registry,
  about: Parameters<typeof askRegistry>[2],
  first: string,
  signal: AbortSignal | undefined,
  itemsIn: (page: Record<string, unknown>) => readonly Item[],
): Promise<readonly Item[]> {
  const found: Item[] = [];
  const seen = new Set<string>();
  for (let path: string | undefined = first; path !== undefined && found.length < most;) {
    seen.add(path);
    const answer = await askRegistry(calls, registry, about, { method: 'GET', path, signal });
    if (answer.status === 404) break;
    found.push(...itemsIn(objectIn(answer.text)));
    path = nextPath(answer.header('link'), registry.loginServer);
    if (path !== undefined && seen.has(path)) break;
  }
  return found;
}

/** Of `</acr/v1/_catalog?last=x&n=100>; rel="next"`; what leads to another host is not followed, as our token goes with it. */
function nextPath(link: string | undefined, loginServer: string): string | undefined {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link ?? '')?.[1];
  if (target === undefined) return undefined;
  try {
    const url = new URL(target, `https://${loginServer}`);
    return url.protocol === 'https:' && url.host === loginServer ? url.pathname + url.search : undefined;
  } catch {
    return undefined;
  }
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
