import { isObject, textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { isSet } from './ids.ts';
import { refuse } from './refusals.ts';

export interface Identities {
  /** Object id of the system's identity. */
  readonly system: string | undefined;
  readonly assigned: readonly { readonly id: string; readonly principalId: string; readonly clientId: string }[];
}

export function identityOf(site: JsonObject | undefined): Identities {
  const assigned = entriesOf(site?.['identity'], 'userAssignedIdentities').map(([id, one]) => ({
    id,
    principalId: textAt(one, 'principalId') ?? '',
    clientId: textAt(one, 'clientId') ?? '',
  }));
  return { system: textAt(site, 'identity.principalId'), assigned };
}

/**
 * The identity that a body asks for. The system's comes to be with the site and goes with it; those of users must be there already. A
 * list of them is the list: what it does not name is not assigned any more.
 */
export function identityFor(
  core: Core,
  name: string,
  asked: Json | undefined,
  before: JsonObject | undefined,
): JsonObject | undefined {
  const current = before?.['identity'];
  if (asked === undefined) return isObject(current) ? current : undefined;
  const type = textAt(asked, 'type') ?? 'None';
  const hasSystem = /SystemAssigned/i.test(type);
  const hasUsers = /UserAssigned/i.test(type);
  const listed = entriesOf(asked, 'userAssignedIdentities').filter(([, value]) => isSet(value));
  if (hasUsers && listed.length === 0) {
    throw refuse(
      400,
      'BadRequest',
      `The identity type 'UserAssigned' needs at least one identity in 'userAssignedIdentities'.`,
    );
  }
  const had = identityOf(before).system;
  if (!hasSystem && had !== undefined) core.directory.removePrincipal(had);
  if (!hasSystem && !hasUsers) return undefined;
  const users = hasUsers ? listed.map(([id]) => [id, assignable(core, id)] as const) : [];
  const system = hasSystem ? (had ?? core.directory.addPrincipal(name).principalId) : undefined;
  return {
    type: hasSystem && hasUsers ? 'SystemAssigned, UserAssigned' : hasSystem ? 'SystemAssigned' : 'UserAssigned',
    ...(system !== undefined && { principalId: system, tenantId: core.tenant }),
    ...(hasUsers && { userAssignedIdentities: Object.fromEntries(users) }),
  };
}

function assignable(core: Core, id: string): JsonObject {
  const found = core.store.get(id);
  const principalId = textAt(found, 'properties.principalId');
  const clientId = textAt(found, 'properties.clientId');
  if (principalId === undefined || clientId === undefined) {
    throw refuse(404, 'NotFound', `The identity '${id}' was not found.`, '51004');
  }
  return { principalId, clientId };
}

function entriesOf(value: Json | undefined, key: string): readonly (readonly [string, Json])[] {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? Object.entries(found) : [];
}
