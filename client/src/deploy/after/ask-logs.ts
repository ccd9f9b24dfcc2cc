import { apiVersions } from '../../azure/api-versions.ts';
import type { Arm, SendOptions } from '../../azure/arm.ts';
import { isAzureError } from '../../azure/azure-error.ts';
import { at, isObject, textAt, type Json, type JsonObject } from '../../azure/json.ts';
import { UserError } from '../../ui/user-error.ts';
import type { Target } from '../choices.ts';
import { idsOf } from '../plan/ids.ts';
import type { LogQuery } from './queries.ts';

export interface LogWorkspace {
  /** Resource id; not there where the workspace is one that the user may not see. */
  readonly id: string | undefined;
  /** What the query service calls it. */
  readonly customerId: string;
}

export interface LogTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Why there may be more than these rows. */
  readonly incomplete?: string;
}

/** The workspace that the question is for: as the target's resources say now, which may be another than the one in the choices. */
export async function workspaceOf(
  arm: Arm,
  target: Target,
  from: LogQuery['from'],
  options?: SendOptions,
): Promise<LogWorkspace> {
  // What a web app logs itself goes nowhere else by itself either.
  const isOfInsights = from === 'insights' || target.app.kind === 'appService';
  const found = isOfInsights
    ? await workspaceOfInsights(arm, target, options)
    : await workspaceOfApp(arm, target, options);
  if (found !== undefined) return found;
  const remedy = {
    appService: "add 'monitoring.applicationInsights' to the target and deploy",
    containerApp: "deploy '.shipshape/deploy.yaml' again, or give its environment a workspace",
    containerInstance: "add 'containerInstance.workspace' to the target and deploy, or run 'Stream logs'",
  }[target.app.kind];
  throw new UserError(`The logs of '${target.app.name}' are kept nowhere: ${remedy}`);
}

async function workspaceOfInsights(
  arm: Arm,
  target: Target,
  options: SendOptions | undefined,
): Promise<LogWorkspace | undefined> {
  const { component } = idsOf(target);
  if (component === undefined) return undefined;
  const id = textAt(await arm.find(component, apiVersions.components, options), 'properties.WorkspaceResourceId');
  if (id === undefined) return undefined;
  const customerId = textAt(await arm.find(id, apiVersions.workspaces, options), 'properties.customerId');
  return customerId === undefined ? undefined : { id, customerId };
}

/** Apps and groups name their workspace by its other id only. */
async function workspaceOfApp(
  arm: Arm,
  target: Target,
  options: SendOptions | undefined,
): Promise<LogWorkspace | undefined> {
  const customerId = await customerOf(arm, target, options);
  if (customerId === undefined) return undefined;
  const path = `/subscriptions/${target.subscription}/providers/Microsoft.OperationalInsights/workspaces`;
  const all = await arm.list(path, apiVersions.workspaces, {}, options).catch(noneIfForbidden);
  const found = all.find((one) => textAt(one, 'properties.customerId') === customerId);
  return { id: textAt(found, 'id'), customerId };
}

async function customerOf(arm: Arm, target: Target, options: SendOptions | undefined): Promise<string | undefined> {
  const { app } = idsOf(target);
  if (target.app.kind === 'containerInstance') {
    const group = await arm.find(app, apiVersions.containerInstances, options);
    return textAt(group, 'properties.diagnostics.logAnalytics.workspaceId');
  }
  const environment = textAt(await arm.find(app, apiVersions.containerApps, options), 'properties.environmentId');
  if (environment === undefined) return undefined;
  const found = await arm.find(environment, apiVersions.containerApps, options);
  return textAt(found, 'properties.appLogsConfiguration.logAnalyticsConfiguration.customerId');
}

/** Whoever may read the logs need not see the workspace. */
function noneIfForbidden(error: unknown): readonly JsonObject[] {
  if (isAzureError(error) && error.status === 403) return [];
  throw error;
}

/** Rows of the answer; none where nothing was ever written to the table. */
export async function askLogs(
  arm: Arm,
  { customerId }: Pick<LogWorkspace, 'customerId'>,
  kql: string,
  options?: SendOptions,
): Promise<LogTable> {
  const url = `${arm.cloud.logs}/v1/workspaces/${customerId}/query`;
  try {
    return tableOf(await arm.ask(url, arm.cloud.logs, { query: kql }, options));
  } catch (error) {
    if (isUnknownTable(error)) return { columns: [], rows: [] };
    throw error;
  }
}

/** A table comes to be with its first row; until then, asking for it is a mistake in the question. */
function isUnknownTable(error: unknown): boolean {
  if (!isAzureError(error) || error.status !== 400) return false;
  return [error.message, ...error.details].some((text) => /failed to resolve table/i.test(text));
}

export function tableOf(answer: Json | undefined): LogTable {
  const all = listIn(at(answer, 'tables'));
  const table = all.find((one) => textAt(one, 'name') === 'PrimaryResult') ?? all[0];
  // Beside rows it is about those that are missing.
  const problem = at(answer, 'error');
  const incomplete = isObject(problem) ? (textAt(problem, 'message') ?? textAt(problem, 'code') ?? '') : undefined;
  return {
    columns: listIn(at(table, 'columns')).map((column) => textAt(column, 'name') ?? ''),
    rows: listIn(at(table, 'rows')).map((row) => listIn(row).map(cell)),
    ...(incomplete !== undefined && { incomplete }),
  };
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function cell(value: Json): string {
  return value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
