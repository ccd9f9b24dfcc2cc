import { apiVersions } from '../../azure/api-versions.ts';
import type { ArmRequest } from '../../azure/arm.ts';
import { subscriptionId } from '../../azure/resource-id.ts';
import { acrPull, keyVaultSecretsUser, repositoryReader, type Role } from '../../azure/roles.ts';
import type { Target } from '../choices.ts';
import { type Ids, idsOf, vaultsOf } from './ids.ts';

/** What `makePlan` wants to know of Azure; all of it is read before there is a plan, and nothing else. */
export interface Lookups {
  /** For `Facts.resources`, by lower-cased path: what GET says, `undefined` where there is nothing. */
  readonly resources: readonly Place[];
  /** For `Facts.resources` as well, as `{ value: [...] }` of all pages, or `undefined` where the parent is not there. */
  readonly lists: readonly Place[];
  /** For `Facts.settings`: sites and slots; those that are there. */
  readonly settings: readonly Place[];
  /** For `Facts.connectionStrings`, likewise: only slots take them over. */
  readonly connectionStrings: readonly Place[];
  readonly providers: readonly string[];
  /** For `Facts.nameTaken`. */
  readonly names: readonly NameLookup[];
  /** For `Facts.missingRights`; what is not there yet has the rights of what it will be in. */
  readonly rights: readonly { readonly scope: string; readonly actions: readonly string[] }[];
  /** For `Facts.roles`: whether the principal has it at this scope or above; nobody has it if the principal is not there. */
  readonly roles: readonly RoleLookup[];
  /** Key vaults by name, wherever in the subscription; for `Facts.resources` by their ids. */
  readonly vaults: readonly string[];
  readonly quotas: readonly QuotaLookup[];
}

export interface Place {
  readonly path: string;
  readonly apiVersion: string;
  /** Asked with this one where Azure does not know the other yet. */
  readonly older?: string;
}

export interface NameLookup {
  readonly kind: 'registry' | 'site' | 'containerApp';
  /** Asked only if this is not there. */
  readonly resource: string;
  /** And only if this is there. */
  readonly needs?: string;
  /** Answers `{ nameAvailable, reason, message }`. */
  readonly request: ArmRequest;
}

export interface RoleLookup {
  /** A resource's id, or `vault:` and the name of a key vault. */
  readonly scope: string;
  readonly role: Role;
  /** The resource that has the principal, and where it says so. */
  readonly principal: Place & { readonly get: string };
}

/** Answers a list of `{ name: { value }, currentValue, limit }`. */
export interface QuotaLookup extends Place {
  /** What the fact is called, by the name in the answer; others do not matter. */
  readonly what: Readonly<Record<string, string>>;
}

export function lookupsOf(target: Target): Lookups {
  const ids = idsOf(target);
  const vaults = vaultsOf(target);
  const sites = [...new Set(ids.site === undefined ? [] : [ids.site, ids.app])].map((path) => ({
    path,
    apiVersion: apiVersions.web,
  }));
  return {
    resources: resourcesOf(target, ids),
    lists:
      target.app.kind === 'containerApp'
        ? [{ path: `${ids.app}/revisions`, apiVersion: apiVersions.containerApps }]
        : [],
    settings: sites,
    connectionStrings: sites.length > 1 ? sites : [],
    providers: providersOf(target),
    names: namesOf(target, ids),
    rights: rightsOf(target, ids),
    roles: holdersOf(target, ids).flatMap(({ principal }) => [
      { scope: ids.registry, role: acrPull, principal },
      { scope: ids.registry, role: repositoryReader, principal },
      ...vaults.map((vault) => ({ scope: `vault:${vault}`, role: keyVaultSecretsUser, principal })),
    ]),
    vaults,
    quotas: quotasOf(target),
  };
}

/** Who pulls the image and reads secrets, and where Azure says under which principal. */
export interface Holder {
  /** For step ids; '' for the one that there always is. */
  readonly key: string;
  /** For people, after a verb. */
  readonly title: string;
  readonly principal: Place & { readonly get: string };
}

