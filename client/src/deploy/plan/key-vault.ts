import { at, type JsonObject, textAt } from '../../azure/json.ts';
import { keyVaultSecretsUser } from '../../azure/roles.ts';
import { nameOf } from '../../azure/resource-id.ts';
import { giveRole } from './access.ts';
import { holdersOf } from './lookups.ts';
import { vaultOf, vaultsOf } from './ids.ts';
import { block, isSameText, type Pieces, type Scene, warn } from './scene.ts';

/** May read the secrets that are in key vaults. */
export function* vaultRoles(scene: Scene): Pieces {
  for (const [name, source] of Object.entries(scene.target.secrets)) {
    if (source.from === 'keyVault' && vaultOf(source.url) === undefined) {
      yield block(`The address of the secret '${name}' is wrong: use https://VAULT.vault.azure.net/secrets/NAME`);
    }
  }
  const holders = holdersOf(scene.target, scene.ids);
  const titles = holders.map((holder) => holder.title).join(' and ');
  for (const vault of vaultsOf(scene.target)) {
    const there = vaultNamed(scene, vault);
    if (there === undefined) {
      yield warn(
        `The key vault '${vault}' was not found: make sure that ${titles} may read its secrets ('Key Vault Secrets User')`,
      );
    } else if (at(there, 'properties.enableRbacAuthorization') === false) {
      yield warn(`The key vault '${vault}' uses access policies: add one that lets ${titles} get secrets`);
    } else {
      for (const holder of holders) {
        const id = textAt(there, 'id') ?? '';
        yield* giveRole(scene, holder, `role:secrets:${vault}`, id, keyVaultSecretsUser, 'to read its secrets');
      }
    }
  }
}

function vaultNamed(scene: Scene, name: string): JsonObject | undefined {
  for (const [id, resource] of scene.facts.resources) {
    if (id.includes('/microsoft.keyvault/vaults/') && isSameText(nameOf(id), name)) return resource;
  }
  return undefined;
}
