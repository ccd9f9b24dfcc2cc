import { apiVersions } from '../../azure/api-versions.ts';
import type { Arm } from '../../azure/arm.ts';
import { isAzureError } from '../../azure/azure-error.ts';
import { at, textAt, type Json } from '../../azure/json.ts';
import { nameOf } from '../../azure/resource-id.ts';
import { Cancelled } from '../../tools/command.ts';
import { UserError } from '../../ui/user-error.ts';
import type { AppPlace } from '../step.ts';
import type { Clock } from '../world.ts';
import { findReplica } from './find-replica.ts';
import { createRepeats } from './repeats.ts';

export interface StreamedLogs {
  readonly arm: Arm;
  readonly app: AppPlace;
  /** Container app: of this revision, else of the one that gets the most requests and runs. */
  readonly revision?: string | undefined;
  /** Container app: what the platform does, instead of what the app says; a JSON object a line, see `event-line.ts`. */
  readonly events?: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
  /** What goes on besides: connected, ended by Azure, no replica runs. */
  readonly onState: (message: string) => void;
}

/** Streams an app's logs until it is told to stop; goes on by itself when Azure ends a stream, as it does with quiet ones. */
export async function streamLogs(logs: StreamedLogs): Promise<void> {
  const { signal, app } = logs;
  try {
    if (app.kind === 'containerInstance') await pollGroup(logs, app.group);
    else
      await connectAgainAndAgain(logs, () =>
        app.kind === 'appService' ? siteSource(logs, app) : appSource(logs, app),
      );
  } catch (error) {
    if (!signal.aborted && !(error instanceof Cancelled)) throw error;
  }
}

const shortest = 1000;
const longest = 15_000;
/** How often we look whether a sleeping app has been woken. */
const nap = 5000;
/** A replica may go between being found and being asked, but not each time. */
const mostMisses = 5;

async function connectAgainAndAgain(logs: StreamedLogs, sourceOf: () => Promise<Source | undefined>): Promise<void> {
  const { arm, signal, clock, onText } = logs;
  const repeats = createRepeats();
  const show = (text: string): void => {
    if (text !== '') onText(text);
  };
  const say = sayer(logs.onState);
  const isStopped = (): boolean => signal.aborted;
  let [pause, misses, wasOpen] = [shortest, 0, false];
  while (!isStopped()) {
    const since = clock.elapsed();
    let isOpen = false;
    try {
      const source = await sourceOf();
      if (source === undefined) {
        say('No replica runs: the app sleeps until somebody asks it');
        await clock.wait(nap, signal);
        continue;
      }
      for await (const text of arm.stream(source.url, { as: source.as, signal })) {
        if (!isOpen) {
          say(source.what);
          show(repeats.opened());
        }
        isOpen = wasOpen = true;
        show(repeats.pass(text));
      }
      misses = 0;
      if (!isStopped()) say('Azure has ended the stream: connecting again');
    } catch (error) {
      if (isStopped() || !isAzureError(error)) throw error;
      const isGone = error.status === 404 && logs.app.kind === 'containerApp' && ++misses <= mostMisses;
      const isLost = error.status === 0 && wasOpen;
      if (!isGone && !isLost) throw error;
      say('The connection is lost: connecting again');
    }
    // A stream that ends at once is no stream: do not ask without a pause.
    pause = isOpen && clock.elapsed() - since > longest ? shortest : Math.min(pause * 2, longest);
    if (!isStopped()) await clock.wait(pause, signal);
  }
}

/** Says nothing twice in a row. */
function sayer(onState: (message: string) => void): (message: string) => void {
  let last = '';
  return (message) => {
    if (message !== last) onState(message);
    last = message;
  };
}

interface Source {
  readonly url: string;
  readonly as: { readonly audience: string } | { readonly token: string };
  /** For the user, who it is that speaks. */
  readonly what: string;
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
  return { url: `https://${host}/api/logstream`, as: { audience: arm.cloud.audience }, what: 'Connected' };
}

async function appSource(
  logs: StreamedLogs,
  { app }: AppPlace & { kind: 'containerApp' },
): Promise<Source | undefined> {
  const { arm, signal, events, revision } = logs;
  const resource = await arm.get(app, apiVersions.containerApps, { signal });
  const eventStream = textAt(resource, 'properties.eventStreamEndpoint');
  if (events === true && eventStream === undefined) throw new UserError(`'${nameOf(app)}' tells no events`);
  const replica = events === true ? undefined : await findReplica(arm, resource, revision, { signal });
  const url = eventStream !== undefined && events === true ? eventStream : replica?.logs;
  if (url === undefined) return undefined;
  const request = { method: 'POST', path: `${app}/getAuthtoken`, apiVersion: apiVersions.containerApps } as const;
  const token = textAt(await arm.send(request, { signal }), 'properties.token');
  if (token === undefined) throw new UserError('Azure gave no token for the logs: try again');
  const what = replica === undefined ? 'Connected' : `Connected to revision '${replica.revision}'`;
  return { url: following(url), as: { token }, what };
}

function following(address: string): string {
  const url = new URL(address);
  for (const [name, value] of [
    ['follow', 'true'],
    ['tailLines', '100'],
    ['output', 'text'],
  ] as const)
    url.searchParams.set(name, value);
  return url.href;
}

const pollEvery = 2000;

/** Azure gives the last lines each time: only what is new is passed on. */
async function pollGroup({ arm, clock, signal, onText, onState }: StreamedLogs, group: string): Promise<void> {
  const say = sayer(onState);
  const resource = await arm.get(group, apiVersions.containerInstances, { signal });
  const container = textAt(resource, 'properties.containers.0.name');
  if (container === undefined) throw new UserError(`'${nameOf(group)}' has no container`);
  const request = {
    method: 'GET',
    path: `${group}/containers/${container}/logs`,
    apiVersion: apiVersions.containerInstances,
    query: { tail: '500', timestamps: 'true' },
  } as const;
  let known = '';
  while (!signal.aborted) {
    const answer = await arm.send(request, { signal }).catch(ignoreNotReady);
    const content = textAt(answer, 'content') ?? '';
    say(answer === undefined ? 'It does not run, so that there is no log: waiting' : 'Connected');
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
  if (isAzureError(error) && (error.status === 404 || error.status === 409)) return undefined;
  throw error;
}
