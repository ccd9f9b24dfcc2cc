import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { at, isObject, textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';

/** What is in a registry, read from the files in which the real `docker-registry` keeps it. */
export interface Repositories {
  readonly names: () => readonly string[];
  /** `undefined` where there is no such repository. */
  readonly tags: (repository: string) => readonly Tag[] | undefined;
  readonly manifests: (repository: string) => readonly Manifest[] | undefined;
  readonly digest: (repository: string, tag: string) => string | undefined;
  readonly remove: (repository: string, tag?: string) => void;
  /** In bytes. */
  readonly size: () => number;
}

export interface Tag {
  readonly name: string;
  readonly digest: string;
  readonly created: Date;
  readonly updated: Date;
}

export interface Manifest {
  readonly digest: string;
  readonly created: Date;
  readonly size: number;
  readonly mediaType: string;
  readonly architecture: string | undefined;
  readonly os: string | undefined;
  readonly tags: readonly string[];
}

/** `root`: `docker/registry/v2` in the storage of the registry. */
export function repositoriesIn(root: string): Repositories {
  const repositories = join(root, 'repositories');
  const folderOf = (repository: string): string => join(repositories, ...repository.split('/'));
  const exists = (repository: string): boolean => existsSync(join(folderOf(repository), '_manifests'));

  const tagOf = (repository: string, name: string): Tag | undefined => {
    const folder = join(folderOf(repository), '_manifests/tags', name);
    const link = join(folder, 'current/link');
    if (!existsSync(link)) return undefined;
    const updated = statSync(link).mtime;
    return { name, digest: readFileSync(link, 'utf8'), created: statSync(folder).birthtime, updated };
  };
  const tags = (repository: string): readonly Tag[] =>
    entries(join(folderOf(repository), '_manifests/tags')).flatMap((name) => tagOf(repository, name) ?? []);

  const manifestOf = (repository: string, digest: string): Manifest => {
    const [, hex = ''] = digest.split(':');
    const link = join(folderOf(repository), '_manifests/revisions/sha256', hex, 'link');
    const manifest = readJson(blobFile(root, digest));
    const config = readJson(blobFile(root, textAt(manifest, 'config.digest') ?? ''));
    const parts = [at(manifest, 'config'), ...listAt(manifest, 'layers')];
    return {
      digest,
      created: statSync(link).mtime,
      size: parts.reduce<number>((sum, part) => sum + Number(at(part, 'size') ?? 0), 0),
      mediaType: textAt(manifest, 'mediaType') ?? 'application/vnd.oci.image.manifest.v1+json',
      architecture: textAt(config, 'architecture'),
      os: textAt(config, 'os'),
      tags: tags(repository)
        .filter((tag) => tag.digest === digest)
        .map((tag) => tag.name),
    };
  };

  return {
    names: () => namesBelow(repositories, '').sort(),
    tags: (repository) => (exists(repository) ? tags(repository) : undefined),
    manifests: (repository) => {
      if (!exists(repository)) return undefined;
      const revisions = join(folderOf(repository), '_manifests/revisions/sha256');
      return entries(revisions)
        .filter((hex) => existsSync(join(revisions, hex, 'link')))
        .map((hex) => manifestOf(repository, `sha256:${hex}`));
    },
    digest: (repository, tag) => tagOf(repository, tag)?.digest,
    remove: (repository, tag) => {
      const below = tag === undefined ? '' : join('_manifests/tags', tag);
      rmSync(join(folderOf(repository), below), { recursive: true, force: true });
    },
    size: () => sizeBelow(join(root, 'blobs')),
  };
}

/** A repository may lie below another: `team` and `team/app`. */
function namesBelow(folder: string, prefix: string): string[] {
  return entries(folder)
    .filter((name) => !name.startsWith('_'))
    .flatMap((name) => {
      const here = existsSync(join(folder, name, '_manifests')) ? [prefix + name] : [];
      return [...here, ...namesBelow(join(folder, name), `${prefix}${name}/`)];
    });
}

function entries(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function sizeBelow(folder: string): number {
  return entries(folder).reduce((sum, name) => {
    const found = statSync(join(folder, name));
    return sum + (found.isDirectory() ? sizeBelow(join(folder, name)) : found.size);
  }, 0);
}

function blobFile(root: string, digest: string): string {
  const [, hex = ''] = digest.split(':');
  return join(root, 'blobs/sha256', hex.slice(0, 2), hex, 'data');
}

function readJson(file: string): JsonObject | undefined {
  if (!existsSync(file)) return undefined;
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return isObject(value) ? value : undefined;
}

function listAt(value: Json | undefined, path: string): readonly Json[] {
  const found = at(value, path);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}
