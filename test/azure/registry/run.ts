import { setTimeout as after } from 'node:timers/promises';
import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import type { Blobs } from './blobs.ts';
import type { RegistryHosts } from './registry-host.ts';
import { createRunLog, type Completion, type RunLog } from './run-log.ts';
import { RunFailed, runSteps, type PushedImage } from './run-steps.ts';
import { stepsOfBuildRequest, stepsOfTaskFile, TaskProblem } from './task-steps.ts';

/** One run of ACR Tasks, and how far it is. */
export interface Run {
  readonly id: string;
  /** The registry's id. */
  readonly registry: string;
  readonly request: JsonObject;
  readonly caller: string;
  readonly created: Date;
  readonly stop: AbortController;
  status: 'Queued' | 'Started' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled' | 'Timeout';
  updated: Date;
  started: Date | undefined;
  finished: Date | undefined;
  error: string | undefined;
  images: readonly PushedImage[];
}

export function newRun(parts: Pick<Run, 'id' | 'registry' | 'request' | 'caller'>): Run {
  return {
    ...parts,
    created: new Date(),
    stop: new AbortController(),
    status: 'Queued',
    updated: new Date(),
    started: undefined,
    finished: undefined,
    error: undefined,
    images: [],
  };
}

export interface Surroundings {
  readonly core: Core;
  readonly hosts: RegistryHosts;
  readonly blobs: Blobs;
  /** Where the log goes. */
  readonly log: string;
  /** What sources' paths are below. */
  readonly container: string;
}

/** Waits for an agent, as runs do, then does what is asked for. Never throws: how it ended is in the run and its log. */
export async function perform(surroundings: Surroundings, run: Run): Promise<void> {
  const { core, blobs } = surroundings;
  const { signal } = run.stop;
  const log = createRunLog(blobs, surroundings.log);
  await after(core.times.operation, undefined, { signal }).catch(() => undefined);
  const limit = AbortSignal.timeout(Number(run.request['timeout'] ?? 3600) * 1000);
  try {
    signal.throwIfAborted();
    change(run, 'Started');
    run.images = await work(surroundings, run, log, AbortSignal.any([signal, limit]));
    finish(run, log, 'Succeeded', 'successful');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (signal.aborted) finish(run, log, 'Canceled', 'canceled');
    else if (limit.aborted) finish(run, log, 'Timeout', 'timedout', 'the run took too long');
    else {
      if (!(error instanceof RunFailed)) log.add(`${message}\n`);
      const isOurs = !(error instanceof RunFailed || error instanceof TaskProblem);
      finish(run, log, 'Failed', isOurs ? 'internalerror' : 'failed', message);
    }
  }
}

async function work(
  { core, hosts, blobs, container }: Surroundings,
  run: Run,
  log: RunLog,
  signal: AbortSignal,
): Promise<readonly PushedImage[]> {
  const { request, registry } = run;
  const host = await hosts.of(registry);
  run.started = new Date();
  change(run, 'Running');
  const location = textAt(request, 'sourceLocation');
  const source = location === undefined ? undefined : blobs.read(`${container}/${location}`);
  if (location !== undefined && source === undefined) {
    log.say('Downloading source code...');
    log.add(`failed to download context from ${location}: it is not there\n`);
    throw new RunFailed('failed to download source code, err: exit status 1');
  }
  const context = { runId: run.id, loginServer: host.loginServer, registryName: registry.split('/').at(-1) ?? '' };
  const isBuild = textAt(request, 'type') === 'DockerBuildRequest';
  const steps = isBuild ? stepsOfBuildRequest(request, context) : stepsOfTaskFile(request, context);
  const identity = textAt(request, 'credentials.sourceRegistry.identity');
  const subject = identity === '[caller]' ? run.caller : 'tasks';
  return await runSteps({ host, subject, log, signal, folder: core.folder }, source, steps);
}

function change(run: Run, status: Run['status']): void {
  run.status = status;
  run.updated = new Date();
}

function finish(run: Run, log: RunLog, status: Run['status'], completion: Completion, error?: string): void {
  const seconds = Math.round((Date.now() - run.created.getTime()) / 1000);
  const how = error === undefined ? `was ${completion} after ${seconds}s` : `failed after ${seconds}s. Error: ${error}`;
  run.error = error;
  run.finished = new Date();
  change(run, status);
  log.end(completion, `Run ID: ${run.id} ${how}`);
}
