import { randomBytes, randomUUID } from 'node:crypto';
import * as mappers from '@azure/arm-operationalinsights/dist-esm/src/models/mappers.js';
import { at as valueAt, isObject, textAt, type JsonObject } from '../../client/src/azure/json.ts';
import { contractOf } from './contract.ts';
import { Refusal, type Route } from './core.ts';
import { commonRoutes } from './crud.ts';
import { definedOnly, plainLocation } from './groups.ts';
import type { OwnCore } from './own-core.ts';

const apiVersions = ['2023-09-01'];
const provider = 'Microsoft.OperationalInsights';
const type = `${provider}/workspaces`;
const path = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${type}/{name}`;
const workspace = contractOf(mappers, 'Workspace', { answer: true });

/** Log Analytics workspaces and their keys; the query service is in `log-queries.ts`. */
export function workspaces(core: OwnCore): readonly Route[] {
  const { store } = core;
  return [
    ...commonRoutes(core, {
      type,
      apiVersions,
      one: workspace,
      list: contractOf(mappers, 'WorkspaceListResult', { answer: true }),
    }),
    {
      method: 'PUT',
      path,
      apiVersions,
      action: `${type}/write`,
      body: contractOf(mappers, 'Workspace'),
      answers: { 200: workspace, 201: workspace },
      handle: ({ id, at, body }) => {
        checkWorkspace(at['name'] ?? '', body);
        const existing = store.get(id);
        const customerId = textAt(existing, 'properties.customerId') ?? randomUUID();
        const now = new Date().toISOString();
        const given = isObject(body['properties']) ? body['properties'] : {};
        const before = isObject(existing?.['properties']) ? existing['properties'] : {};
        const properties = {
          sku: { name: 'PerGB2018' },
          retentionInDays: 30,
          publicNetworkAccessForIngestion: 'Enabled',
          publicNetworkAccessForQuery: 'Enabled',
          createdDate: now,
          ...before,
          ...given,
          customerId,
          modifiedDate: now,
          provisioningState: existing === undefined ? 'Creating' : 'Updating',
        };
        const location = plainLocation(textAt(body, 'location') ?? '');
        const made = store.put(id, { location, ...definedOnly({ tags: body['tags'] }), properties });
        if (!core.workspaceKeys.has(customerId)) {
          const key = (): string => randomBytes(64).toString('base64');
          core.workspaceKeys.set(customerId, { primarySharedKey: key(), secondarySharedKey: key() });
        }
        const headers = core.operations.start('asyncOperation', { provider, location, resource: id }, async () => {
          const ready = store.put(id, { ...made, properties: { ...properties, provisioningState: 'Succeeded' } });
          return await Promise.resolve(ready);
        });
        return { status: existing === undefined ? 201 : 200, body: made, headers };
      },
    },
    {
      method: 'PATCH',
      path,
      apiVersions,
      action: `${type}/write`,
      body: contractOf(mappers, 'WorkspacePatch'),
      answers: { 200: workspace },
      handle: ({ id, body }) => {
        const existing = store.need(id);
        const before = isObject(existing['properties']) ? existing['properties'] : {};
        const given = isObject(body['properties']) ? body['properties'] : {};
        const changed = { ...existing, ...definedOnly({ tags: body['tags'] }), properties: { ...before, ...given } };
        return { status: 200, body: store.put(id, changed) };
      },
    },
    {
      method: 'POST',
      path: `${path}/sharedKeys`,
      apiVersions: ['2020-08-01', '2023-09-01'],
      action: `${type}/sharedkeys/action`,
      answers: { 200: contractOf(mappers, 'SharedKeys', { answer: true }) },
      handle: ({ id }) => {
        const found = store.need(id.slice(0, id.lastIndexOf('/')));
        const keys = core.workspaceKeys.get(textAt(found, 'properties.customerId') ?? '');
        return { status: 200, body: { ...(keys ?? { primarySharedKey: '', secondarySharedKey: '' }) } };
      },
    },
  ];
}

function checkWorkspace(name: string, body: JsonObject): void {
  if (!/^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$/i.test(name)) {
    throw new Refusal(
      400,
      'InvalidParameter',
      `'${name}' does not match expression '^[A-Za-z0-9][A-Za-z0-9-]+[A-Za-z0-9]$' with 4 to 63 characters.`,
    );
  }
  const days = valueAt(body, 'properties.retentionInDays');
  if (typeof days === 'number' && !(days >= 30 && days <= 730) && days !== 7) {
    throw new Refusal(
      400,
      'InvalidParameter',
      `'RetentionInDays' property doesn't match the SKU limits: ${String(days)}.`,
    );
  }
}
