import { apiVersions } from '../../azure/api-versions.ts';
import { at, isObject, type Json, type JsonObject, textAt } from '../../azure/json.ts';
import { saysUnauthorized } from '../run/refused-pull.ts';
import type { AppPlace } from '../step.ts';
import type { World } from '../world.ts';
import { type Look, tailOf } from './look.ts';

const apiVersion = apiVersions.containerApps;

/** The newest revision's state, and the last lines of one of its replicas. */
export async function lookAtContainerApp(
  { app }: Extract<AppPlace, { kind: 'containerApp' }>,
  { arm }: Pick<World, 'arm'>,
  signal: AbortSignal,
): Promise<Look> {
  const resource = await arm.get(app, apiVersion, { signal });
  const name = textAt(resource, 'properties.latestRevisionName');
  if (name === undefined) return { state: 'starting', lines: [] };
  const revision = await arm.get(`${app}/revisions/${name}`, apiVersion, { signal });
  const state = (path: string): string => textAt(revision, `properties.${path}`)?.toLowerCase() ?? '';
  const lines = await linesOf(app, name, arm, signal).catch((): readonly string[] => []);
  const details = [textAt(revision, 'properties.provisioningError'), textAt(revision, 'properties.runningStateDetails')]
    .filter((text) => text !== undefined && text !== '')
    .join('; ');
  if (saysUnauthorized(details)) return { state: 'pull', reason: 'it may not pull the image', lines };
  const isBroken = state('provisioningState') === 'failed' || state('runningState') === 'failed';
  const reason = details !== '' ? details : isBroken ? `revision '${name}' has failed` : stateText(state);
  return { state: isBroken ? 'broken' : 'starting', ...(reason !== undefined && { reason }), lines };
}

function stateText(state: (path: string) => string): string | undefined {
  if (state('runningState') === 'degraded') return 'its container ends again and again';
  if (state('healthState') === 'unhealthy') return 'its probes fail';
  return undefined;
}

/** From the log endpoint of Container Apps, which takes a token made for this app only. */
async function linesOf(
  app: string,
  revision: string,
  arm: World['arm'],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const replicas = await arm.send(
    { method: 'GET', path: `${app}/revisions/${revision}/replicas`, apiVersion },
    { signal },
  );
  const endpoint = containersIn(replicas)
    .map((container) => textAt(container, 'logStreamEndpoint'))
    .find((url) => url !== undefined);
  if (endpoint === undefined) return [];
  const granted = await arm.send({ method: 'POST', path: `${app}/getAuthtoken`, apiVersion }, { signal });
  const token = textAt(granted, 'properties.token');
  if (token === undefined) return [];
  const url = new URL(endpoint);
  url.searchParams.set('follow', 'false');
  url.searchParams.set('tailLines', '40');
  url.searchParams.set('output', 'text');
  // One that follows all the same has said enough after a while.
  const enough = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  let text = '';
  try {
    for await (const part of arm.stream(url.href, { as: { token }, signal: enough })) text += part;
  } catch (error) {
    if (signal.aborted || text === '') throw error;
  }
  return tailOf(text);
}

function containersIn(replicas: Json | undefined): readonly JsonObject[] {
  return listAt(replicas, 'value').flatMap((replica) => listAt(replica, 'properties.containers'));
}

function listAt(value: Json | undefined, path: string): readonly JsonObject[] {
  const list = at(value, path);
  return Array.isArray(list) ? (list as readonly Json[]).filter(isObject) : [];
}
