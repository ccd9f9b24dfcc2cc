import { setTimeout as after } from 'node:timers/promises';
import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import { nameOf } from '../app/ids.ts';
import { listAt, namesIn, objectAt } from '../app/json-edit.ts';
import { ask, probesOf, type Probe } from '../app/probe.ts';
import { runApp, type App, type LogOptions } from '../containers.ts';
import type { Core } from '../core.ts';
import { readLines } from '../log-lines.ts';
import { portsOf, requestsOf, within } from './check-group.ts';

/** One run of a container group: from its start to its stop. */
export interface Run {
  readonly containers: readonly RunningContainer[];
  readonly state: () => 'Running' | 'Succeeded' | 'Failed';
  readonly stop: () => Promise<void>;
}

export interface RunningContainer {
  readonly name: string;
  readonly view: () => JsonObject;
  readonly logs: (options: LogOptions) => Promise<string>;
}

export interface RunOptions {
  readonly core: Core;
  readonly group: JsonObject;
  readonly ip: string | undefined;
  /** What Docker knows the images by, and their digests. */
  readonly images: ReadonlyMap<string, { readonly id: string; readonly digest: string }>;
  /** Values that the group's resource does not hold, by container and variable. */
  readonly secure: ReadonlyMap<string, string>;
}

export function secureKey(container: string, variable: string): string {
  return `${container}/${variable}`;
}

/** Starts a group: its init containers one after the other, then all that stay, in one network with one address. */
export async function startGroup(options: RunOptions): Promise<Run> {
  const properties = objectAt(options.group, 'properties');
  for (const container of listAt(properties, 'initContainers')) {
    const app = await runOne(options, container, undefined);
    const code = await app.ended();
    await app.remove();
    if (code !== 0) break;
  }
  const stop = new AbortController();
  const running: Kept[] = [];
  for (const container of listAt(properties, 'containers')) {
    running.push(await keep(options, container, running[0]?.app, stop.signal));
  }
  return {
    containers: running,
    state: () => {
      if (running.some(({ exitCode }) => exitCode() === undefined)) return 'Running';
      return running.every(({ exitCode }) => exitCode() === 0) ? 'Succeeded' : 'Failed';
    },
    stop: async () => {
      stop.abort();
      for (const { app } of [...running].reverse()) await app.remove();
    },
  };
}

interface Kept extends RunningContainer {
  readonly app: App;
  /** When it has ended for good. */
  readonly exitCode: () => number | undefined;
}

async function keep(
  options: RunOptions,
  container: JsonObject,
  main: App | undefined,
  signal: AbortSignal,
): Promise<Kept> {
  const name = nameOf(container);
  const policy = textAt(options.group, 'properties.restartPolicy') ?? 'Always';
  const events: JsonObject[] = [];
  const event = (kind: string, message: string, type = 'Normal'): void => {
    const now = new Date().toISOString();
    events.push({ count: 1, firstTimestamp: now, lastTimestamp: now, name: kind, message, type });
    write(options, 'ContainerEvent_CL', { ContainerName_s: name, Reason_s: kind, Message: message, Count_d: 1 });
  };
  const image = textAt(container, 'properties.image') ?? '';
  const resolved = `${image.replace(/[:@][^/]*$/, '')}@${options.images.get(image)?.digest ?? ''}`;
  event('Pulling', `pulling image "${resolved}"`);
  event('Pulled', `Successfully pulled image "${resolved}"`);
  const app = await runOne(options, container, main);
  event('Started', 'Started container');

  let restarts = 0;
  let ended: number | undefined;
  let current: JsonObject = { state: 'Running', startTime: new Date().toISOString(), detailStatus: '' };
  let previous: JsonObject | undefined;
  const follow = (since: number): void =>
    void readLines(app, since, signal, writer(options, name)).catch(() => undefined);

  const life = async (): Promise<void> => {
    for (;;) {
      const code = await Promise.race([app.ended(), failure(app, main ?? app, container, signal)]);
      if (signal.aborted) return;
      if (typeof code === 'string') {
        event('Unhealthy', code, 'Warning');
        event('Killing', 'Killing container with id.');
        await app.stop(0);
      }
      const state = await app.state();
      const exitCode = typeof code === 'number' ? code : (state.exitCode ?? 137);
      const finishTime = state.finishedAt ?? new Date().toISOString();
      const over = {
        state: 'Terminated',
        startTime: current['startTime'] ?? finishTime,
        exitCode,
        finishTime,
        detailStatus: exitCode === 0 ? 'Completed' : 'Error',
      };
      if (policy === 'Never' || (policy === 'OnFailure' && exitCode === 0)) {
        current = over;
        ended = exitCode;
        return;
      }
      previous = over;
      restarts += 1;
      current = { state: 'Waiting', detailStatus: 'CrashLoopBackOff' };
      await after(Math.min(100 * 2 ** restarts, 10_000), undefined, { signal, ref: false });
      const since = Date.now();
      await app.start();
      follow(since);
      event('Started', 'Started container');
      current = { state: 'Running', startTime: new Date().toISOString(), detailStatus: '' };
    }
  };
  follow(0);
  // It is removed under this when the group stops.
  void life().catch(() => undefined);
  return {
    name,
    app,
    exitCode: () => ended,
    logs: (asked) => app.logs(asked),
    view: () => ({
      restartCount: restarts,
      currentState: current,
      ...(previous !== undefined && { previousState: previous }),
      events: [...events],
    }),
  };
}

