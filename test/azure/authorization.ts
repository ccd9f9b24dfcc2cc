import * as mappers from '@azure/arm-authorization/dist-esm/src/models/mappers.js';
import { textAt, type JsonObject } from '../../client/src/azure/json.ts';
import { contractOf } from './contract.ts';
import { Refusal, type Route } from './core.ts';
import { isWithin } from './directory.ts';
import { definedOnly } from './groups.ts';
import type { OwnCore } from './own-core.ts';
import { roleDefinitions, type RoleDefinition } from './role-definitions.ts';

const apiVersions = ['2022-04-01'];
const assignmentType = 'Microsoft.Authorization/roleAssignments';
const assignment = contractOf(mappers, 'RoleAssignment', { answer: true });
const definition = contractOf(mappers, 'RoleDefinition', { answer: true });

/** Role assignments, role definitions, and what the caller may do. */
export function authorization(core: OwnCore): readonly Route[] {
  const { store, directory } = core;
  store.onDelete((id, { type }) => {
    if (type === assignmentType) directory.unassign(id);
  });
  const path = `/{scope}/providers/${assignmentType}`;
  return [
    {
      method: 'PUT',
      path: `${path}/{name}`,
      apiVersions,
      action: `${assignmentType}/write`,
      body: contractOf(mappers, 'RoleAssignmentCreateParameters'),
      answers: { 200: assignment, 201: assignment },
      handle: ({ id, at, body, caller }) => {
        const scope = at['scope'] ?? '';
        const name = at['name'] ?? '';
        const principalId = textAt(body, 'properties.principalId') ?? '';
        const role = (textAt(body, 'properties.roleDefinitionId') ?? '').split('/').at(-1) ?? '';
        store.need(scope);
        checkAssignment(core, { name, principalId, role, kind: textAt(body, 'properties.principalType') });

        const existing = store.get(id);
        const isSame = textAt(existing, 'properties.principalId') === principalId && roleOf(existing) === role;
        if (existing !== undefined && isSame) return { status: 200, body: existing };
        if (existing !== undefined) {
          throw new Refusal(
            400,
            'RoleAssignmentUpdateNotPermitted',
            'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
          );
        }
        const twin = store
          .list(scope, assignmentType)
          .find(
            (one) =>
              scopeOf(one).toLowerCase() === scope.toLowerCase() &&
              textAt(one, 'properties.principalId') === principalId &&
              roleOf(one) === role,
          );
        if (twin !== undefined) {
          const other = (textAt(twin, 'name') ?? '').replaceAll('-', '');
          throw new Refusal(
            409,
            'RoleAssignmentExists',
            `The role assignment already exists. The ID of the existing role assignment is ${other}.`,
          );
        }
        return { status: 201, body: assign(core, { id, scope, principalId, role, by: caller }) };
      },
    },
    {
      method: 'GET',
      path: `${path}/{name}`,
      apiVersions,
      action: `${assignmentType}/read`,
      answers: { 200: assignment },
      handle: ({ id, at }) => {
        const found = store.get(id);
        if (found !== undefined) return { status: 200, body: found };
        throw new Refusal(404, 'RoleAssignmentNotFound', `The role assignment '${at['name'] ?? ''}' is not found.`);
      },
    },
    {
      method: 'DELETE',
      path: `${path}/{name}`,
      apiVersions,
      action: `${assignmentType}/delete`,
      answers: { 200: assignment },
      handle: ({ id }) => {
        const found = store.get(id);
        if (found === undefined) return { status: 204 };
        store.delete(id);
        return { status: 200, body: found };
      },
    },
    {
      method: 'GET',
      path,
      apiVersions,
      action: `${assignmentType}/read`,
      answers: { 200: contractOf(mappers, 'RoleAssignmentListResult', { answer: true }) },
      handle: ({ at, query }) => {
        const scope = at['scope'] ?? '';
        if (scope !== '/') store.need(scope);
        const filter = query.get('$filter') ?? '';
        const isKnown = /^((atScope\(\)|(principalId eq|assignedTo\()\s*'[^']+'\)?)(\s+and\s+)?)*$/i.test(filter);
        if (!isKnown) throw new Refusal(400, 'InvalidFilter', `The filter '${filter}' is not supported.`);
        const principalId = /(?:principalId eq |assignedTo\()\s*'([^']+)'/i.exec(filter)?.[1];
        const value = store.list('', assignmentType).filter((one) => {
          const own = scopeOf(one);
          const isThere = isWithin(scope, own) || (!/atScope\(\)/i.test(filter) && isWithin(own, scope));
          return isThere && (principalId === undefined || textAt(one, 'properties.principalId') === principalId);
        });
        return { status: 200, body: { value } };
      },
    },
    {
      method: 'GET',
      path: '/{scope}/providers/Microsoft.Authorization/roleDefinitions',
      apiVersions,
      action: 'Microsoft.Authorization/roleDefinitions/read',
      answers: { 200: contractOf(mappers, 'RoleDefinitionListResult', { answer: true }) },
      handle: ({ at, query }) => {
        const name = /roleName eq '([^']+)'/i.exec(query.get('$filter') ?? '')?.[1];
        const wanted = roleDefinitions.filter((one) => name === undefined || one.name === name);
        return { status: 200, body: { value: wanted.map((one) => describe(one, at['scope'] ?? '')) } };
      },
    },
    {
      method: 'GET',
      path: '/{scope}/providers/Microsoft.Authorization/roleDefinitions/{name}',
      apiVersions,
      action: 'Microsoft.Authorization/roleDefinitions/read',
      answers: { 200: definition },
      handle: ({ at }) => {
        const found = roleDefinitions.find(({ id }) => id === at['name']?.toLowerCase());
        if (found !== undefined) return { status: 200, body: describe(found, at['scope'] ?? '') };
        throw new Refusal(
          404,
          'RoleDefinitionDoesNotExist',
          `The specified role definition with ID '${at['name'] ?? ''}' does not exist.`,
        );
      },
    },
    {
      method: 'GET',
      path: '/{scope}/providers/Microsoft.Authorization/permissions',
      apiVersions,
      // Everybody may read what they may.
      action: '',
      answers: { 200: contractOf(mappers, 'PermissionGetResult', { answer: true }) },
      handle: ({ at, caller }) => {
        const scope = at['scope'] ?? '';
        if (scope !== '/') store.need(scope);
        const value = directory
          .assignments()
          .filter((one) => one.principalId === caller && one.from <= Date.now() && isWithin(scope, one.scope))
          .flatMap((one) => roleDefinitions.filter(({ id }) => id === one.role).map(permissions));
        return { status: 200, body: { value } };
      },
    },
  ];
}

