import { apiVersions } from '../../azure/api-versions.ts';
import { wait } from '../../azure/explanation.ts';
import { Refused } from '../../azure/refused.ts';
import { textAt } from '../../azure/json.ts';
import { subscriptionId } from '../../azure/resource-id.ts';
import type { Context, Ran } from './context.ts';

const longest = 15 * 60_000;

/** Registers a resource provider and waits until it is; registering twice is registering once. */
export async function register(namespace: string, { plan, world, signal, onWait }: Context): Promise<Ran> {
  const path = `${subscriptionId(plan.target.subscription)}/providers/${namespace}`;
  const apiVersion = apiVersions.resources;
  const state = async (): Promise<string> =>
    (textAt(await world.arm.get(path, apiVersion, { signal, onWait }), 'registrationState') ?? '').toLowerCase();

  const first = await state();
  if (first === 'registered') return 'already';
  if (first !== 'registering') {
    await world.arm.send({ method: 'POST', path: `${path}/register`, apiVersion }, { signal, onWait });
  }
  const until = world.clock.elapsed() + longest;
  for (let pause = 1_000; (await state()) !== 'registered'; pause = Math.min(pause * 1.5, 10_000)) {
    if (world.clock.elapsed() > until)
      throw new Refused(`Azure is still registering '${namespace}': resume in a few minutes`, wait(180));
    onWait(`Waiting for '${namespace}' to be registered`);
    await world.clock.wait(pause, signal);
    signal.throwIfAborted();
  }
  return 'done';
}
