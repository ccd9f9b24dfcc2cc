import { isObject, textAt } from '../../client/src/azure/json.ts';
import { contractOf } from './contract.ts';
import type { Route } from './core.ts';
import { commonRoutes } from './crud.ts';
import { definedOnly, plainLocation } from './groups.ts';
import { handMade } from './hand-made.ts';
import type { OwnCore } from './own-core.ts';

const apiVersions = ['2023-07-01'];
const type = 'Microsoft.KeyVault/vaults';
const properties = {
  'properties.tenantId!': 'Uuid',
  'properties.sku!': 'Sku',
  'properties.accessPolicies': 'any[]',
  'properties.vaultUri': 'String',
  'properties.enabledForDeployment': 'Boolean',
  'properties.enabledForDiskEncryption': 'Boolean',
  'properties.enabledForTemplateDeployment': 'Boolean',
  'properties.enableSoftDelete': 'Boolean',
  'properties.softDeleteRetentionInDays': 'Number',
  'properties.enableRbacAuthorization': 'Boolean',
  'properties.enablePurgeProtection': 'Boolean',
  'properties.networkAcls': 'any',
  'properties.provisioningState': 'Succeeded|RegisteringDns',
  'properties.publicNetworkAccess': 'String',
};
const models = handMade({
  VaultParameters: { 'location!': 'String', tags: 'String{}', ...properties },
  Vault: { 'id-': 'String', 'name-': 'String', 'type-': 'String', location: 'String', tags: 'String{}', ...properties },
  Vaults: { 'value!': 'Vault[]' },
  Sku: { 'family!': 'A', 'name!': 'standard|premium' },
});
const vault = contractOf(models, 'Vault', { answer: true });

/**
 * Key vaults, whose secrets are resources `…/vaults/{vault}/secrets/{secret}` that tests place: `{ properties: { value } }`. Who may read
 * them is asked of the directory: `Microsoft.KeyVault/vaults/secrets/getSecret/action`.
 */
export function vaults(core: OwnCore): readonly Route[] {
  const { store } = core;
  const list = contractOf(models, 'Vaults', { answer: true });
  return [
    ...commonRoutes(core, { type, apiVersions, one: vault, list }),
    {
      method: 'PUT',
      path: `/subscriptions/{subscription}/resourceGroups/{group}/providers/${type}/{name}`,
      apiVersions,
      action: `${type}/write`,
      body: contractOf(models, 'VaultParameters'),
      answers: { 200: vault, 201: vault },
      handle: ({ id, at, body }) => {
        const isNew = store.get(id) === undefined;
        const given = isObject(body['properties']) ? body['properties'] : {};
        const made = store.put(id, {
          location: plainLocation(textAt(body, 'location') ?? ''),
          ...definedOnly({ tags: body['tags'] }),
          properties: {
            accessPolicies: [],
            enableSoftDelete: true,
            enableRbacAuthorization: true,
            ...given,
            vaultUri: `https://${(at['name'] ?? '').toLowerCase()}.vault.azure.net/`,
            provisioningState: 'Succeeded',
          },
        });
        return { status: isNew ? 201 : 200, body: made };
      },
    },
  ];
}
