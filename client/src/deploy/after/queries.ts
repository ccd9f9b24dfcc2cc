import type { TargetKind } from '../choices.ts';

/** A question to Log Analytics. */
export interface LogQuery {
  readonly id: 'errors' | 'latency' | 'restarts';
  readonly title: string;
  readonly kql: string;
}

/** The three questions one has after a deployment, for the tables that this kind of app writes its logs to. */
export function queriesFor(kind: TargetKind, name: string, hasInsights: boolean): readonly LogQuery[] {
  const app = quoted(name);
  const errors = { id: 'errors', title: 'Errors by endpoint' } as const;
  const latency = { id: 'latency', title: 'Latency (95 of 100 requests are faster)' } as const;
  const restarts = { id: 'restarts', title: 'Restarts' } as const;
  const requests = hasInsights
    ? [
        {
          ...errors,
          kql: lines(
            'AppRequests',
            `where AppRoleName =~ ${app}`,
            'where Success == false',
            'summarize Failures = count() by Name, ResultCode',
            'order by Failures desc',
          ),
        },
        {
          ...latency,
          kql: lines(
            'AppRequests',
            'summarize P95 = percentile(DurationMs, 95), Requests = count() by Name, bin(TimeGenerated, 5m)',
            'order by TimeGenerated desc',
          ),
        },
      ]
    : [];
  switch (kind) {
    case 'appService':
      return [
        ...(requests.length > 0
          ? requests
          : [
              {
                ...errors,
                kql: lines(
                  'AppServiceHTTPLogs',
                  `where _ResourceId endswith ${quoted(`/sites/${name}`.toLowerCase())}`,
                  'where ScStatus >= 500',
                  'summarize Failures = count() by CsUriStem, ScStatus',
                  'order by Failures desc',
                ),
              },
              {
                ...latency,
                kql: lines(
                  'AppServiceHTTPLogs',
                  `where _ResourceId endswith ${quoted(`/sites/${name}`.toLowerCase())}`,
                  'summarize P95 = percentile(TimeTaken, 95), Requests = count() by CsUriStem, bin(TimeGenerated, 5m)',
                  'order by TimeGenerated desc',
                ),
              },
            ]),
        {
          ...restarts,
          kql: lines(
            'AppServicePlatformLogs',
            `where _ResourceId endswith ${quoted(`/sites/${name}`.toLowerCase())}`,
            'where Message has_any ("Starting container", "Stopping container", "restart")',
            'project TimeGenerated, Level, Message',
            'order by TimeGenerated desc',
          ),
        },
      ];
    case 'containerApp':
      return [
        ...(requests.length > 0
          ? requests
          : [
              {
                ...errors,
                kql: lines(
                  'ContainerAppConsoleLogs_CL',
                  `where ContainerAppName_s == ${app}`,
                  String.raw`extend Method = extract(@'"?(GET|POST|PUT|PATCH|DELETE|HEAD) (\S+)', 1, Log_s), Path = extract(@'"?(GET|POST|PUT|PATCH|DELETE|HEAD) ([^\s?"]+)', 2, Log_s), Status = toint(extract(@'"? (\d{3})\b', 1, Log_s))`,
                  'where Status >= 500',
                  'summarize Failures = count() by Method, Path, Status',
                  'order by Failures desc',
                ),
              },
              {
                ...latency,
                kql: lines(
                  'ContainerAppConsoleLogs_CL',
                  `where ContainerAppName_s == ${app}`,
                  String.raw`extend Milliseconds = todouble(extract(@'([\d.]+) ?ms\b', 1, Log_s))`,
                  'where isnotnull(Milliseconds)',
                  'summarize P95 = percentile(Milliseconds, 95), Requests = count() by bin(TimeGenerated, 5m)',
                  'order by TimeGenerated desc',
                ),
              },
            ]),
        {
          ...restarts,
          kql: lines(
            'ContainerAppSystemLogs_CL',
            `where ContainerAppName_s == ${app}`,
            'where Reason_s in ("ContainerTerminated", "ContainerBackOff", "BackOff", "ProbeFailed", "ContainerStarted")',
            'summarize Count = count(), Last = max(TimeGenerated) by RevisionName_s, Reason_s',
            'order by Last desc',
          ),
        },
      ];
    case 'containerInstance':
      return [
        ...requests,
        {
          ...restarts,
          kql: lines(
            'ContainerEvent_CL',
            `where ContainerGroup_s == ${app}`,
            'project TimeGenerated, Reason_s, Message',
            'order by TimeGenerated desc',
          ),
        },
      ];
  }
}

/** Text in Kusto: https://learn.microsoft.com/kusto/query/scalar-data-types/string. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function lines(table: string, ...operators: readonly string[]): string {
  return [table, 'where TimeGenerated > ago(1d)', ...operators].join('\n| ');
}