/** Identities stay where they are when slots are swapped, so that both sides of a swap need the same rights. */
export function holdersOf(target: Target, ids: Ids): readonly Holder[] {
  const { app, identity } = target;
  if (identity.kind === 'user') {
    const principal = { path: ids.identity ?? '', apiVersion: apiVersions.identities, get: 'properties.principalId' };
    return [{ key: '', title: `the identity '${identity.name}'`, principal }];
  }
  const own = (path: string): Holder['principal'] => ({
    path,
    apiVersion: appVersion(target),
    get: 'identity.principalId',
  });
  if (app.kind !== 'appService' || app.slot === undefined) {
    return [{ key: '', title: `'${app.name}'`, principal: own(ids.app) }];
  }
  return [
    { key: ':production', title: `'${app.name}'`, principal: own(ids.site ?? '') },
    { key: '', title: `the slot '${app.slot}'`, principal: own(ids.app) },
  ];
}

export function appVersion(target: Target): string {
  switch (target.app.kind) {
    case 'appService':
      return apiVersions.web;
    case 'containerApp':
      return apiVersions.containerApps;
    case 'containerInstance':
      return apiVersions.containerInstances;
  }
}

/** In the order in which a deployment needs them. */
export function providersOf(target: Target): readonly string[] {
  const { app, identity, monitoring } = target;
  const kinds = {
    appService: ['Microsoft.Web'],
    containerApp: ['Microsoft.App', 'Microsoft.OperationalInsights'],
    containerInstance: ['Microsoft.ContainerInstance'],
  };
  const insights = monitoring.applicationInsights !== undefined;
  const keepsLogs = app.kind === 'containerInstance' && app.workspace !== undefined;
  return [
    ...new Set([
      'Microsoft.ContainerRegistry',
      ...(identity.kind === 'user' ? ['Microsoft.ManagedIdentity'] : []),
      ...kinds[app.kind],
      ...(insights || keepsLogs ? ['Microsoft.OperationalInsights'] : []),
      ...(insights || monitoring.alertAbove5xx !== undefined ? ['Microsoft.Insights'] : []),
    ]),
  ];
}

function resourcesOf(target: Target, ids: Ids): readonly Place[] {
  const place = (path: string | undefined, apiVersion: string): readonly Place[] =>
    path === undefined ? [] : [{ path, apiVersion }];
  const isSite = target.app.kind === 'appService';
  const all = [
    ...place(ids.group, apiVersions.resources),
    ...place(ids.registryGroup, apiVersions.resources),
    // The older version does not tell how roles are given.
    { path: ids.registry, apiVersion: apiVersions.registryPermissions, older: apiVersions.registries },
    ...place(ids.identity, apiVersions.identities),
    ...place(ids.workspace, apiVersions.workspaces),
    ...place(ids.component, apiVersions.components),
    ...place(ids.alert, apiVersions.metricAlerts),
    ...place(ids.servicePlan, apiVersions.web),
    ...place(ids.environment, apiVersions.containerApps),
    ...place(ids.site, apiVersions.web),
    ...place(ids.app, appVersion(target)),
    ...(isSite
      ? [ids.site ?? '', ids.app].flatMap((site) => [
          ...place(`${site}/config/web`, apiVersions.web),
          ...place(`${site}/config/logs`, apiVersions.web),
        ])
      : []),
    ...(isSite ? place(`${ids.site ?? ''}/config/slotConfigNames`, apiVersions.web) : []),
  ];
  return [...new Map(all.map((one) => [one.path.toLowerCase(), one])).values()];
}

