import type { Reply, Route } from './core.ts';
import type { OwnCore } from './own-core.ts';
import { claimsOf } from './tokens.ts';
import { textAt, type JsonObject } from '../../client/src/azure/json.ts';

const apiVersions = ['2022-12-01'];

/** Tenants, subscriptions and where they may put things. */
export function subscriptions(core: OwnCore): readonly Route[] {
  for (const { id: tenant, subscriptions: own } of core.tenants) {
    for (const { id, name, state } of own) {
      core.store.place(`/subscriptions/${id}`, { subscriptionId: id, displayName: name, state, tenantId: tenant });
    }
  }
  const ok = (body: JsonObject): Reply => ({ status: 200, body });
  return [
    {
      method: 'GET',
      path: '/tenants',
      apiVersions,
      action: '',
      handle: () =>
        ok({
          value: core.tenants.map(({ id, name, domain }) => ({
            id: `/tenants/${id}`,
            tenantId: id,
            displayName: name,
            defaultDomain: domain,
            domains: [domain],
            countryCode: 'NL',
            tenantCategory: id === core.tenant ? 'Home' : 'ProjectedBy',
            tenantType: 'AAD',
          })),
        }),
    },
    {
      method: 'GET',
      path: '/subscriptions',
      apiVersions,
      action: '',
      // Only those of the tenant that the token is for.
      handle: ({ headers }) => {
        const token = claimsOf((headers['authorization'] ?? '').replace(/^Bearer /i, ''));
        const tenant = core.tenants.find(({ id }) => id === textAt(token, 'tid'));
        const value = (tenant?.subscriptions ?? []).map(({ id }) => describe(core, id));
        return ok({ value, count: { type: 'Total', value: value.length } });
      },
    },
    {
      method: 'GET',
      path: '/subscriptions/{subscription}',
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/read',
      handle: ({ at }) => ok(describe(core, at['subscription'] ?? '')),
    },
    {
      method: 'GET',
      path: '/subscriptions/{subscription}/locations',
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/locations/read',
      handle: ({ at }) =>
        ok({
          value: core.locations.map(({ name, displayName }) => ({
            id: `/subscriptions/${at['subscription'] ?? ''}/locations/${name}`,
            name,
            type: 'Region',
            displayName,
            regionalDisplayName: displayName,
            metadata: { regionType: 'Physical', regionCategory: 'Recommended' },
          })),
        }),
    },
  ];
}

function describe(core: OwnCore, id: string): JsonObject {
  const { subscriptionId, displayName, state, tenantId } = core.store.need(`/subscriptions/${id}`);
  return {
    id: `/subscriptions/${id}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: subscriptionId ?? id,
    tenantId: tenantId ?? '',
    displayName: displayName ?? '',
    state: state ?? '',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}
