/** Pinned to versions with a published contract; the local Azure of the tests refuses every other. */
export const apiVersions = {
  tenants: '2022-12-01',
  subscriptions: '2022-12-01',
  resources: '2024-03-01',
  roleAssignments: '2022-04-01',
  identities: '2023-01-31',
  registries: '2023-07-01',
  /** The first stable one that tells whether a registry gives rights by repository. */
  registryPermissions: '2025-11-01',
  registryTasks: '2019-06-01-preview',
  /** The first with credentials of the caller, which registries with repository permissions need. */
  registryTasksOfCaller: '2025-03-01-preview',
  web: '2023-12-01',
  containerApps: '2024-03-01',
  containerInstances: '2023-05-01',
  workspaces: '2023-09-01',
  sharedKeys: '2020-08-01',
  components: '2020-02-02',
  metricAlerts: '2018-03-01',
  vaults: '2023-07-01',
} as const;
