import { apiVersions } from '../../azure/api-versions.ts';
import type { Arm, SendOptions } from '../../azure/arm.ts';
import { at, textAt, type Json, type JsonObject } from '../../azure/json.ts';
import { nameOf } from '../../azure/resource-id.ts';
import { Cancelled } from '../../tools/command.ts';
import { UserError } from '../../ui/user-error.ts';
import type { AppPlace } from '../step.ts';
import type { Clock } from '../world.ts';

export interface StreamedLogs {
  readonly arm: Arm;
  readonly app: AppPlace;
  /** Container app: of this revision, else of the newest that is ready. */
  readonly revision?: string | undefined;
  /** Container app: what the platform does, instead of what the app says. */
  readonly events?: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
  /** What goes on besides: connected, ended by Azure, no replica runs. */
  readonly onState: (message: string) => void;
}

/** Streams an app's logs until it is told to stop; goes on by itself when Azure ends a stream, as it does with quiet ones. */
export async function streamLogs(logs: StreamedLogs): Promise<void> {
  const { signal } = logs;
  try {
    if (logs.app.kind === 'containerInstance') await pollGroup(logs, logs.app.group);
    else await reconnect(logs);
  } catch (error) {
    if (!signal.aborted && !(error instanceof Cancelled)) throw error;
  }
}

const shortest = 1000;
const longest = 15_000;

async function reconnect(logs: StreamedLogs): Promise<void> {
  const { arm, signal, clock, onText, onState } = logs;
  let pause = shortest;
  const isStopped = (): boolean => signal.aborted;
  while (!isStopped()) {
    const source = logs.app.kind === 'appService' ? await siteSource(logs, logs.app) : await appSource(logs);
    if (source === undefined) {
      onState('No replica runs: the app sleeps until somebody asks it');
      await clock.wait(longest, signal);
      continue;
    }
    onState('Connected');
    const since = clock.now();
    for await (const text of arm.stream(source.url, { as: source.as, signal })) onText(text);
    if (isStopped()) return;
    // A stream that ends at once is no stream: do not ask without a pause.
    pause = clock.now() - since > longest ? shortest : Math.min(pause * 2, longest);
    onState('Azure has ended the stream: connecting again');
    await clock.wait(pause, signal);
  }
}

interface Source {
  readonly url: string;
  readonly as: { readonly audience: string } | { readonly token: string };
}

/** The site beside the site. It takes the user's token, so basic authentication can stay off. */
async function siteSource({ arm, signal }: StreamedLogs, place: AppPlace & { kind: 'appService' }): Promise<Source> {
  const id = place.slot === undefined ? place.site : `${place.site}/slots/${place.slot}`;
  const site = await arm.get(id, apiVersions.web, { signal });
  const hosts = at(site, 'properties.hostNameSslStates');
  const own = (Array.isArray(hosts) ? (hosts as readonly Json[]) : []).find(
    (host) => textAt(host, 'hostType') === 'Repository',
  );
  const host = textAt(own, 'name');
  if (host === undefined) throw new UserError(`'${nameOf(place.site)}' has no site for its logs`);
  return { url: `https://${host}/api/logstream`, as: { audience: arm.cloud.audience } };
}

async function appSource({ arm, app, revision, events, signal }: StreamedLogs): Promise<Source | undefined> {
  const id = app.kind === 'containerApp' ? app.app : '';
  const resource = await arm.get(id, apiVersions.containerApps, { signal });
  const url =
    events === true
      ? textAt(resource, 'properties.eventStreamEndpoint')
      : await logEndpoint(arm, id, revision ?? newest(resource), { signal });
  if (url === undefined) return undefined;
  const request = { method: 'POST', path: `${id}/getAuthtoken`, apiVersion: apiVersions.containerApps } as const;
  const token = textAt(await arm.send(request, { signal }), 'properties.token');
  if (token === undefined) throw new UserError('Azure gave no token for the logs: try again');
  return { url: events === true ? url : `${url}?follow=true&tailLines=100&output=text`, as: { token } };
}

function newest(app: JsonObject): string | undefined {
  return textAt(app, 'properties.latestReadyRevisionName') ?? textAt(app, 'properties.latestRevisionName');
}

async function logEndpoint(
  arm: Arm,
  id: string,
  revision: string | undefined,
  options: SendOptions,
): Promise<string | undefined> {
  if (revision === undefined) return undefined;
  const replicas = await arm.list(`${id}/revisions/${revision}/replicas`, apiVersions.containerApps, {}, options);
  return replicas.map((replica) => textAt(replica, 'properties.containers.0.logStreamEndpoint')).find(Boolean);
}

const pollEvery = 2000;

/** Azure gives the last lines each time: only what is new is passed on. */
async function pollGroup({ arm, clock, signal, onText, onState }: StreamedLogs, group: string): Promise<void> {
  const resource = await arm.get(group, apiVersions.containerInstances, { signal });
  const container = textAt(resource, 'properties.containers.0.name');
  if (container === undefined) throw new UserError(`'${nameOf(group)}' has no container`);
  const request = {
    method: 'GET',
    path: `${group}/containers/${container}/logs`,
    apiVersion: apiVersions.containerInstances,
    query: { tail: '500', timestamps: 'true' },
  } as const;
  onState('Connected');
  let known = '';
  while (!signal.aborted) {
    const content = textAt(await arm.send(request, { signal }).catch(ignoreNotReady), 'content') ?? '';
    const fresh = newLines(known, content);
    if (fresh !== '') onText(fresh);
    if (content !== '') known = content;
    await clock.wait(pollEvery, signal);
  }
}

/** What `now` has after the last line that both have; all of it when they have nothing in common. */
export function newLines(before: string, now: string): string {
  if (before === '' || now.startsWith(before)) return now.slice(before.length);
  const last = before.trimEnd().split('\n').at(-1) ?? '';
  const found = last === '' ? -1 : now.lastIndexOf(last);
  return found < 0 ? now : now.slice(found + last.length).replace(/^\r?\n/, '');
}

/** Before the container has started there is nothing to read, which Azure calls an error. */
function ignoreNotReady(error: unknown): undefined {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 404 || status === 409) return undefined;
  throw error;
}
