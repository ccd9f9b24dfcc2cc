import { groupId, resourceId } from '../../azure/resource-id.ts';
import type { Target } from '../choices.ts';

/** Where everything of a target is, whether it is there already or not. */
export interface Ids {
  readonly group: string;
  /** The same as `group` unless the registry has one of its own. */
  readonly registryGroup: string;
  readonly registry: string;
  /** The user-assigned identity; not there when the app has its own. */
  readonly identity: string | undefined;
  /** What runs the image: a site or its slot, a container app, a container group. */
  readonly app: string;
  /** The web app of a slot. */
  readonly site: string | undefined;
  readonly servicePlan: string | undefined;
  readonly environment: string | undefined;
  /** Log Analytics: of a container app's environment or a container group, or for Application Insights. */
  readonly workspace: string | undefined;
  readonly component: string | undefined;
  readonly alert: string | undefined;
}

export function idsOf(target: Target): Ids {
  const { app, identity, monitoring, registry } = target;
  const group = groupId(target.subscription, target.resourceGroup);
  const registryGroup = groupId(target.subscription, registry.resourceGroup ?? target.resourceGroup);
  const component = monitoring.applicationInsights;
  const own = app.kind === 'appService' ? undefined : app.workspace;
  const workspace = own ?? (component === undefined ? undefined : `${component}-logs`);
  const of = (type: string, name: string | undefined): string | undefined =>
    name === undefined ? undefined : resourceId(group, type, name);
  const site = app.kind === 'appService' ? resourceId(group, 'Microsoft.Web/sites', app.name) : undefined;
  return {
    group,
    registryGroup,
    registry: resourceId(registryGroup, 'Microsoft.ContainerRegistry/registries', registry.name),
    identity: of(
      'Microsoft.ManagedIdentity/userAssignedIdentities',
      identity.kind === 'user' ? identity.name : undefined,
    ),
    app: appId(target, group),
    site,
    servicePlan: of('Microsoft.Web/serverfarms', app.kind === 'appService' ? app.plan : undefined),
    environment: of('Microsoft.App/managedEnvironments', app.kind === 'containerApp' ? app.environment : undefined),
    workspace: of('Microsoft.OperationalInsights/workspaces', workspace),
    component: of('Microsoft.Insights/components', component),
    alert: of(
      'Microsoft.Insights/metricAlerts',
      monitoring.alertAbove5xx === undefined || app.kind === 'containerInstance'
        ? undefined
        : `${app.name}${app.kind === 'appService' && app.slot !== undefined ? `-${app.slot}` : ''}-5xx`,
    ),
  };
}

function appId(target: Target, group: string): string {
  const { app } = target;
  switch (app.kind) {
    case 'appService': {
      const slot = app.slot === undefined ? [] : ['slots', app.slot];
      return resourceId(group, 'Microsoft.Web/sites', app.name, ...slot);
    }
    case 'containerApp':
      return resourceId(group, 'Microsoft.App/containerApps', app.name);
    case 'containerInstance':
      return resourceId(group, 'Microsoft.ContainerInstance/containerGroups', app.name);
  }
}

/** The names of the key vaults that a target's secrets are in. */
export function vaultsOf(target: Target): readonly string[] {
  const names = Object.values(target.secrets).flatMap((source) =>
    source.from === 'keyVault' ? [vaultOf(source.url)] : [],
  );
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** `shop` of `https://shop.vault.azure.net/secrets/db`. */
export function vaultOf(url: string): string | undefined {
  return /^https:\/\/([a-z0-9-]+)\.[^/]+\/secrets\/[^/]+/i.exec(url)?.[1]?.toLowerCase();
}
