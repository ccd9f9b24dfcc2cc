import { apiVersions } from '../azure/api-versions.ts';
import type { Arm, SendOptions } from '../azure/arm.ts';
import { isAzureError } from '../azure/azure-error.ts';
import { textAt, type JsonObject } from '../azure/json.ts';
import { acrPull, acrPush, repositoryReader, repositoryWriter, type Role } from '../azure/roles.ts';
import { nameOf } from '../azure/resource-id.ts';

/** A registry as Resource Manager tells of it. Tokens go to its address, so it must come from there and from nowhere else. */
export interface Registry {
  readonly id: string;
  readonly name: string;
  /** `shopreg.azurecr.io`. */
  readonly loginServer: string;
  /** Tokens made for Resource Manager are taken; not known where nobody could tell. */
  readonly takesArmTokens: boolean | undefined;
  /** Rights are given by repository; AcrPull and AcrPush then mean nothing. */
  readonly hasRepositoryPermissions: boolean;
}

export async function readRegistry(arm: Arm, id: string, options?: SendOptions): Promise<Registry> {
  return registryOf(await readNewest(arm, id, options));
}

/** All registries of a subscription. */
export async function listRegistries(
  arm: Arm,
  subscription: string,
  options?: SendOptions,
): Promise<readonly Registry[]> {
  const path = `/subscriptions/${subscription}/providers/Microsoft.ContainerRegistry/registries`;
  return (await arm.list(path, apiVersions.registries, {}, options)).map(registryOf);
}

function registryOf(resource: JsonObject): Registry {
  const id = textAt(resource, 'id') ?? '';
  const policy = textAt(resource, 'properties.policies.azureADAuthenticationAsArmPolicy.status');
  return {
    id,
    name: textAt(resource, 'name') ?? nameOf(id),
    loginServer: textAt(resource, 'properties.loginServer') ?? '',
    takesArmTokens: policy === undefined ? undefined : policy.toLowerCase() !== 'disabled',
    hasRepositoryPermissions: textAt(resource, 'properties.roleAssignmentMode') === 'AbacRepositoryPermissions',
  };
}

export function roleToPush({ hasRepositoryPermissions }: Registry): Role {
  return hasRepositoryPermissions ? repositoryWriter : acrPush;
}

export function roleToPull({ hasRepositoryPermissions }: Registry): Role {
  return hasRepositoryPermissions ? repositoryReader : acrPull;
}

/** How roles are given is told from 2025-11-01 on; sovereign and private clouds may not have that version yet. */
async function readNewest(arm: Arm, id: string, options: SendOptions | undefined): Promise<JsonObject> {
  try {
    return await arm.get(id, apiVersions.registryPermissions, options);
  } catch (error) {
    if (!isAzureError(error) || error.status !== 400) throw error;
    return await arm.get(id, apiVersions.registries, options);
  }
}

/** One of which nothing is known but its address, which a plan has read from Resource Manager. */
export function unknownRegistry(loginServer: string): Registry {
  const name = loginServer.replace(/[.:].*$/s, '');
  return { id: '', name, loginServer, takesArmTokens: undefined, hasRepositoryPermissions: false };
}
