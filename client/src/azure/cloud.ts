/** One Azure: the public one, a sovereign one, or one of the user's own. No address in it ends with a slash. */
export interface Cloud {
  readonly name: 'public' | 'usGovernment' | 'china' | 'custom';
  readonly title: string;
  /** Where Microsoft Entra ID signs in. */
  readonly authority: string;
  readonly resourceManager: string;
  /** What tokens for the resource manager are made for; their scope is this and `/.default`. */
  readonly audience: string;
  /** With its dot. */
  readonly registrySuffix: string;
  readonly keyVaultSuffix: string;
  /** What tokens for registries are made for that refuse those of the resource manager. */
  readonly registryAudience: string;
  /** The query service of Log Analytics. */
  readonly logs: string;
  readonly portal: string;
}

export const publicCloud: Cloud = {
  name: 'public',
  title: 'Azure',
  authority: 'https://login.microsoftonline.com',
  resourceManager: 'https://management.azure.com',
  audience: 'https://management.azure.com',
  registrySuffix: '.azurecr.io',
  keyVaultSuffix: '.vault.azure.net',
  registryAudience: 'https://containerregistry.azure.net',
  logs: 'https://api.loganalytics.io',
  portal: 'https://portal.azure.com',
};

export const governmentCloud: Cloud = {
  name: 'usGovernment',
  title: 'Azure US Government',
  authority: 'https://login.microsoftonline.us',
  resourceManager: 'https://management.usgovcloudapi.net',
  audience: 'https://management.usgovcloudapi.net',
  registrySuffix: '.azurecr.us',
  keyVaultSuffix: '.vault.usgovcloudapi.net',
  registryAudience: 'https://containerregistry.azure.us',
  logs: 'https://api.loganalytics.us',
  portal: 'https://portal.azure.us',
};

export const chinaCloud: Cloud = {
  name: 'china',
  title: 'Azure China',
  authority: 'https://login.chinacloudapi.cn',
  resourceManager: 'https://management.chinacloudapi.cn',
  audience: 'https://management.chinacloudapi.cn',
  registrySuffix: '.azurecr.cn',
  keyVaultSuffix: '.vault.azure.cn',
  registryAudience: 'https://containerregistry.azure.cn',
  logs: 'https://api.loganalytics.azure.cn',
  portal: 'https://portal.azure.cn',
};
