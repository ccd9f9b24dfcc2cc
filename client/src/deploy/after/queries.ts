import type { MonitoringChoices, TargetKind } from '../choices.ts';

/** A question to Log Analytics. */
export interface LogQuery {
  readonly id: 'errors' | 'latency' | 'restarts';
  readonly title: string;
  readonly kql: string;
  /** Whose workspace: that of Application Insights, or the one that the app's own logs go to. */
  readonly from: 'insights' | 'app';
  /** What must be so for there to be rows at all: for when there are none. */
  readonly needs: string;
}

/** What of a target decides which tables there are. */
export interface QueriedTarget {
  readonly app: { readonly kind: TargetKind; readonly name: string; readonly slot?: string };
  readonly monitoring: MonitoringChoices;
}

/** The three questions one has after a deployment, for the tables that this kind of app writes its logs to. */
export function queriesFor({ app, monitoring }: QueriedTarget): readonly LogQuery[] {
  const [errors, latency, restarts] =
    app.kind === 'appService'
      ? ofSite(app)
      : app.kind === 'containerApp'
        ? ofLines(
            'ContainerAppConsoleLogs_CL',
            'Log_s',
            `ContainerAppName_s =~ ${quoted(app.name)}`,
            restartsOfApp(app.name),
          )
        : ofLines(
            'ContainerInstanceLog_CL',
            'Message',
            `ContainerGroup_s =~ ${quoted(app.name)}`,
            restartsOfGroup(app.name),
          );
  const requests = monitoring.applicationInsights;
  return requests === undefined ? [errors, latency, restarts] : [...ofInsights(requests), restarts];
}

type Three = readonly [LogQuery, LogQuery, LogQuery];

const titles = {
  errors: { id: 'errors', title: 'Errors by endpoint' },
  latency: { id: 'latency', title: 'Latency (95 of 100 requests are faster)' },
  restarts: { id: 'restarts', title: 'Restarts' },
} as const;

/** One workspace may hold the requests of several components. */
function ofInsights(component: string): readonly [LogQuery, LogQuery] {
  const mine = `where _ResourceId endswith ${quoted(`/components/${component}`)}`;
  const more = { from: 'insights', needs: 'the app must send its requests to Application Insights' } as const;
  return [
    {
      ...titles.errors,
      ...more,
      kql: lines(
        'AppRequests',
        mine,
        'where Success == false',
        'summarize Failures = count() by Name, ResultCode',
        'order by Failures desc',
      ),
    },
    {
      ...titles.latency,
      ...more,
      kql: lines(
        'AppRequests',
        mine,
        'summarize P95 = percentile(DurationMs, 95), Requests = count() by Name, bin(TimeGenerated, 5m)',
        'order by TimeGenerated desc',
      ),
    },
  ];
}

function ofSite({ name, slot }: QueriedTarget['app']): Three {
  const mine = `where _ResourceId endswith ${quoted(`/sites/${name}${slot === undefined ? '' : `/slots/${slot}`}`)}`;
  const more = { from: 'app', needs: 'a diagnostic setting of the web app must send its logs there' } as const;
  return [
    {
      ...titles.errors,
      ...more,
      kql: lines(
        'AppServiceHTTPLogs',
        mine,
        'where ScStatus >= 500',
        'summarize Failures = count() by CsMethod, CsUriStem, ScStatus',
        'order by Failures desc',
      ),
    },
    {
      ...titles.latency,
      ...more,
      kql: lines(
        'AppServiceHTTPLogs',
        mine,
        'summarize P95 = percentile(TimeTaken, 95), Requests = count() by CsUriStem, bin(TimeGenerated, 5m)',
        'order by TimeGenerated desc',
      ),
    },
    {
      ...titles.restarts,
      ...more,
      kql: lines(
        'AppServicePlatformLogs',
        mine,
        'where Message has_any ("Starting container", "Stopping container", "restart")',
        'project TimeGenerated, Level, Message',
        'order by TimeGenerated desc',
      ),
    },
  ];
}

/** Where there are only lines that the app prints, requests are looked for in them: `"GET /cart HTTP/1.1" 500 … 12 ms`. */
function ofLines(table: string, column: string, mine: string, restarts: LogQuery): Three {
  const request = String.raw`@'\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) ([^\s?"]+)[^\s"]*( HTTP/[\d.]+)?"?,? (\d{3})\b'`;
  const more = { from: 'app', needs: 'the app must print a line for each request' } as const;
  const part = (name: string, group: number): string => `${name} = extract(${request}, ${group}, ${column})`;
  return [
    {
      ...titles.errors,
      ...more,
      kql: lines(
        table,
        `where ${mine}`,
        `extend ${part('Method', 1)}, ${part('Path', 2)}`,
        `extend Status = toint(extract(${request}, 4, ${column}))`,
        'where Status >= 500',
        'summarize Failures = count() by Method, Path, Status',
        'order by Failures desc',
      ),
    },
    {
      ...titles.latency,
      ...more,
      needs: 'the app must print how long each request took, as in 12 ms',
      kql: lines(
        table,
        `where ${mine}`,
        String.raw`extend Milliseconds = todouble(extract(@'([\d.]+) ?ms\b', 1, ${column}))`,
        'where isnotnull(Milliseconds)',
        'summarize P95 = percentile(Milliseconds, 95), Requests = count() by bin(TimeGenerated, 5m)',
        'order by TimeGenerated desc',
      ),
    },
    restarts,
  ];
}

const calm = 'it may just not have been restarted';

function restartsOfApp(name: string): LogQuery {
  const reasons = '"ContainerTerminated", "ContainerBackOff", "BackOff", "ProbeFailed", "ContainerStarted"';
  return {
    ...titles.restarts,
    from: 'app',
    needs: calm,
    kql: lines(
      'ContainerAppSystemLogs_CL',
      `where ContainerAppName_s =~ ${quoted(name)}`,
      `where Reason_s in (${reasons})`,
      'summarize Count = count(), Last = max(TimeGenerated) by RevisionName_s, Reason_s',
      'order by Last desc',
    ),
  };
}

function restartsOfGroup(name: string): LogQuery {
  return {
    ...titles.restarts,
    from: 'app',
    needs: calm,
    kql: lines(
      'ContainerEvent_CL',
      `where ContainerGroup_s =~ ${quoted(name)}`,
      'project TimeGenerated, Reason_s, Message',
      'order by TimeGenerated desc',
    ),
  };
}

/** Text in Kusto: https://learn.microsoft.com/kusto/query/scalar-data-types/string. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function lines(table: string, ...operators: readonly string[]): string {
  return [table, 'where TimeGenerated > ago(1d)', ...operators].join('\n| ');
}
