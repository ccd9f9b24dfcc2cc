import { at, type Json, type JsonObject } from '../azure/json.ts';
import { apiVersions } from '../azure/api-versions.ts';
import { groupOf, subscriptionId } from '../azure/resource-id.ts';
import { ifAllowed, type Reader } from './read-facts.ts';

/**
 * What the user lacks of the actions that a plan could need. `Microsoft.Authorization/permissions` tells anybody what they may do; where it
 * does not answer, nothing is known to be missing, and Azure refuses when the time comes.
 */
export async function readMissingRights(
  { arm, target, lookups, send, ask }: Reader,
  known: ReadonlyMap<string, JsonObject | undefined>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const subscription = subscriptionId(target.subscription);
  /** What is not there yet has the rights of what it will be in. */
  const existing = (scope: string): string => {
    if (known.get(scope.toLowerCase()) !== undefined || scope === subscription) return scope;
    const group = groupOf(scope);
    if (group === undefined) return subscription;
    const path = `${subscription}/resourceGroups/${group}`;
    return known.get(path.toLowerCase()) === undefined ? subscription : path;
  };
  const places = new Map<string, Promise<readonly Permission[] | undefined>>();
  const permissionsAt = (scope: string): Promise<readonly Permission[] | undefined> => {
    const key = scope.toLowerCase();
    const asked =
      places.get(key) ??
      ask(() =>
        ifAllowed(async () => {
          const path = `${scope}/providers/Microsoft.Authorization/permissions`;
          return (await arm.list(path, apiVersions.roleAssignments, {}, send)).map(permissionIn);
        }),
      );
    places.set(key, asked);
    return asked;
  };

  const missing = new Map<string, readonly string[]>();
  await Promise.all(
    lookups.rights.map(async ({ scope, actions }) => {
      const permissions = await permissionsAt(existing(scope));
      if (permissions === undefined) return;
      const lacking = actions.filter((action) => !permissions.some((permission) => grants(permission, action)));
      const key = scope.toLowerCase();
      if (lacking.length > 0) missing.set(key, [...(missing.get(key) ?? []), ...lacking]);
    }),
  );
  return missing;
}

interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

function permissionIn(permission: JsonObject): Permission {
  const texts = (path: string): readonly string[] => {
    const list = at(permission, path);
    return Array.isArray(list) ? (list as readonly Json[]).filter((text) => typeof text === 'string') : [];
  };
  // Pushing is a data action in some roles and an action in others; neither tells the whole.
  return {
    actions: [...texts('actions'), ...texts('dataActions')],
    notActions: [...texts('notActions'), ...texts('notDataActions')],
  };
}

function grants({ actions, notActions }: Permission, action: string): boolean {
  return actions.some((pattern) => matches(pattern, action)) && !notActions.some((pattern) => matches(pattern, action));
}

/** `*` in any place, for any text. */
function matches(pattern: string, action: string): boolean {
  const source = pattern
    .split('*')
    .map((text) => text.replace(/[.\\+?^${}()|[\]/-]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 'i').test(action);
}
