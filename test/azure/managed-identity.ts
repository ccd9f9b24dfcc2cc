import { isObject, textAt, type Json, type JsonObject } from '../../client/src/azure/json.ts';
import { Refusal, type Core } from './core.ts';

/**
 * The `identity` that a body asks for, as Azure answers it. The system's principal comes to be with its resource and goes with it; those
 * of users must be there already.
 */
export function assignIdentity(
  core: Core,
  id: string,
  asked: Json | undefined,
  before: JsonObject | undefined,
): JsonObject {
  const type = textAt(asked, 'type') ?? 'None';
  const [hasSystem, hasUsers] = [/SystemAssigned/i.test(type), /UserAssigned/i.test(type)];
  const listed = isObject(asked) && isObject(asked['userAssignedIdentities']) ? asked['userAssignedIdentities'] : {};
  const users = Object.entries(listed).filter(([, value]) => value !== null);
  if (hasUsers && users.length === 0) {
    const message = `The identity type 'UserAssigned' requires the 'userAssignedIdentities' property to be set with at least one identity.`;
    throw new Refusal(400, 'InvalidIdentityValues', message);
  }
  const assigned = hasUsers ? users.map(([one]) => [one, assignable(core, id, one)] as const) : [];
  const had = textAt(before?.['identity'], 'principalId');
  if (!hasSystem && had !== undefined) core.directory.removePrincipal(had);
  const name = id.slice(id.lastIndexOf('/') + 1);
  const principalId = hasSystem ? (had ?? core.directory.addPrincipal(name).principalId) : undefined;
  return {
    type:
      hasSystem && hasUsers
        ? 'SystemAssigned, UserAssigned'
        : hasSystem
          ? 'SystemAssigned'
          : hasUsers
            ? 'UserAssigned'
            : 'None',
    ...(principalId !== undefined && { principalId, tenantId: core.tenant }),
    ...(hasUsers && { userAssignedIdentities: Object.fromEntries(assigned) }),
  };
}

/** Object id of the identity that a resource names, if it has it: `system`, or the id of one of a user. */
export function principalOf(resource: JsonObject, identity: string): string | undefined {
  const own = resource['identity'];
  if (identity.toLowerCase() === 'system') return textAt(own, 'principalId');
  const users = isObject(own) && isObject(own['userAssignedIdentities']) ? own['userAssignedIdentities'] : {};
  const found = Object.entries(users).find(([id]) => id.toLowerCase() === identity.toLowerCase());
  return textAt(found?.[1], 'principalId');
}

function assignable(core: Core, id: string, identity: string): JsonObject {
  const found = core.store.get(identity);
  const principalId = textAt(found, 'properties.principalId');
  const clientId = textAt(found, 'properties.clientId');
  if (principalId !== undefined && clientId !== undefined) return { principalId, clientId };
  throw new Refusal(
    400,
    'FailedIdentityOperation',
    `Identity operation for resource '${id}' failed with error 'Failed to perform resource identity operation. Status: 'NotFound'. Response: '{"error":{"code":"ResourceNotFound","message":"The Resource '${identity}' was not found."}}'.'`,
  );
}
