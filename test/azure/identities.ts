import * as mappers from '@azure/arm-msi/dist-esm/src/models/mappers.js';
import { textAt } from '../../client/src/azure/json.ts';
import { contractOf } from './contract.ts';
import type { Route } from './core.ts';
import { definedOnly, plainLocation } from './groups.ts';
import type { OwnCore } from './own-core.ts';

const apiVersions = ['2023-01-31'];
const type = 'Microsoft.ManagedIdentity/userAssignedIdentities';
const inGroup = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${type}`;
const identity = contractOf(mappers, 'Identity', { answer: true });
const list = contractOf(mappers, 'UserAssignedIdentitiesListResult', { answer: true });

/** User-assigned managed identities, whose principals spread as slowly as all others. */
export function identities(core: OwnCore): readonly Route[] {
  const { store, directory } = core;
  store.onDelete((_, resource) => {
    if (textAt(resource, 'type') !== type) return;
    directory.removePrincipal(textAt(resource, 'properties.principalId') ?? '');
  });
  const action = (what: string): string => `${type}/${what}`;
  return [
    {
      method: 'GET',
      path: `/subscriptions/{subscription}/providers/${type}`,
      apiVersions,
      action: action('read'),
      answers: { 200: list },
      handle: ({ at }) => ({
        status: 200,
        body: { value: store.list(`/subscriptions/${at['subscription'] ?? ''}`, type) },
      }),
    },
    {
      method: 'GET',
      path: inGroup,
      apiVersions,
      action: action('read'),
      answers: { 200: list },
      handle: ({ id }) => ({ status: 200, body: { value: store.list(id.split('/providers/')[0] ?? '', type) } }),
    },
    {
      method: 'GET',
      path: `${inGroup}/{identity}`,
      apiVersions,
      action: action('read'),
      answers: { 200: identity },
      handle: ({ id }) => ({ status: 200, body: store.need(id) }),
    },
    {
      method: 'PUT',
      path: `${inGroup}/{identity}`,
      apiVersions,
      action: action('write'),
      body: contractOf(mappers, 'Identity'),
      answers: { 200: identity, 201: identity },
      handle: ({ id, at, body }) => {
        const existing = store.get(id);
        const properties = existing?.['properties'] ?? {
          tenantId: core.tenant,
          ...directory.addPrincipal(at['identity'] ?? ''),
        };
        const location = plainLocation(textAt(body, 'location') ?? '');
        const made = store.put(id, { location, tags: body['tags'] ?? {}, properties });
        return { status: existing === undefined ? 201 : 200, body: made };
      },
    },
    {
      method: 'PATCH',
      path: `${inGroup}/{identity}`,
      apiVersions,
      action: action('write'),
      body: contractOf(mappers, 'IdentityUpdate'),
      answers: { 200: identity },
      handle: ({ id, body }) => ({
        status: 200,
        body: store.put(id, { ...store.need(id), ...definedOnly({ tags: body['tags'] }) }),
      }),
    },
    {
      method: 'DELETE',
      path: `${inGroup}/{identity}`,
      apiVersions,
      action: action('delete'),
      handle: ({ id }) => {
        if (store.get(id) === undefined) return { status: 204 };
        store.delete(id);
        return { status: 200 };
      },
    },
  ];
}
