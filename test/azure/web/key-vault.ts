import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { identityOf } from './identity.ts';
import { settingsOf } from './config.ts';
import { field, propertiesOf } from './ids.ts';

/** An app setting that stands for a secret, and whether the app may have it; statuses are those of Azure's `ResolveStatus`. */
export interface Reference {
  readonly setting: string;
  readonly properties: JsonObject;
  readonly value: string | undefined;
}

const written = /^@Microsoft\.KeyVault\((.*)\)$/;

function isReference(value: string): boolean {
  return value.startsWith('@Microsoft.KeyVault(');
}

export function referencesOf(core: Core, app: string): readonly Reference[] {
  const entries = Object.entries(settingsOf(core, app)).filter(([, value]) => isReference(value));
  return entries.map(([setting, value]) => ({ setting, ...resolve(core, app, value) }));
}

function resolve(core: Core, app: string, text: string): Pick<Reference, 'properties' | 'value'> {
  const about = { reference: text, source: 'KeyVault' };
  const told = (status: string, details?: string, more: JsonObject = {}): Pick<Reference, 'properties' | 'value'> => ({
    properties: { ...about, ...more, status, ...(details !== undefined && { details }) },
    value: undefined,
  });
  const asked = secretIn(text);
  if (asked === undefined) return told('InvalidSyntax', 'Key Vault reference is not in the expected form.');
  const { vault, secret, version } = asked;
  const named = { vaultName: vault, secretName: secret, ...(version !== undefined && { secretVersion: version }) };
  const principal = readerOf(core, app);
  if (principal === undefined) return told('MSINotEnabled', 'Reference has no managed identity to use.', named);
  const found = core.store
    .list('', 'Microsoft.KeyVault/vaults')
    .find((one) => hostOf(textAt(one, 'properties.vaultUri')) === asked.host || isSame(field(one, 'name'), vault));
  if (found === undefined) return told('VaultNotFound', 'Key Vault was not found.', named);
  const scope = field(found, 'id');
  // The role Key Vault Secrets User holds this data action.
  if (!core.directory.may(principal, 'Microsoft.KeyVault/vaults/secrets/getSecret/action', scope)) {
    return told('AccessToKeyVaultDenied', 'Access to Key Vault was denied: the identity may not read secrets.', named);
  }
  const kept = core.store.get(`${scope}/secrets/${secret}`);
  if (kept === undefined) return told('SecretNotFound', 'Secret was not found in Key Vault.', named);
  const value = propertiesOf(kept)['value'];
  return { ...told('Resolved', undefined, named), value: typeof value === 'string' ? value : '' };
}

/** The system's identity, unless `keyVaultReferenceIdentity` names another one. */
function readerOf(core: Core, app: string): string | undefined {
  const site = core.store.get(app);
  const chosen = textAt(site, 'properties.keyVaultReferenceIdentity');
  const identity = identityOf(site);
  if (chosen === undefined || isSame(chosen, 'SystemAssigned')) return identity.system;
  return identity.assigned.find((one) => isSame(one.id, chosen))?.principalId;
}

function secretIn(
  text: string,
): { readonly host: string; readonly vault: string; readonly secret: string; readonly version?: string } | undefined {
  const inside = written.exec(text)?.[1];
  if (inside === undefined) return undefined;
  const parts = new Map(
    inside.split(';').map((part) => [part.split('=')[0]?.trim() ?? '', part.slice(part.indexOf('=') + 1).trim()]),
  );
  const uri = parts.get('SecretUri');
  if (uri !== undefined) {
    const found = /^https:\/\/([^/]+)\/secrets\/([^/]+)(?:\/([^/]*))?$/.exec(uri);
    const [, host, secret, version] = found ?? [];
    if (host === undefined || secret === undefined) return undefined;
    return {
      host: host.toLowerCase(),
      vault: host.split('.')[0] ?? '',
      secret,
      ...(version !== undefined && version !== '' && { version }),
    };
  }
  const [vault, secret, version] = [parts.get('VaultName'), parts.get('SecretName'), parts.get('SecretVersion')];
  if (vault === undefined || secret === undefined) return undefined;
  return { host: '', vault, secret, ...(version !== undefined && { version }) };
}

function hostOf(uri: string | undefined): string | undefined {
  return uri === undefined ? undefined : /^https:\/\/([^/]+)/.exec(uri)?.[1]?.toLowerCase();
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
