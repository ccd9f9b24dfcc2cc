import { textAt, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import { refuse } from './refusals.ts';
import type { Call, Core, Route } from '../core.ts';

export const apiVersions = ['2023-12-01'];
export const provider = '/providers/Microsoft.Web';
const inGroup = `/subscriptions/{subscription}/resourceGroups/{group}${provider}`;
export const planPath = `${inGroup}/serverfarms/{plan}`;
export const sitePath = `${inGroup}/sites/{site}`;
const slotPath = `${sitePath}/slots/{slot}`;

export function planIdOf({ at }: Call): string {
  return `/subscriptions/${at['subscription'] ?? ''}/resourceGroups/${at['group'] ?? ''}${provider}/serverfarms/${at['plan'] ?? ''}`;
}

/** Of the production site. */
export function siteIdOf({ at }: Call): string {
  return `/subscriptions/${at['subscription'] ?? ''}/resourceGroups/${at['group'] ?? ''}${provider}/sites/${at['site'] ?? ''}`;
}

/** Of the slot where the call is about one, else of the site. */
export function appIdOf(call: Call): string {
  const slot = call.at['slot'];
  return slot === undefined ? siteIdOf(call) : `${siteIdOf(call)}/slots/${slot}`;
}

/** `shop` and `staging` of an id; production has no slot. */
export function namesIn(id: string): { readonly site: string; readonly slot: string | undefined } {
  const found = /\/sites\/([^/]+)(?:\/slots\/([^/]+))?$/i.exec(id);
  return { site: found?.[1] ?? '', slot: found?.[2] };
}

export function productionOf(id: string): string {
  return id.replace(/\/slots\/[^/]+$/i, '');
}

/** The site or the slot that `targetSlot` of a swap names. */
export function appNamed(core: Core, production: string, slot: string): string {
  const id = isProduction(slot) ? production : `${production}/slots/${slot}`;
  const found = core.store.get(id);
  if (found === undefined) throw refuse(404, 'NotFound', `Cannot find slot with name ${slot}.`, '51004');
  return textAt(found, 'id') ?? id;
}

export function isProduction(slot: string): boolean {
  return slot.toLowerCase() === 'production';
}

export function propertiesOf(resource: JsonObject | undefined): JsonObject {
  const found = resource?.['properties'];
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as JsonObject) : {};
}

export function isSet(value: Json | undefined): value is Json {
  return value !== undefined && value !== null;
}

/** `West Europe` is `westeurope`. */
export function regionOf(location: Json | undefined): string {
  return typeof location === 'string' ? location.replaceAll(' ', '').toLowerCase() : '';
}

/** A route of the site, and the same of its slots; Azure names the rights to them alike. */
export function forBoth(route: Omit<Route, 'path' | 'apiVersions'> & { readonly below: string }): readonly Route[] {
  const { below, action, ...rest } = route;
  const slotAction = action.replace('Microsoft.Web/sites/', 'Microsoft.Web/sites/slots/');
  return [
    { ...rest, action, apiVersions, path: `${sitePath}${below}` },
    { ...rest, action: slotAction, apiVersions, path: `${slotPath}${below}` },
  ];
}

/** Of `id`, `name` and the like, which every resource has. */
export function field(resource: JsonObject, key: 'id' | 'name' | 'location'): string {
  return text(resource[key]);
}

export function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
