import type { Cloud } from './cloud.ts';

/** The page of a resource in the Azure portal. */
export function resourcePage({ portal }: Cloud, id: string, tenant?: string): string {
  return `${portal}/#${tenant === undefined ? '' : `@${tenant}`}/resource${id}`;
}

/** The page that asks a Log Analytics workspace this, ready to run. */
export function queryPage({ portal }: Cloud, workspace: string, kql: string, tenant?: string): string {
  const parts = [
    ...['resourceId', encodeURIComponent(workspace)],
    ...['source', 'LogsBlade.AnalyticsShareLinkToQuery'],
    ...['query', encodeURIComponent(kql)],
    ...['timespan', 'P1D'],
  ];
  const at = tenant === undefined ? '' : `@${tenant}`;
  return `${portal}/#${at}/blade/Microsoft_OperationsManagementSuite_Workspace/Logs.ReactView/${parts.join('/')}`;
}
