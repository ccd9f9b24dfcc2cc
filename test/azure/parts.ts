import { containerApps } from './app/container-apps.ts';
import { managedEnvironments } from './app/environments.ts';
import { authorization } from './authorization.ts';
import { containerGroups } from './container-instance/container-groups.ts';
import { containerInstanceLocations } from './container-instance/locations.ts';
import type { Part } from './core.ts';
import { groups } from './groups.ts';
import { identities } from './identities.ts';
import { insights } from './insights.ts';
import type { OwnPart } from './own-core.ts';
import { providers } from './providers.ts';
import { registries } from './registry/registries.ts';
import { subscriptions } from './subscriptions.ts';
import { vaults } from './vaults.ts';
import { web } from './web/part.ts';
import { workspaces } from './workspaces.ts';

/** Resource Manager's own, and what other resources refer to. */
export const ownParts: readonly OwnPart[] = [
  subscriptions,
  groups,
  providers,
  authorization,
  identities,
  workspaces,
  insights,
  vaults,
  managedEnvironments,
];

/** The resource providers: one line each. */
export const parts: readonly Part[] = [registries, web, containerApps, containerGroups, containerInstanceLocations];
