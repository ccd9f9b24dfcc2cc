import * as mappers from '@azure/arm-resources/dist-esm/src/models/mappers.js';
import { isObject, textAt, type JsonObject } from '../../client/src/azure/json.ts';
import { contractOf } from './contract.ts';
import { Refusal, type Call, type Reply, type Route } from './core.ts';
import type { OwnCore } from './own-core.ts';
import { FrontDoorRefusal } from './refusals.ts';

const apiVersions = ['2024-03-01', '2021-04-01'];
const path = '/subscriptions/{subscription}/resourceGroups/{group}';
const group = contractOf(mappers, 'ResourceGroup', { answer: true });
const groupList = contractOf(mappers, 'ResourceGroupListResult', { answer: true });
const resourceList = contractOf(mappers, 'ResourceListResult', { answer: true });

/** Resource groups, and what is in them. */
export function groups(core: OwnCore): readonly Route[] {
  const { store } = core;
  const resourcesBelow = (call: Call, below: string): Reply => {
    const filter = call.query.get('$filter') ?? '';
    const type = /^\s*resourceType eq '([^']+)'\s*$/i.exec(filter)?.[1];
    if (filter !== '' && type === undefined) {
      throw new FrontDoorRefusal(
        400,
        'InvalidFilterInQueryString',
        `Invalid $filter '${filter}' specified in the query string.`,
      );
    }
    const isWanted = (resource: JsonObject): boolean => {
      const id = textAt(resource, 'id') ?? '';
      const own = textAt(resource, 'type') ?? '';
      // Only tracked resources, which have a location, and none of Resource Manager's own.
      const isTracked = typeof resource['location'] === 'string' && !own.startsWith('Microsoft.Resources/');
      const isWantedType = type === undefined || own.toLowerCase() === type.toLowerCase();
      return isTracked && isWantedType && id.toLowerCase().startsWith(`${below.toLowerCase()}/`);
    };
    const value = store
      .ids()
      .map((id) => store.need(id))
      .filter(isWanted)
      .map(({ id, name, type: own, location, tags, kind, sku, identity }) => ({
        ...definedOnly({ id, name, type: own, location, tags, kind, identity }),
        ...(isObject(sku) ? { sku: definedOnly({ name: sku['name'], tier: sku['tier'] }) } : {}),
      }));
    return { status: 200, body: { value } };
  };

  return [
    {
      method: 'GET',
      path: '/subscriptions/{subscription}/resourceGroups',
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/resourceGroups/read',
      answers: { 200: groupList },
      handle: ({ at }) => ({
        status: 200,
        body: {
          value: store.list(`/subscriptions/${at['subscription'] ?? ''}`, 'Microsoft.Resources/resourceGroups'),
        },
      }),
    },
    {
      method: 'HEAD',
      path,
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/resourceGroups/read',
      handle: ({ id }) => ({ status: store.get(id) === undefined ? 404 : 204 }),
    },
    {
      method: 'GET',
      path,
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/resourceGroups/read',
      answers: { 200: group },
      handle: ({ id }) => ({ status: 200, body: store.need(id) }),
    },
    {
      method: 'PUT',
      path,
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/resourceGroups/write',
      body: contractOf(mappers, 'ResourceGroup'),
      answers: { 200: group, 201: group },
      handle: ({ id, at, body }) => {
        const name = at['group'] ?? '';
        if (!/^[-\w.()\p{L}]{1,90}$/u.test(name) || name.endsWith('.')) {
          throw new FrontDoorRefusal(
            400,
            'InvalidResourceGroupName',
            `The provided resource group name '${name}' has these invalid characters or is too long.`,
          );
        }
        const existing = store.get(id);
        const location = plainLocation(textAt(body, 'location') ?? '');
        const before = textAt(existing, 'location');
        if (textAt(existing, 'properties.provisioningState') === 'Deleting') {
          throw new FrontDoorRefusal(
            409,
            'ResourceGroupBeingDeleted',
            `The resource group '${name}' is in deprovisioning state and cannot perform this operation.`,
          );
        }
        if (before !== undefined && before !== location) {
          throw new FrontDoorRefusal(
            409,
            'InvalidResourceGroupLocation',
            `Invalid resource group location '${location}'. The Resource group already exists in location '${before}'.`,
          );
        }
        const made = store.put(id, {
          ...definedOnly({ tags: body['tags'] }),
          location,
          properties: { provisioningState: 'Succeeded' },
        });
        return {
          status: existing === undefined ? 201 : 200,
          body: { ...made, type: 'Microsoft.Resources/resourceGroups' },
        };
      },
    },
    {
      method: 'DELETE',
      path,
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/resourceGroups/delete',
      handle: ({ id }) => {
        const existing = store.need(id);
        store.put(id, { ...existing, properties: { provisioningState: 'Deleting' } });
        const headers = core.operations.start(
          'location',
          { provider: 'Microsoft.Resources', resource: id },
          async () => {
            store.delete(id);
            await Promise.resolve();
            return undefined;
          },
        );
        return { status: 202, headers };
      },
    },
    {
      method: 'GET',
      path: '/subscriptions/{subscription}/resources',
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/resources/read',
      answers: { 200: resourceList },
      handle: (call) => resourcesBelow(call, `/subscriptions/${call.at['subscription'] ?? ''}`),
    },
    {
      method: 'GET',
      path: `${path}/resources`,
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/resourceGroups/resources/read',
      answers: { 200: resourceList },
      handle: (call) => {
        const below = `/subscriptions/${call.at['subscription'] ?? ''}/resourceGroups/${call.at['group'] ?? ''}`;
        if (store.get(below) === undefined) {
          throw new Refusal(
            404,
            'ResourceGroupNotFound',
            `Resource group '${call.at['group'] ?? ''}' could not be found.`,
          );
        }
        return resourcesBelow(call, below);
      },
    },
  ];
}

/** `West Europe` and `westeurope` are the same. */
export function plainLocation(location: string): string {
  return location.replaceAll(' ', '').toLowerCase();
}

export function definedOnly(values: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject {
  const defined: Record<string, JsonObject[string]> = {};
  for (const [key, value] of Object.entries(values)) if (value !== undefined) defined[key] = value;
  return defined;
}
