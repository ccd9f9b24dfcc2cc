import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Call } from '../core.ts';

export const apiVersions = ['2024-03-01'];
const provider = 'Microsoft.App';
export const inSubscription = `/subscriptions/{subscription}/providers/${provider}`;
export const inGroup = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${provider}`;
export const appPath = `${inGroup}/containerApps/{app}`;
export const revisionPath = `${appPath}/revisions/{revision}`;

function groupOf({ at }: Call): string {
  return `/subscriptions/${at['subscription'] ?? ''}/resourceGroups/${at['group'] ?? ''}/providers/${provider}`;
}

/** Azure answers with `containerapps`, however it was asked. */
export function appIdOf(call: Call): string {
  return `${groupOf(call)}/containerapps/${call.at['app'] ?? ''}`;
}

export function revisionIdOf(call: Call): string {
  return `${appIdOf(call)}/revisions/${call.at['revision'] ?? ''}`;
}

export function environmentIdOf(call: Call): string {
  return `${groupOf(call)}/managedEnvironments/${call.at['environment'] ?? ''}`;
}

export function nameOf(resource: JsonObject): string {
  return textAt(resource, 'name') ?? '';
}

export function idOf(resource: JsonObject): string {
  return textAt(resource, 'id') ?? '';
}

/** `westeurope` of `West Europe`. */
export function regionOf(resource: JsonObject): string {
  return (textAt(resource, 'location') ?? '').replaceAll(' ', '').toLowerCase();
}

export function operationOf(resource: JsonObject): { provider: string; location: string; resource: string } {
  return { provider, location: regionOf(resource), resource: idOf(resource) };
}

export function systemDataOf(call: Call, before: JsonObject | undefined): JsonObject {
  const now = new Date().toISOString();
  const by = { lastModifiedBy: call.caller, lastModifiedByType: 'User', lastModifiedAt: now };
  const born = before?.['systemData'];
  if (typeof born === 'object' && born !== null) return { ...(born as JsonObject), ...by };
  return { createdBy: call.caller, createdByType: 'User', createdAt: now, ...by };
}
