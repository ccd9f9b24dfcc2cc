import { apiVersions } from '../../azure/api-versions.ts';
import type { Arm, SendOptions } from '../../azure/arm.ts';
import { at, textAt, type Json } from '../../azure/json.ts';
import { UserError } from '../../ui/user-error.ts';
import type { Target } from '../choices.ts';
import { idsOf } from '../plan/ids.ts';

export interface LogWorkspace {
  /** Resource id. */
  readonly id: string;
  /** What the query service calls it. */
  readonly customerId: string;
}

export interface LogTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The workspace that the target's logs go to: as its resources say now, which may be another than the one in the choices. */
export async function workspaceOf(arm: Arm, target: Target, options?: SendOptions): Promise<LogWorkspace> {
  const ids = idsOf(target);
  const id = (await ofInsights(arm, ids.component, options)) ?? ids.workspace;
  const found = id === undefined ? undefined : await arm.find(id, apiVersions.workspaces, options);
  const customerId = textAt(found, 'properties.customerId');
  if (id === undefined || customerId === undefined) {
    throw new UserError(`The logs of '${target.app.name}' go nowhere: add 'monitoring' to the target and deploy again`);
  }
  return { id, customerId };
}

async function ofInsights(arm: Arm, component: string | undefined, options?: SendOptions): Promise<string | undefined> {
  if (component === undefined) return undefined;
  return textAt(await arm.find(component, apiVersions.components, options), 'properties.WorkspaceResourceId');
}

/** Rows of the first table; none where nothing was ever written to it. */
export async function askLogs(
  arm: Arm,
  { customerId }: LogWorkspace,
  kql: string,
  options?: SendOptions,
): Promise<LogTable> {
  const answer = await arm.ask(
    `${arm.cloud.logs}/v1/workspaces/${customerId}/query`,
    arm.cloud.logs,
    { query: kql },
    options,
  );
  return tableOf(answer);
}

function tableOf(answer: Json | undefined): LogTable {
  const texts = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
  const cell = (value: Json): string =>
    value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return {
    columns: texts(at(answer, 'tables.0.columns')).map((column) => textAt(column, 'name') ?? ''),
    rows: texts(at(answer, 'tables.0.rows')).map((row) => texts(row).map(cell)),
  };
}