async function runOne(
  { core, group, ip, images, secure }: RunOptions,
  container: JsonObject,
  main: App | undefined,
): Promise<App> {
  const properties = within(container);
  const name = nameOf(container);
  const environment = listAt(properties, 'environmentVariables').map((variable) => {
    const key = textAt(variable, 'name') ?? '';
    return [key, textAt(variable, 'value') ?? secure.get(secureKey(name, key)) ?? ''];
  });
  const command = namesIn(properties, 'command');
  const { cpu, memory } = requestsOf(container);
  const whole = objectAt(group, 'properties');
  // The address is the group's: its first container holds the ports of all.
  const ports = ip === undefined ? [] : portsOf(objectAt(whole, 'ipAddress'));
  const image = textAt(properties, 'image') ?? '';
  return runApp({
    core,
    label: `container group ${nameOf(group)}, container ${name}`,
    image: images.get(image)?.id ?? image,
    environment: Object.fromEntries(environment) as Record<string, string>,
    // All of what starts: neither ENTRYPOINT nor CMD is left.
    ...(command.length > 0 && { command, args: [] }),
    ...(main === undefined
      ? { ports: [...new Set([...ports, ...probedPorts(whole)])], ip: ip ?? '127.0.0.1' }
      : { beside: main }),
    ...(cpu > 0 && { cpus: Math.min(cpu, 2) }),
    ...(memory > 0 && { memoryInGiB: memory }),
  });
}

function probedPorts(group: JsonObject): readonly number[] {
  return listAt(group, 'containers').flatMap((container) => {
    const probe = livenessOf(container);
    return probe === undefined || probe.port === 0 ? [] : [probe.port];
  });
}

/** Never comes without a probe; else why the container is to be killed. */
async function failure(app: App, main: App, container: JsonObject, signal: AbortSignal): Promise<string> {
  const probe = livenessOf(container);
  const command = namesIn(objectAt(objectAt(within(container), 'livenessProbe'), 'exec'), 'command');
  if (probe === undefined) return new Promise(() => undefined);
  await after(probe.delay, undefined, { signal, ref: false });
  for (let failures = 0; ;) {
    const trouble =
      command.length === 0
        ? await ask(main, probe)
        : (await app.run(command)).code === 0
          ? undefined
          : 'Liveness probe failed: command ended with an error';
    failures = trouble === undefined ? 0 : failures + 1;
    if (trouble !== undefined && failures >= probe.failures) return trouble;
    await after(probe.period, undefined, { signal, ref: false });
  }
}

function livenessOf(container: JsonObject): Probe | undefined {
  const given = objectAt(within(container), 'livenessProbe');
  return Object.keys(given).length === 0 ? undefined : probesOf({ probes: [{ ...given, type: 'Liveness' }] })[0];
}

function writer(options: RunOptions, container: string): (time: string, text: string) => void {
  return (time, text) =>
    write(options, 'ContainerInstanceLog_CL', { ContainerName_s: container, Message: text, time_t: time });
}

function write({ core, group }: RunOptions, table: string, row: JsonObject): void {
  const workspace = textAt(group, 'properties.diagnostics.logAnalytics.workspaceId');
  if (workspace !== undefined) core.logs.add(workspace, table, { ContainerGroup_s: nameOf(group), ...row });
}
