import type { JsonObject } from '../../azure/json.ts';
import { textAt } from '../../azure/json.ts';
import { openPortal } from '../../azure/explanation.ts';
import { Refused } from '../../azure/refused.ts';
import { nameOf } from '../../azure/resource-id.ts';
import type { Context } from './context.ts';

/** Longer than the slowest thing that is made here, an environment of Container Apps, takes on a bad day. */
const longest = 30 * 60_000;

/**
 * The resource, once nothing is going on with it any more: what a dead run had begun is waited for, not begun again. `undefined` when
 * there is none.
 */
export async function settled(
  path: string,
  apiVersion: string,
  { world, signal, onWait }: Pick<Context, 'world' | 'signal' | 'onWait'>,
): Promise<JsonObject | undefined> {
  const until = world.clock.elapsed() + longest;
  for (let pause = 1_000; ; pause = Math.min(pause * 1.5, 10_000)) {
    signal.throwIfAborted();
    const resource = await world.arm.find(path, apiVersion, { signal, onWait });
    if (resource === undefined || !isInProgress(resource)) return resource;
    if (world.clock.elapsed() > until)
      throw new Refused(
        `'${nameOf(path)}' has not got ready in half an hour: look at it in the portal`,
        openPortal(path),
      );
    onWait(`Waiting for '${nameOf(path)}' (${String(stateOf(resource))})`);
    await world.clock.wait(pause, signal);
  }
}

function isInProgress(resource: JsonObject): boolean {
  const state = stateOf(resource)?.toLowerCase();
  return state !== undefined && !ended.has(state);
}

/** What has no state (sites) is there or not. */
export function endedWell(resource: JsonObject): boolean {
  const state = stateOf(resource)?.toLowerCase();
  return state === undefined || state === 'succeeded';
}

function stateOf(resource: JsonObject): string | undefined {
  return textAt(resource, 'properties.provisioningState');
}

/** `Unhealthy` and the like are what container groups can come to rest in. */
const ended = new Set(['succeeded', 'failed', 'canceled', 'cancelled', 'unhealthy', 'notaccessible', 'notspecified']);