function namesOf(target: Target, ids: Ids): readonly NameLookup[] {
  const subscription = subscriptionId(target.subscription);
  const registry: NameLookup = {
    kind: 'registry',
    resource: ids.registry,
    request: {
      method: 'POST',
      path: `${subscription}/providers/Microsoft.ContainerRegistry/checkNameAvailability`,
      apiVersion: apiVersions.registries,
      body: { name: target.registry.name, type: 'Microsoft.ContainerRegistry/registries' },
    },
  };
  if (ids.site !== undefined) {
    const request: ArmRequest = {
      method: 'POST',
      path: `${subscription}/providers/Microsoft.Web/checknameavailability`,
      apiVersion: apiVersions.web,
      body: { name: target.app.name, type: 'Site' },
    };
    return [registry, { kind: 'site', resource: ids.site, request }];
  }
  if (ids.environment !== undefined) {
    const request: ArmRequest = {
      method: 'POST',
      path: `${ids.environment}/checkNameAvailability`,
      apiVersion: apiVersions.containerApps,
      body: { name: target.app.name, type: 'Microsoft.App/containerApps' },
    };
    return [registry, { kind: 'containerApp', resource: ids.app, needs: ids.environment, request }];
  }
  return [registry];
}

export const assignRoles = 'Microsoft.Authorization/roleAssignments/write';
export const pushImages = 'Microsoft.ContainerRegistry/registries/push/write';
export const readWorkspaceKey = 'Microsoft.OperationalInsights/workspaces/sharedKeys/action';
export const buildImages = 'Microsoft.ContainerRegistry/registries/scheduleRun/action';

function rightsOf(target: Target, ids: Ids): Lookups['rights'] {
  const writes: readonly (readonly [string | undefined, string])[] = [
    [ids.identity, 'Microsoft.ManagedIdentity/userAssignedIdentities/write'],
    [ids.workspace, 'Microsoft.OperationalInsights/workspaces/write'],
    [target.app.kind === 'appService' ? undefined : ids.workspace, readWorkspaceKey],
    [ids.component, 'Microsoft.Insights/components/write'],
    [ids.alert, 'Microsoft.Insights/metricAlerts/write'],
    [ids.servicePlan, 'Microsoft.Web/serverfarms/write'],
    [ids.site, 'Microsoft.Web/sites/write'],
    [ids.environment, 'Microsoft.App/managedEnvironments/write'],
    [ids.app, appWrite(target)],
  ];
  const isThere = (pair: readonly [string | undefined, string]): pair is readonly [string, string] =>
    pair[0] !== undefined;
  return [
    {
      scope: subscriptionId(target.subscription),
      actions: [
        'Microsoft.Resources/subscriptions/resourceGroups/write',
        ...providersOf(target).map((provider) => `${provider}/register/action`),
      ],
    },
    {
      scope: ids.registry,
      actions: [
        'Microsoft.ContainerRegistry/registries/write',
        target.image.build === 'cloud' ? buildImages : pushImages,
        assignRoles,
      ],
    },
    ...writes.filter(isThere).map(([scope, action]) => ({ scope, actions: [action] })),
  ];
}

export function appWrite(target: Target): string {
  switch (target.app.kind) {
    case 'appService':
      return target.app.slot === undefined ? 'Microsoft.Web/sites/write' : 'Microsoft.Web/sites/slots/write';
    case 'containerApp':
      return 'Microsoft.App/containerApps/write';
    case 'containerInstance':
      return 'Microsoft.ContainerInstance/containerGroups/write';
  }
}

/** Only Container Instances and Container Apps tell theirs; App Service's is known only when it refuses. */
function quotasOf(target: Target): readonly QuotaLookup[] {
  const at = (provider: string): string =>
    `${subscriptionId(target.subscription)}/providers/${provider}/locations/${target.location}/usages`;
  switch (target.app.kind) {
    case 'appService':
      return [];
    case 'containerApp':
      return [
        {
          path: at('Microsoft.App'),
          apiVersion: apiVersions.containerApps,
          what: { ManagedEnvironmentCount: quotaNames.environments(target.location) },
        },
      ];
    case 'containerInstance':
      return [
        {
          path: at('Microsoft.ContainerInstance'),
          apiVersion: apiVersions.containerInstances,
          what: {
            StandardCores: quotaNames.cores(target.location),
            ContainerGroups: quotaNames.groups(target.location),
          },
        },
      ];
  }
}

export const quotaNames = {
  environments: (location: string) => `Container Apps environments in ${location}`,
  cores: (location: string) => `Container Instances cores in ${location}`,
  groups: (location: string) => `container groups in ${location}`,
};
