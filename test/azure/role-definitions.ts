/** Built-in roles as Azure's documentation lists them, as far as deployments meet them. */
export interface RoleDefinition {
  readonly id: string;
  readonly name: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
}

const repositories = 'Microsoft.ContainerRegistry/registries/repositories';

export const roleDefinitions: readonly RoleDefinition[] = [
  role('Owner', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', ['*']),
  role(
    'Contributor',
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    ['*'],
    [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
    ],
  ),
  role('Reader', 'acdd72a7-3385-48ef-bd42-f606fba81ae7', ['*/read']),
  role('User Access Administrator', '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', [
    '*/read',
    'Microsoft.Authorization/*',
    'Microsoft.Support/*',
  ]),
  role('AcrPull', '7f951dda-4ed3-4680-a7ca-43fe172d538d', ['Microsoft.ContainerRegistry/registries/pull/read']),
  role('AcrPush', '8311e382-0749-4cb8-b61a-304f252e45ec', [
    'Microsoft.ContainerRegistry/registries/pull/read',
    'Microsoft.ContainerRegistry/registries/push/write',
  ]),
  role(
    'Container Registry Repository Reader',
    'b93aa761-3e63-49ed-ac28-beffa264f7ac',
    [],
    [],
    [`${repositories}/content/read`, `${repositories}/metadata/read`],
  ),
  role(
    'Container Registry Repository Writer',
    '2a1e307c-b015-4ebd-883e-5b7698a07328',
    [],
    [],
    [
      `${repositories}/content/read`,
      `${repositories}/content/write`,
      `${repositories}/metadata/read`,
      `${repositories}/metadata/write`,
    ],
  ),
  role(
    'Container Registry Repository Catalog Lister',
    'bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7',
    [],
    [],
    ['Microsoft.ContainerRegistry/registries/catalog/read'],
  ),
  role(
    'Key Vault Secrets User',
    '4633458b-17de-408a-b874-0445c86b69e6',
    [],
    [],
    ['Microsoft.KeyVault/vaults/secrets/getSecret/action', 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'],
  ),
];

/** Whether the role allows it. Data actions are only what a role names as such: not even `*` of an Owner includes them. */
export function allows(definition: RoleDefinition, action: string): boolean {
  const matches = (pattern: string): boolean => matchesPattern(pattern, action);
  if (isDataAction(action)) return definition.dataActions.some(matches);
  return definition.actions.some(matches) && !definition.notActions.some(matches);
}

function isDataAction(action: string): boolean {
  return /^(Microsoft\.ContainerRegistry\/registries\/(repositories|catalog)\/|Microsoft\.KeyVault\/vaults\/secrets\/.*\/action$)/i.test(
    action,
  );
}

function matchesPattern(pattern: string, action: string): boolean {
  const expression = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${expression}$`, 'i').test(action);
}

function role(
  name: string,
  id: string,
  actions: readonly string[],
  notActions: readonly string[] = [],
  dataActions: readonly string[] = [],
): RoleDefinition {
  return { id, name, actions, notActions, dataActions };
}
