import type { Route } from './core.ts';
import type { Location } from './own-core.ts';
import { FrontDoorRefusal } from './refusals.ts';
import type { OwnStore } from './store.ts';

export interface Match {
  readonly route: Route;
  readonly at: Readonly<Record<string, string>>;
  /** The path in Azure's own letters. */
  readonly id: string;
  /** What rights are asked for: the resource without the action at its end, or what a list is below. */
  readonly scope: string;
  /** Of the last `/providers/`, or empty. */
  readonly namespace: string;
  /** Without the namespace: `sites/slots`. */
  readonly type: string;
}

interface Compiled {
  readonly route: Route;
  readonly expression: RegExp;
  readonly segments: readonly string[];
  readonly literal: number;
}

/** Finds routes as Resource Manager does: in any case of letters; and refuses in its words what there is not. */
export function createRouting(
  routes: readonly Route[],
  store: OwnStore,
  locations: readonly Location[],
): { readonly find: (method: string, url: URL) => Match } {
  const compiled = routes.map(compile).sort((left, right) => right.literal - left.literal);
  const known = new Set(compiled.flatMap(({ route }) => namespacesOf(route.path)));
  return {
    find: (method, url) => {
      const path = url.pathname.replace(/(?<=.)\/$/, '');
      const matching = compiled.filter(({ expression }) => expression.test(path));
      // The most literal path decides, not a wider one that has another method.
      const closest = matching.filter(({ literal }) => literal === matching[0]?.literal);
      const namespace = namespacesOf(path).at(-1) ?? '';
      if (closest.length === 0) throw notRouted(path, namespace, known, url);
      const version = versionOf(url, path, namespace);
      const right = closest.filter(({ route }) => route.method === method);
      if (right.length === 0) {
        throw new FrontDoorRefusal(
          405,
          'MethodNotAllowed',
          `The requested resource does not support http method '${method}'.`,
        );
      }
      const found = right.find(({ route }) => route.apiVersions.includes(version));
      if (found === undefined) {
        const supported = [...new Set(right.flatMap(({ route }) => route.apiVersions))];
        throw wrongVersion(version, supported, path, namespace, locations);
      }
      return match(found, path, store);
    },
  };
}

function compile(route: Route): Compiled {
  const segments = route.path.split('/');
  const pattern = segments
    .map((segment, index) => {
      if (segment === '{scope}' && index === 1) return '(.+)';
      if (segment.startsWith('{')) return '([^/]+)';
      return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('/')
    .replace(/^\/\(\.\+\)/, '/?(.*)');
  const literal = segments.filter((segment) => !segment.startsWith('{')).join('').length;
  return { route, expression: new RegExp(`^${pattern}$`, 'i'), segments, literal };
}

function match({ route, expression, segments }: Compiled, path: string, store: OwnStore): Match {
  const values = (expression.exec(path) ?? []).slice(1);
  const names = segments.filter((segment) => segment.startsWith('{')).map((segment) => segment.slice(1, -1));
  const at: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const value = decodeURIComponent(values[index] ?? '');
    at[name] = name === 'scope' && index === 0 && segments[1] === '{scope}' ? `/${value}` : value;
  }
  const spelled = segments.map((segment) => (segment.startsWith('{') ? (at[segment.slice(1, -1)] ?? '') : segment));
  const id = inGroupsLetters(spelled.join('/').replace('//', '/'), store);
  const [namespace = '', ...rest] = id.slice(lastProviders(id)).split('/');
  const isAction = rest.length % 2 === 1;
  const type = rest.filter((_, index) => index % 2 === 0 && !(isAction && index === rest.length - 1 && index > 0));
  return { route, at, id, scope: scopeOf(id), namespace, type: type.join('/') };
}

/** Names of groups keep the letters with which they were made. */
function inGroupsLetters(id: string, store: OwnStore): string {
  const group = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0];
  const kept = group === undefined ? undefined : store.get(group)?.['id'];
  return typeof kept === 'string' && group !== undefined ? kept + id.slice(group.length) : id;
}

function scopeOf(id: string): string {
  const start = lastProviders(id);
  if (start > id.length) return /^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?/i.exec(id)?.[0] ?? '/';
  const segments = id.slice(start).split('/');
  // Namespace, then types and names by turns; what is left over is an action or the type of a list.
  const even = segments.length % 2 === 0 ? segments.slice(0, -1) : segments;
  const before = id.slice(0, start - '/providers/'.length);
  return even.length === 1 ? before || '/' : `${before}/providers/${even.join('/')}`;
}

/** Behind the last `/providers/`, or beyond the end. */
function lastProviders(id: string): number {
  const found = id.toLowerCase().lastIndexOf('/providers/');
  return found < 0 ? id.length + 1 : found + '/providers/'.length;
}

function namespacesOf(path: string): readonly string[] {
  return [...path.matchAll(/\/providers\/([^/]+)/gi)].map(([, namespace]) => (namespace ?? '').toLowerCase());
}

function notRouted(path: string, namespace: string, known: ReadonlySet<string>, url: URL): FrontDoorRefusal {
  const version = url.searchParams.get('api-version') ?? '';
  if (namespace === '') {
    return new FrontDoorRefusal(404, 'NotFound', `No HTTP resource was found that matches the request URI '${path}'.`);
  }
  if (!known.has(namespace)) {
    return new FrontDoorRefusal(404, 'InvalidResourceNamespace', `The resource namespace '${namespace}' is invalid.`);
  }
  return new FrontDoorRefusal(
    404,
    'InvalidResourceType',
    `The resource type could not be found in the namespace '${namespace}' for api version '${version}'.`,
  );
}

function versionOf(url: URL, path: string, namespace: string): string {
  const version = url.searchParams.get('api-version');
  if (version !== null && version !== '') return version;
  throw new FrontDoorRefusal(
    400,
    'MissingApiVersionParameter',
    `The api-version query parameter (?api-version=) is required for all requests${namespace === '' ? '' : ` to '${path}'`}.`,
  );
}

function wrongVersion(
  version: string,
  supported: readonly string[],
  path: string,
  namespace: string,
  locations: readonly Location[],
): FrontDoorRefusal {
  const versions = `The supported api-versions are '${supported.join(', ')}'.`;
  if (namespace === '') {
    const message = `The api-version '${version}' is invalid. ${versions}`;
    return new FrontDoorRefusal(400, 'InvalidApiVersionParameter', message);
  }
  const type = path.slice(lastProviders(path)).split('/')[1] ?? '';
  const places = locations.map(({ name }) => name).join(', ');
  return new FrontDoorRefusal(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '' and API version '${version}' for type '${type}'. ${versions} The supported locations are '${places}'.`,
  );
}
