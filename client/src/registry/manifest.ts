import { refusalOf, type Wish } from './refusals.ts';
import type { Http, HttpAnswer, HttpRequest } from './http.ts';
import type { Registry } from './registry.ts';
import type { Tokens } from './token.ts';

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

export interface RegistryCalls {
  readonly http: Http;
  readonly tokens: Tokens;
}

/** The digest of what a tag is now; `undefined` when there is no such tag. */
export async function digestOf(
  calls: RegistryCalls,
  registry: Registry,
  repository: string,
  tag: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const path = `/v2/${inPath(repository)}/manifests/${encodeURIComponent(tag)}`;
  const about = { scope: `repository:${repository}:pull`, wish: 'pull' as const };
  const answer = await askRegistry(calls, registry, about, { method: 'HEAD', path, accept: manifestTypes, signal });
  if (answer.status === 404) return undefined;
  return answer.header('docker-content-digest');
}

/** A repository's name, which may have slashes, as a part of a path. */
export function inPath(repository: string): string {
  return repository.split('/').map(encodeURIComponent).join('/');
}

export interface RegistryRequest extends Pick<HttpRequest, 'method' | 'signal'> {
  /** With its query. */
  readonly path: string;
  readonly accept?: string;
}

/** Asks with a token for the scope, and once more with a new one. Anything but success and 404 throws. */
export async function askRegistry(
  { http, tokens }: RegistryCalls,
  registry: Registry,
  { scope, wish }: { readonly scope: string; readonly wish: Wish },
  { method, path, accept = 'application/json', signal }: RegistryRequest,
): Promise<HttpAnswer> {
  const url = `https://${registry.loginServer}${path}`;
  const ask = async (): Promise<HttpAnswer> => {
    const token = await tokens.access(registry, scope, wish, signal);
    return await http.send({ method, url, headers: { accept, authorization: `Bearer ${token}` }, signal });
  };
  let answer = await ask();
  if (answer.status === 401) {
    tokens.forget(registry);
    answer = await ask();
  }
  if (answer.status === 404 || (answer.status >= 200 && answer.status < 300)) return answer;
  throw refusalOf(answer, registry, wish, `${method} ${url.replace(/\?.*$/s, '')}`);
}
