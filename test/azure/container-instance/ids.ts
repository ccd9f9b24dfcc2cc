import type { Call } from '../core.ts';

export const apiVersions = ['2023-05-01'];
export const provider = 'Microsoft.ContainerInstance';
export const inSubscription = `/subscriptions/{subscription}/providers/${provider}`;
export const inGroup = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${provider}`;
export const groupPath = `${inGroup}/containerGroups/{containerGroup}`;
export const type = `${provider}/containerGroups`;

export function groupIdOf({ at }: Call): string {
  return `/subscriptions/${at['subscription'] ?? ''}/resourceGroups/${at['group'] ?? ''}/providers/${type}/${at['containerGroup'] ?? ''}`;
}
