import type { Range } from '../text/range.ts';

/** `registry/path/name:tag@digest`, with the range of each part that is written. */
export interface ImageReference {
  /** As written, or what is left when variables were replaced. */
  readonly text: string;
  readonly range: Range;
  /** `ghcr.io`, `localhost:5000`; absent for Docker Hub's short names. */
  readonly registry?: string;
  /** The path without registry, tag and digest: `library/node` is `node` here, `bitnami/nginx` stays. */
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
  /** Absent where the part comes out of a variable. */
  readonly nameRange?: Range;
  readonly tagRange?: Range;
}

const registryPattern = /^(?:localhost|[^/]*[.:][^/]*)$/;
const hubRegistries = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

/** Splits a reference; total, so it also takes what no registry would. The ranges hold when `text` is what stands at `start`. */
export function parseImageReference(text: string, start: number, range?: Range): ImageReference {
  const written = range === undefined;
  const at = text.indexOf('@');
  const beforeDigest = at < 0 ? text : text.slice(0, at);
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const colon = beforeDigest.indexOf(':', beforeDigest.lastIndexOf('/') + 1);
  const path = colon < 0 ? beforeDigest : beforeDigest.slice(0, colon);
  const tag = colon < 0 ? undefined : beforeDigest.slice(colon + 1);
  const slash = path.indexOf('/');
  const host = slash < 0 ? undefined : path.slice(0, slash);
  const hasRegistry = host !== undefined && registryPattern.test(host);
  const isHub = hasRegistry && hubRegistries.has(host);
  const rest = hasRegistry ? path.slice(slash + 1) : path;
  const isOfficial = (!hasRegistry || isHub) && rest.startsWith('library/');
  return {
    text,
    range: range ?? { start, end: start + text.length },
    name: isOfficial ? rest.slice('library/'.length) : rest,
    ...(hasRegistry && !isHub && { registry: host }),
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
    ...(written && { nameRange: { start, end: start + path.length } }),
    ...(written && tag !== undefined && { tagRange: { start: start + colon + 1, end: start + beforeDigest.length } }),
  };
}
