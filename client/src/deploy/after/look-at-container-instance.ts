import { apiVersions } from '../../azure/api-versions.ts';
import { at, isObject, type Json, type JsonObject, textAt } from '../../azure/json.ts';
import { saysUnauthorized } from '../run/refused-pull.ts';
import type { AppPlace } from '../step.ts';
import type { World } from '../world.ts';
import { type Look, tailOf } from './look.ts';

const apiVersion = apiVersions.containerInstances;

/** What Azure tells of the first container that does not run, else of the first one. */
export async function lookAtContainerInstance(
  { group }: Extract<AppPlace, { kind: 'containerInstance' }>,
  { arm }: Pick<World, 'arm'>,
  signal: AbortSignal,
): Promise<Look> {
  const resource = await arm.get(group, apiVersion, { signal });
  const containers = listAt(resource, 'properties.containers');
  const isRunning = (container: JsonObject): boolean => stateOf(container, 'state')?.toLowerCase() === 'running';
  const container = containers.find((one) => !isRunning(one)) ?? containers[0];
  const name = textAt(container, 'name');
  if (container === undefined || name === undefined) return { state: 'starting', lines: [] };

  const path = `${group}/containers/${name}/logs`;
  const log = await arm
    .send({ method: 'GET', path, apiVersion, query: { tail: '40' } }, { signal })
    // Refused until it has started once.
    .catch((): undefined => undefined);
  const lines = tailOf(textAt(log, 'content') ?? '');
  const events = listAt(container, 'properties.instanceView.events').map((event) => textAt(event, 'message') ?? '');
  if (events.some(saysUnauthorized)) return { state: 'pull', reason: 'it may not pull the image', lines };

  const exitCode = at(container, 'properties.instanceView.currentState.exitCode');
  const isOver = stateOf(container, 'state')?.toLowerCase() === 'terminated';
  const policy = textAt(resource, 'properties.restartPolicy')?.toLowerCase() ?? 'always';
  const detail = stateOf(container, 'detailStatus');
  if (isOver && typeof exitCode === 'number') {
    if (exitCode === 0 && policy !== 'always') return { state: 'over', lines };
    const reason = `its container ended with exit code ${exitCode}`;
    return { state: policy === 'never' || exitCode === 0 ? 'broken' : 'starting', reason, lines };
  }
  return { state: 'starting', ...(detail !== undefined && detail !== '' && { reason: detail }), lines };
}

function stateOf(container: JsonObject, what: 'state' | 'detailStatus'): string | undefined {
  return textAt(container, `properties.instanceView.currentState.${what}`);
}

function listAt(value: Json | undefined, path: string): readonly JsonObject[] {
  const list = at(value, path);
  return Array.isArray(list) ? (list as readonly Json[]).filter(isObject) : [];
}
