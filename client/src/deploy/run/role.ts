import { createHash } from 'node:crypto';
import { apiVersions } from '../../azure/api-versions.ts';
import { isAzureError } from '../../azure/azure-error.ts';
import { type JsonObject, textAt } from '../../azure/json.ts';
import { isSameId, nameOf, subscriptionId } from '../../azure/resource-id.ts';
import type { Role } from '../../azure/roles.ts';
import type { Work } from '../step.ts';
import type { Context, Ran } from './context.ts';
import { sendWithCare } from './send.ts';

const apiVersion = apiVersions.roleAssignments;
/** Until a new principal is known where roles are kept: about two minutes at most. */
const pauses = [2_000, 4_000, 8_000, 15_000, 20_000, 25_000, 30_000, 30_000];

export async function runRole(work: Extract<Work, { do: 'role' }>, context: Context): Promise<Ran> {
  const { plan, world, filler, signal, onWait } = context;
  const { scope, role } = work;
  const principal = await filler.text(work.principal);
  if ((await assignmentsOf(scope, role, principal, context)).length > 0) return 'already';

  const name = assignmentName(scope, principal, role);
  const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  const body = {
    properties: {
      roleDefinitionId: `${subscriptionId(plan.target.subscription)}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
      principalId: principal,
      // Without it Azure looks the principal up in a directory that has not heard of it yet.
      principalType: 'ServicePrincipal',
    },
  };
  await context.creates(path);
  for (const pause of [...pauses, undefined]) {
    try {
      await sendWithCare({ method: 'PUT', path, apiVersion, body }, context);
      return 'done';
    } catch (error) {
      if (!isAzureError(error) || signal.aborted) throw error;
      if (error.code === 'RoleAssignmentExists') {
        // Under another name it is somebody else's.
        if ((await world.arm.find(path, apiVersion, { signal })) === undefined) await context.creates(undefined);
        return 'already';
      }
      if (error.code !== 'PrincipalNotFound' || pause === undefined) {
        if (error.status >= 400) await context.creates(undefined);
        throw error;
      }
    }
    onWait(`Waiting until the new identity is known everywhere`);
    await world.clock.wait(pause, signal);
    signal.throwIfAborted();
  }
  return 'done';
}

/** Assignments of this role to this principal that hold at the scope, under any name; none that hold only on conditions. */
export async function assignmentsOf(
  scope: string,
  role: Role,
  principal: string,
  { world, signal, onWait }: Pick<Context, 'world' | 'signal' | 'onWait'>,
): Promise<readonly JsonObject[]> {
  const path = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
  let all: readonly JsonObject[];
  try {
    all = await world.arm.list(path, apiVersion, { $filter: `principalId eq '${principal}'` }, { signal, onWait });
  } catch (error) {
    // Who may not look may still be allowed to give, and is told if not.
    if (isAzureError(error) && (error.status === 403 || error.status === 404)) return [];
    throw error;
  }
  return all.filter((assignment) => {
    const place = textAt(assignment, 'properties.scope') ?? scope;
    const holds =
      isSameId(place, scope) || scope.toLowerCase().startsWith(`${place.toLowerCase().replace(/\/$/, '')}/`);
    return (
      holds &&
      isSameId(nameOf(textAt(assignment, 'properties.roleDefinitionId') ?? ''), role.id) &&
      isSameId(textAt(assignment, 'properties.principalId') ?? '', principal) &&
      textAt(assignment, 'properties.condition') === undefined
    );
  });
}

/** A UUID of version 5 (RFC 9562): doing it twice is doing it once. */
export function assignmentName(scope: string, principal: string, role: Role): string {
  const hash = createHash('sha1')
    .update(namespace)
    .update([scope, principal, role.id].join('|').toLowerCase())
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** RFC 9562's namespace for URLs: ids are paths of a URL. */
const namespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');
