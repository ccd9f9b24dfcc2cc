import type { JsonObject } from '../../../client/src/azure/json.ts';

/** What an app's containers print and what the platform tells about them: kept for streams, and written to the workspace. */
export interface Journal {
  readonly line: (line: Line) => void;
  readonly event: (event: Event) => void;
  readonly lines: () => readonly Line[];
  readonly events: () => readonly Event[];
  /** Called with all that comes; gives what ends that. */
  readonly listen: (listener: (entry: Line | Event) => void) => () => void;
}

export interface Line {
  readonly kind: 'line';
  readonly time: string;
  readonly revision: string;
  readonly replica: string;
  readonly container: string;
  readonly image: string;
  readonly text: string;
}

export interface Event {
  readonly kind: 'event';
  readonly time: string;
  readonly type: 'Normal' | 'Warning';
  readonly revision: string;
  readonly replica: string;
  readonly reason: string;
  readonly message: string;
}

const kept = 2_000;

/** `write` takes rows of the workspace's tables. */
export function createJournal(
  app: string,
  environment: string,
  write: (table: string, row: JsonObject) => void,
): Journal {
  const lines: Line[] = [];
  const events: Event[] = [];
  const listeners = new Set<(entry: Line | Event) => void>();
  const tell = (entry: Line | Event): void => {
    for (const listener of [...listeners]) listener(entry);
  };
  return {
    line: (line) => {
      lines.push(line);
      if (lines.length > kept) lines.shift();
      write('ContainerAppConsoleLogs_CL', {
        ContainerAppName_s: app,
        EnvironmentName_s: environment,
        RevisionName_s: line.revision,
        ContainerGroupName_s: line.replica,
        ContainerName_s: line.container,
        ContainerImage_s: line.image,
        Log_s: line.text,
        time_t: line.time,
      });
      tell(line);
    },
    event: (event) => {
      events.push(event);
      if (events.length > kept) events.shift();
      write('ContainerAppSystemLogs_CL', {
        ContainerAppName_s: app,
        EnvironmentName_s: environment,
        RevisionName_s: event.revision,
        ReplicaName_s: event.replica,
        Type_s: event.type,
        Reason_s: event.reason,
        Log_s: event.message,
        time_t: event.time,
      });
      tell(event);
    },
    lines: () => lines,
    events: () => events,
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
