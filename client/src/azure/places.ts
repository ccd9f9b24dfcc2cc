import { apiVersions } from './api-versions.ts';
import type { Arm, SendOptions } from './arm.ts';
import { at, textAt, type JsonObject } from './json.ts';
import { subscriptionId } from './resource-id.ts';

/** What is chosen by its name; the one that was chosen last time comes first, then by name. */
interface Place {
  readonly id: string;
  readonly name: string;
}

export interface Tenant extends Place {
  /** `contoso.onmicrosoft.com`. */
  readonly domain: string | undefined;
}

export interface Subscription extends Place {
  readonly tenant: string;
  /** `Enabled`, `Disabled`, `Warned`, `PastDue`, `Deleted`. */
  readonly state: string;
  /** Whether anything can be made in it. */
  readonly isUsable: boolean;
}

export interface Location extends Place {
  /** `Europe`. */
  readonly geography: string | undefined;
  readonly isRecommended: boolean;
}

export interface ResourceGroup extends Place {
  readonly location: string;
}

export interface PlaceOptions extends SendOptions {
  /** The id of the last choice. */
  readonly last?: string | undefined;
}

/** Of all in which the user is, as a member or as a guest. */
export async function tenants(arm: Arm, options: PlaceOptions = {}): Promise<readonly Tenant[]> {
  const found = await arm.list('/tenants', apiVersions.tenants, {}, options);
  return sorted(
    found.flatMap((one) => {
      const id = textAt(one, 'tenantId');
      const domain = textAt(one, 'defaultDomain');
      return id === undefined ? [] : [{ id, name: textAt(one, 'displayName') ?? domain ?? id, domain }];
    }),
    options.last,
  );
}

/** Those of the connection's tenant; where nothing can be made comes last. */
export async function subscriptions(arm: Arm, options: PlaceOptions = {}): Promise<readonly Subscription[]> {
  const found = await arm.list('/subscriptions', apiVersions.subscriptions, {}, options);
  const all = found.flatMap((one): Subscription[] => {
    const id = textAt(one, 'subscriptionId');
    if (id === undefined) return [];
    const state = textAt(one, 'state') ?? 'Enabled';
    return [
      {
        id,
        name: textAt(one, 'displayName') ?? id,
        tenant: textAt(one, 'tenantId') ?? '',
        state,
        // Those who are late with paying may still read, but make nothing.
        isUsable: state === 'Enabled' || state === 'Warned',
      },
    ];
  });
  return sorted(all, options.last).toSorted((left, right) => Number(right.isUsable) - Number(left.isUsable));
}

/** Where resources can be; what Azure calls logical (`europe`) or staging is no such place. */
export async function locations(
  arm: Arm,
  subscription: string,
  options: PlaceOptions = {},
): Promise<readonly Location[]> {
  const path = `${subscriptionId(subscription)}/locations`;
  const found = await arm.list(path, apiVersions.subscriptions, {}, options);
  return sorted(
    found.flatMap((one): Location[] => {
      const id = textAt(one, 'name');
      if (id === undefined || !isPhysical(one)) return [];
      return [
        {
          id,
          name: textAt(one, 'displayName') ?? id,
          geography: textAt(one, 'metadata.geographyGroup'),
          isRecommended: textAt(one, 'metadata.regionCategory') === 'Recommended',
        },
      ];
    }),
    options.last,
  );
}

export async function resourceGroups(
  arm: Arm,
  subscription: string,
  options: PlaceOptions = {},
): Promise<readonly ResourceGroup[]> {
  // Azure answers under either spelling; this is the documented one.
  const path = `${subscriptionId(subscription)}/resourcegroups`;
  const found = await arm.list(path, apiVersions.resources, {}, options);
  return sorted(
    found.flatMap((one) => {
      const name = textAt(one, 'name');
      return name === undefined ? [] : [{ id: name, name, location: textAt(one, 'location') ?? '' }];
    }),
    options.last,
  );
}

function isPhysical(location: JsonObject): boolean {
  const type = at(location, 'metadata.regionType');
  return (
    (type === undefined || type === 'Physical') &&
    !/\((stage|euap)\)|\beuap\b/i.test(textAt(location, 'displayName') ?? '')
  );
}

function sorted<P extends Place>(places: readonly P[], last: string | undefined): readonly P[] {
  const rank = (place: P): number => (place.id.toLowerCase() === last?.toLowerCase() ? 0 : 1);
  return places.toSorted(
    (left, right) =>
      rank(left) - rank(right) ||
      left.name.localeCompare(right.name, 'en', { sensitivity: 'base', numeric: true }) ||
      left.id.localeCompare(right.id),
  );
}