/** Makes the role assignment, known after a while or `now`; also for users of tests. */
export function assign(
  core: OwnCore,
  about: {
    readonly id: string;
    readonly scope: string;
    readonly principalId: string;
    readonly role: string;
    readonly by?: string;
  },
  now = false,
): JsonObject {
  const { id, scope, principalId, role } = about;
  const moment = new Date().toISOString();
  core.directory.assign({ id, principalId, role, scope }, now);
  return core.store.put(id, {
    properties: {
      roleDefinitionId: `${/^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? ''}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId,
      principalType: core.directory.find(principalId)?.kind ?? 'ServicePrincipal',
      scope,
      condition: null,
      conditionVersion: null,
      createdOn: moment,
      updatedOn: moment,
      ...definedOnly({ createdBy: about.by, updatedBy: about.by }),
      delegatedManagedIdentityResourceId: null,
      description: null,
    },
  });
}

function checkAssignment(
  core: OwnCore,
  asked: {
    readonly name: string;
    readonly principalId: string;
    readonly role: string;
    readonly kind: string | undefined;
  },
): void {
  const { name, principalId, role, kind } = asked;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name)) {
    throw new Refusal(
      400,
      'InvalidRoleAssignmentId',
      `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
    );
  }
  if (!roleDefinitions.some(({ id }) => id === role)) {
    throw new Refusal(
      400,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${role.replaceAll('-', '')}' does not exist.`,
    );
  }
  const principal = core.directory.find(principalId);
  // Who says what kind of principal it is spares Azure the look into a directory that may not know it yet.
  if (principal === undefined || (kind === undefined && !core.directory.knows(principalId))) {
    throw new Refusal(
      400,
      'PrincipalNotFound',
      `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${core.tenant}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
    );
  }
  if (kind !== undefined && kind !== principal.kind) {
    throw new Refusal(
      400,
      'UnmatchedPrincipalType',
      `The PrincipalId '${principalId.replaceAll('-', '')}' has type '${principal.kind}', which is different from specified PrinciaplType '${kind}'.`,
    );
  }
}

function describe(role: RoleDefinition, scope: string): JsonObject {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
  return {
    id: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
    name: role.id,
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: {
      roleName: role.name,
      type: 'BuiltInRole',
      description: role.name,
      assignableScopes: ['/'],
      permissions: [permissions(role)],
    },
  };
}

function permissions({ actions, notActions, dataActions }: RoleDefinition): JsonObject {
  return { actions, notActions, dataActions, notDataActions: [] };
}

function roleOf(found: JsonObject | undefined): string {
  return (textAt(found, 'properties.roleDefinitionId') ?? '').split('/').at(-1) ?? '';
}

function scopeOf(found: JsonObject): string {
  return textAt(found, 'properties.scope') ?? '';
}
