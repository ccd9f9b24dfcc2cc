import type { IncomingMessage, ServerResponse } from 'node:http';
import { at, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import { RegistryRefusal, sendJson, sendRefusal, unauthorized } from './answers.ts';
import type { Guarded } from './oauth.ts';
import type { Manifest, Repositories, Tag } from './repositories.ts';

/** The service's own lists, below `/acr/v1/`: repositories, tags, manifests. */
export function catalogue(
  guarded: Guarded,
  repositories: Repositories,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const url = new URL(request.url ?? '/', `https://${guarded.service}`);
  const wanted = readPath(url.pathname, request.method ?? '');
  if (wanted === undefined) throw new RegistryRefusal(404, 'NOT_FOUND', 'the requested data does not exist');
  const scope = scopeOf(wanted);
  if (!isAllowed(guarded, request, scope)) {
    const { service } = guarded;
    const challenge = `Bearer realm="https://${service}/oauth2/token",service="${service}",scope="${scope.join(':')}",error="invalid_token"`;
    const refusal = new RegistryRefusal(401, 'UNAUTHORIZED', unauthorized);
    sendRefusal(response, refusal, { 'www-authenticate': challenge });
    return;
  }
  answer(guarded, repositories, wanted, url, response);
}

type Wanted =
  | { readonly kind: 'catalogue' }
  | { readonly kind: 'repository' | 'tags' | 'manifests'; readonly repository: string }
  | { readonly kind: 'tag' | 'manifest'; readonly repository: string; readonly reference: string }
  | { readonly kind: 'delete'; readonly repository: string; readonly tag: string | undefined };

function readPath(path: string, method: string): Wanted | undefined {
  const rest = decodeURIComponent(path.slice('/acr/v1/'.length));
  const [, repository = rest, list, reference] = /^(.+?)\/_(tags|manifests)(?:\/([^/]+))?$/.exec(rest) ?? [];
  if (repository === '' || repository.startsWith('_')) {
    return rest === '_catalog' && method === 'GET' ? { kind: 'catalogue' } : undefined;
  }
  if (method === 'DELETE') {
    if (list === undefined) return { kind: 'delete', repository, tag: undefined };
    return list === 'tags' && reference !== undefined ? { kind: 'delete', repository, tag: reference } : undefined;
  }
  if (method !== 'GET') return undefined;
  if (list === undefined) return { kind: 'repository', repository };
  if (reference === undefined) return { kind: list === 'tags' ? 'tags' : 'manifests', repository };
  return { kind: list === 'tags' ? 'tag' : 'manifest', repository, reference };
}

type Scope = readonly [string, string, string];

function scopeOf(wanted: Wanted): Scope {
  if (wanted.kind === 'catalogue') return ['registry', 'catalog', '*'];
  return ['repository', wanted.repository, wanted.kind === 'delete' ? 'delete' : 'metadata_read'];
}

function isAllowed({ signer, service }: Guarded, request: IncomingMessage, [type, name, action]: Scope): boolean {
  const [, token = ''] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const access = at(signer.read(token, service, 'access_token'), 'access');
  if (!Array.isArray(access)) return false;
  return (access as readonly Json[]).some((each) => {
    const actions = at(each, 'actions');
    return at(each, 'type') === type && at(each, 'name') === name && Array.isArray(actions) && actions.includes(action);
  });
}

function answer(
  { service }: Guarded,
  repositories: Repositories,
  wanted: Wanted,
  url: URL,
  response: ServerResponse,
): void {
  if (wanted.kind === 'catalogue') {
    const page = pageOf(repositories.names(), (name) => name, url);
    sendJson(response, 200, { repositories: page.items }, page.headers);
    return;
  }
  const { repository } = wanted;
  const about = { registry: service, imageName: repository };
  const tags = repositories.tags(repository);
  const manifests = repositories.manifests(repository);
  if (tags === undefined || manifests === undefined) {
    throw new RegistryRefusal(404, 'NAME_UNKNOWN', 'repository name not known to registry');
  }
  switch (wanted.kind) {
    case 'tags': {
      const order = url.searchParams.get('orderby');
      const page = pageOf(inOrder(tags, order), (tag) => tag.name, url);
      sendJson(response, 200, { ...about, tags: page.items.map(tagAnswer) }, page.headers);
      return;
    }
    case 'manifests': {
      const page = pageOf(manifests, (manifest) => manifest.digest, url);
      sendJson(response, 200, { ...about, manifests: page.items.map(manifestAnswer) }, page.headers);
      return;
    }
    case 'tag': {
      const tag = tags.find(({ name }) => name === wanted.reference);
      if (tag === undefined) throw new RegistryRefusal(404, 'TAG_UNKNOWN', 'the specified tag does not exist');
      sendJson(response, 200, { ...about, tag: tagAnswer(tag) });
      return;
    }
    case 'manifest': {
      const manifest = manifests.find(({ digest }) => digest === wanted.reference);
      if (manifest === undefined) throw new RegistryRefusal(404, 'MANIFEST_UNKNOWN', 'manifest unknown');
      sendJson(response, 200, { ...about, manifest: manifestAnswer(manifest) });
      return;
    }
    case 'repository': {
      const moments = tags.map(({ updated }) => updated.getTime());
      sendJson(response, 200, {
        ...about,
        createdTime: new Date(Math.min(...tags.map(({ created }) => created.getTime()), Date.now())).toISOString(),
        lastUpdateTime: new Date(Math.max(...moments, 0)).toISOString(),
        manifestCount: manifests.length,
        tagCount: tags.length,
        changeableAttributes,
      });
      return;
    }
    case 'delete':
      if (wanted.tag !== undefined && !tags.some(({ name }) => name === wanted.tag)) {
        throw new RegistryRefusal(404, 'TAG_UNKNOWN', 'the specified tag does not exist');
      }
      repositories.remove(repository, wanted.tag);
      if (wanted.tag === undefined) {
        const [manifestsDeleted, tagsDeleted] = [manifests.map(({ digest }) => digest), tags.map(({ name }) => name)];
        sendJson(response, 202, { manifestsDeleted, tagsDeleted });
      } else response.writeHead(202).end();
      return;
    default:
      wanted satisfies never;
  }
}

/** The next page's address goes on after the last name, without a host, as the service writes it. */
function pageOf<T>(
  all: readonly T[],
  nameOf: (one: T) => string,
  url: URL,
): { readonly items: readonly T[]; readonly headers: Readonly<Record<string, string>> } {
  const size = Number(url.searchParams.get('n') ?? 100);
  if (!Number.isInteger(size) || size < 1) throw new RegistryRefusal(400, 'PAGINATION_NUMBER_INVALID', 'invalid n');
  const last = url.searchParams.get('last');
  const from = last === null ? 0 : all.findIndex((one) => nameOf(one) === last) + 1;
  const items = all.slice(from, from + size);
  const end = items.at(-1);
  if (end === undefined || from + size >= all.length) return { items, headers: {} };
  const query = new URLSearchParams({ last: nameOf(end), n: String(size) });
  const order = url.searchParams.get('orderby');
  if (order !== null) query.set('orderby', order);
  return { items, headers: { link: `<${url.pathname}?${query}>; rel="next"` } };
}

function inOrder(tags: readonly Tag[], order: string | null): readonly Tag[] {
  if (order !== 'timedesc' && order !== 'timeasc') return tags;
  const sign = order === 'timedesc' ? -1 : 1;
  return tags.toSorted((left, right) => sign * (left.updated.getTime() - right.updated.getTime()));
}

const changeableAttributes = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true };

function tagAnswer({ name, digest, created, updated }: Tag): JsonObject {
  const times = { createdTime: created.toISOString(), lastUpdateTime: updated.toISOString() };
  return { name, digest, ...times, signed: false, changeableAttributes };
}

function manifestAnswer({ digest, size, created, architecture, os, mediaType, tags }: Manifest): JsonObject {
  return {
    digest,
    imageSize: size,
    createdTime: created.toISOString(),
    lastUpdateTime: created.toISOString(),
    ...(architecture === undefined ? {} : { architecture }),
    ...(os === undefined ? {} : { os }),
    mediaType,
    ...(tags.length === 0 ? {} : { tags }),
    changeableAttributes,
  };
}
