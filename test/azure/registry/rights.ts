import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import type { Access } from './signer.ts';

/** Who asks: somebody of the directory, the admin user, ACR Tasks for the registry itself, or nobody. */
export type Subject =
  | { readonly kind: 'principal'; readonly id: string }
  | { readonly kind: 'admin' }
  | { readonly kind: 'tasks' }
  | { readonly kind: 'anonymous' };

/** Whether roles are given for repositories, so that AcrPull, AcrPush, and even Owner, say nothing about images. */
function isAbac(registry: JsonObject): boolean {
  return textAt(registry, 'properties.roleAssignmentMode') === 'AbacRepositoryPermissions';
}

/** `repository:team/app:pull,push registry:catalog:*`; what cannot be read is left out. */
export function readScopes(scopes: readonly string[]): readonly Access[] {
  return scopes
    .flatMap((scope) => scope.split(' '))
    .flatMap((scope) => {
      const [, type, name, actions] = /^(repository|registry):(.+):([^:]+)$/.exec(scope) ?? [];
      if (type === undefined || name === undefined || actions === undefined) return [];
      return [{ type, name, actions: actions.split(',') }];
    });
}

/** Of what is asked for, what the subject may, each with the actions that are left. */
export function granted(
  core: Core,
  registry: JsonObject,
  subject: Subject,
  asked: readonly Access[],
): readonly Access[] {
  return asked
    .map((access) => ({
      ...access,
      actions: expand(access).filter((action) => may(core, registry, subject, access, action)),
    }))
    .filter(({ actions }) => actions.length > 0);
}

function expand({ type, actions }: Access): readonly string[] {
  if (type === 'registry' || !actions.includes('*')) return actions;
  return ['pull', 'push', 'delete', 'metadata_read', 'metadata_write'];
}

function may(core: Core, registry: JsonObject, subject: Subject, { type, name }: Access, action: string): boolean {
  const abac = isAbac(registry);
  switch (subject.kind) {
    case 'admin':
      return true;
    case 'tasks':
      return !abac;
    case 'anonymous':
      return registryFlag(registry, 'anonymousPullEnabled') && (action === 'pull' || action === 'metadata_read');
    case 'principal': {
      const right = type === 'registry' ? (name === 'catalog' ? 'catalog' : undefined) : action;
      const wanted = right === undefined ? undefined : (abac ? abacRights : rights)[right];
      const prefix = 'Microsoft.ContainerRegistry/registries/';
      const id = textAt(registry, 'id') ?? '';
      return (
        wanted !== undefined && core.directory.knows(subject.id) && core.directory.may(subject.id, prefix + wanted, id)
      );
    }
    default:
      return subject satisfies never;
  }
}

/** Of AcrPull, AcrPush, AcrDelete, and of what includes them. */
const rights: Readonly<Record<string, string>> = {
  catalog: 'pull/read',
  pull: 'pull/read',
  metadata_read: 'pull/read',
  push: 'push/write',
  metadata_write: 'push/write',
  delete: 'artifacts/delete',
};

/** Data actions, of the Repository roles and the Catalog Lister; no role for the control plane includes them. */
const abacRights: Readonly<Record<string, string>> = {
  catalog: 'catalog/read',
  pull: 'repositories/content/read',
  metadata_read: 'repositories/metadata/read',
  push: 'repositories/content/write',
  metadata_write: 'repositories/metadata/write',
  delete: 'repositories/content/delete',
};

function registryFlag(registry: JsonObject, name: string): boolean {
  const properties = registry['properties'] as JsonObject | undefined;
  return properties?.[name] === true;
}
