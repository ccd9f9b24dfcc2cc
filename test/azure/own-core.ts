import type { JsonObject } from '../../client/src/azure/json.ts';
import type { Core, Part } from './core.ts';
import type { OwnDirectory } from './directory.ts';
import type { OwnOperations } from './operations.ts';
import type { OwnStore } from './store.ts';

/** What the local Azure's own parts see beyond what all parts do. */
export interface OwnCore extends Core {
  readonly store: OwnStore;
  readonly directory: OwnDirectory;
  readonly operations: OwnOperations;
  readonly tables: Tables;
  /** By the `customerId` of the workspace. */
  readonly workspaceKeys: Map<string, { readonly primarySharedKey: string; readonly secondarySharedKey: string }>;
  /** By namespace in small letters: registered, or when it will be. */
  readonly registrations: Map<string, { readonly namespace: string; readonly from: number }>;
  readonly tenants: readonly Tenant[];
  readonly locations: readonly Location[];
}
export type OwnPart = (core: OwnCore) => ReturnType<Part>;

/** Rows by workspace and table. */
export type Tables = Map<string, Map<string, readonly JsonObject[]>>;

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly subscriptions: readonly {
    readonly id: string;
    readonly name: string;
    readonly state: 'Enabled' | 'Disabled';
  }[];
}

export interface Location {
  readonly name: string;
  readonly displayName: string;
}
