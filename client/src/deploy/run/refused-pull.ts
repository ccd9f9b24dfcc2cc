import type { AzureError } from '../../azure/azure-error.ts';

/** The platform may not read the image: the role may be on its way still. */
export function isRefusedPull(error: AzureError): boolean {
  if (error.code === 'InaccessibleImage') return true;
  if (error.status === 401 || error.status === 403) return false;
  return saysUnauthorized([error.code, error.message, ...error.details].join('\n'));
}

/** The registries' own words; `denied` alone is said by much else. */
export function saysUnauthorized(text: string): boolean {
  return /\bUNAUTHORIZED\b|unauthorized: authentication required|ImagePullUnauthorized|\bDENIED\b|access to the resource is denied|ImagePullFailure.*(?:unauthorized|denied|forbidden)|pull.*(?:unauthorized|denied|forbidden)/.test(
    text,
  );
}
