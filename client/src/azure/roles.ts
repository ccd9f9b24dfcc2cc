/** Azure's built-in roles have the same ids everywhere. */
export interface Role {
  readonly id: string;
  readonly name: string;
}

export const acrPull: Role = { id: '7f951dda-4ed3-4680-a7ca-43fe172d538d', name: 'AcrPull' };
export const acrPush: Role = { id: '8311e382-0749-4cb8-b61a-304f252e45ec', name: 'AcrPush' };
/** What registries with repository permissions want in the place of AcrPull. */
export const repositoryReader: Role = {
  id: 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
  name: 'Container Registry Repository Reader',
};
export const repositoryWriter: Role = {
  id: '2a1e307c-b015-4ebd-883e-5b7698a07328',
  name: 'Container Registry Repository Writer',
};
export const keyVaultSecretsUser: Role = {
  id: '4633458b-17de-408a-b874-0445c86b69e6',
  name: 'Key Vault Secrets User',
};
