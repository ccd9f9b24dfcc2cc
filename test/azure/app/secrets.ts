import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import { Refusal, type Core } from '../core.ts';
import { principalOf } from '../managed-identity.ts';
import { nameOf } from './ids.ts';
import { isSame, listAt, objectAt } from './json-edit.ts';

/** All secrets of an app with their values; those in a vault are read as the identity may. */
export function resolveSecrets(
  core: Core,
  app: JsonObject,
  own: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const values = new Map(own);
  for (const secret of listAt(objectAt(objectAt(app, 'properties'), 'configuration'), 'secrets')) {
    const url = textAt(secret, 'keyVaultUrl');
    if (url === undefined) continue;
    const name = textAt(secret, 'name') ?? '';
    const value = readVault(core, url, principalOf(app, textAt(secret, 'identity') ?? ''));
    if (value === undefined) {
      throw new Refusal(
        400,
        'ContainerAppOperationError',
        `Failed to update secrets for container app '${nameOf(app)}'. Error details: The following field(s) are either invalid or missing. Field 'configuration.secrets' is invalid with details: 'Invalid value: "${name}": Unable to get value using Managed identity ${textAt(secret, 'identity') ?? ''} for secret ${name}. Error: unable to fetch secret '${name}' using Managed identity '${textAt(secret, 'identity') ?? ''}'';.`,
      );
    }
    values.set(name, value);
  }
  return values;
}

function readVault(core: Core, url: string, principal: string | undefined): string | undefined {
  const [, host, name] = /^https:\/\/([^/]+)\/secrets\/([^/]+)/.exec(url) ?? [];
  const vault = core.store
    .list('', 'Microsoft.KeyVault/vaults')
    .find(
      (one) => isSame(hostOf(textAt(one, 'properties.vaultUri')), host) || isSame(nameOf(one), host?.split('.')[0]),
    );
  const id = textAt(vault, 'id');
  if (id === undefined || principal === undefined || name === undefined) return undefined;
  if (!core.directory.may(principal, 'Microsoft.KeyVault/vaults/secrets/getSecret/action', id)) return undefined;
  return textAt(core.store.get(`${id}/secrets/${name}`), 'properties.value');
}

function hostOf(uri: string | undefined): string | undefined {
  return /^https:\/\/([^/]+)/.exec(uri ?? '')?.[1];
}
