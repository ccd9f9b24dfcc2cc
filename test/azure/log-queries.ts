import { randomUUID } from 'node:crypto';
import { isObject, textAt, type Json, type JsonObject } from '../../client/src/azure/json.ts';
import type { Reply } from './core.ts';
import type { Asked } from './front.ts';
import { KqlError } from './kql-parse.ts';
import { runKql, type Table } from './kql.ts';
import type { OwnCore } from './own-core.ts';

const path = /^\/v1\/workspaces\/([^/]+)\/query$/;

/**
 * Columns of tables from Microsoft's table reference. Azure's own tables are there from the start; those of custom logs (`_CL`) only when
 * something was written, and queries before fail.
 */
const schemas: Readonly<Record<string, readonly string[]>> = {
  AppRequests: [
    'TimeGenerated',
    'Id',
    'Name',
    'Url',
    'Success',
    'ResultCode',
    'DurationMs',
    'PerformanceBucket',
    'OperationName',
    'OperationId',
    'AppRoleName',
    'AppRoleInstance',
    'ClientIP',
    '_ResourceId',
    'ItemCount',
    'Type',
  ],
  AppServiceConsoleLogs: ['TimeGenerated', 'Level', 'Host', 'ResultDescription', 'ContainerId', '_ResourceId', 'Type'],
  AppServiceHTTPLogs: [
    'TimeGenerated',
    'CsMethod',
    'CsUriStem',
    'CsUriQuery',
    'CsHost',
    'SPort',
    'CIp',
    'UserAgent',
    'ScStatus',
    'ScSubStatus',
    'TimeTaken',
    'CsBytes',
    'ScBytes',
    '_ResourceId',
    'Type',
  ],
  AppServicePlatformLogs: [
    'TimeGenerated',
    'Level',
    'Host',
    'Message',
    'ContainerId',
    'DeploymentId',
    '_ResourceId',
    'Type',
  ],
  ContainerAppConsoleLogs_CL: [
    'TimeGenerated',
    'ContainerAppName_s',
    'ContainerGroupName_s',
    'ContainerGroupId_g',
    'ContainerName_s',
    'ContainerImage_s',
    'ContainerId_s',
    'EnvironmentName_s',
    'RevisionName_s',
    'Stream_s',
    'Log_s',
    'time_t',
    'Category',
    'Type',
    '_ResourceId',
  ],
  ContainerAppSystemLogs_CL: [
    'TimeGenerated',
    'ContainerAppName_s',
    'EnvironmentName_s',
    'RevisionName_s',
    'ReplicaName_s',
    'JobName_s',
    'Reason_s',
    'Log_s',
    'Type_s',
    'EventSource_s',
    'Count_d',
    'Level',
    'time_t',
    'Type',
    '_ResourceId',
  ],
  ContainerInstanceLog_CL: [
    'TimeGenerated',
    'ContainerGroup_s',
    'ContainerID_s',
    'ContainerImage_s',
    'ContainerName_s',
    'Location_s',
    'Message',
    'OSType_s',
    'Source_s',
    'SubscriptionId',
    'Type',
  ],
  ContainerEvent_CL: [
    'TimeGenerated',
    'ContainerGroup_s',
    'ContainerID_s',
    'ContainerName_s',
    'Count_d',
    'Location_s',
    'Message',
    'OSType_s',
    'Reason_s',
    'SubscriptionId',
    'Type',
  ],
};

/** The query service of Log Analytics, on what was written with `core.logs`. `undefined` for what is not asked of it. */
export function createLogQueries(core: OwnCore): (asked: Asked) => Reply | undefined {
  const tableOf = (workspace: string, name: string): Table | undefined => {
    const rows = core.tables.get(workspace)?.get(name) ?? [];
    const schema = schemas[name] ?? [];
    if (rows.length === 0 && (schema.length === 0 || name.endsWith('_CL'))) return undefined;
    return { columns: [...new Set(['TimeGenerated', ...schema, ...rows.flatMap((row) => Object.keys(row))])], rows };
  };
  return (asked) => {
    const id = path.exec(asked.target.split('?')[0] ?? '')?.[1];
    if (id === undefined) return undefined;
    if (asked.method !== 'POST') return fail(405, 'MethodNotAllowed', 'Only POST is supported');
    const token = (asked.headers['authorization'] ?? '').replace(/^Bearer /i, '');
    const audiences = [
      core.url,
      'https://api.loganalytics.io',
      'https://api.loganalytics.us',
      'https://api.loganalytics.azure.cn',
    ];
    const caller = core.directory.readToken(token, audiences);
    if (caller === undefined) return fail(401, 'AuthorizationRequiredError', 'Valid authentication was not provided');
    const workspace = core.store
      .list('', 'Microsoft.OperationalInsights/workspaces')
      .find((one) => textAt(one, 'properties.customerId') === id);
    const scope = textAt(workspace, 'id') ?? '';
    if (workspace === undefined) return fail(404, 'WorkspaceNotFoundError', 'The workspace could not be found');
    if (!core.directory.may(caller, 'Microsoft.OperationalInsights/workspaces/query/read', scope)) {
      return fail(
        403,
        'InsufficientAccessError',
        'The provided credentials have insufficient access to perform the requested operation',
      );
    }
    const body = bodyOf(asked.text);
    const query = textAt(body, 'query');
    const unknown = Object.keys(body ?? {}).filter((key) => !['query', 'timespan', 'workspaces'].includes(key));
    if (query === undefined || unknown.length > 0) {
      return fail(400, 'BadArgumentError', 'The request had some invalid properties');
    }
    const from = startOf(textAt(body, 'timespan'));
    try {
      const { columns, rows } = runKql(query, (name) => {
        const found = tableOf(id, name);
        return found && { ...found, rows: found.rows.filter((row) => (textAt(row, 'TimeGenerated') ?? '') >= from) };
      });
      const values = rows.map((row) => columns.map((column) => row[column] ?? null));
      const typed = columns.map((name, index) => ({ name, type: typeOf(values.map((row) => row[index] ?? null)) }));
      return { status: 200, body: { tables: [{ name: 'PrimaryResult', columns: typed, rows: values }] } };
    } catch (error) {
      if (!(error instanceof KqlError)) throw error;
      const inner = { code: error.code === 'SemanticError' ? 'SEM0100' : 'SYN0002', message: error.message };
      const what = error.code === 'SemanticError' ? 'A semantic error occurred.' : 'A syntax error occurred.';
      return fail(400, 'BadArgumentError', 'The request had some invalid properties', {
        code: error.code,
        message: what,
        innererror: inner,
      });
    }
  };
}

function fail(status: number, code: string, message: string, innererror?: JsonObject): Reply {
  const inner = innererror === undefined ? {} : { innererror };
  return { status, body: { error: { message, code, correlationId: randomUUID(), ...inner } } };
}

function bodyOf(text: string): JsonObject | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** When a timespan such as `PT1H` or `P1D` began, as text that compares with `TimeGenerated`. */
function startOf(timespan: string | undefined): string {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(timespan ?? '');
  if (found === null) return '';
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part) || 0);
  return new Date(Date.now() - (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000).toISOString();
}

function typeOf(values: readonly Json[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length > 0 && known.every((value) => typeof value === 'boolean')) return 'bool';
  if (known.length > 0 && known.every((value) => typeof value === 'number')) {
    return known.every((value) => Number.isInteger(value)) ? 'long' : 'real';
  }
  const isDate = (value: Json): boolean => typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);
  return known.length > 0 && known.every(isDate) ? 'datetime' : 'string';
}
