import { isAzureError } from '../../azure/azure-error.ts';
import { at, isObject, type JsonObject } from '../../azure/json.ts';
import { isSameId, nameOf } from '../../azure/resource-id.ts';
import { holdsSecret } from '../fill.ts';
import type { Work } from '../step.ts';
import type { Value } from '../value.ts';
import { says } from './compare.ts';
import { type Context, PlanOutdated, type Ran } from './context.ts';
import { sendWithCare } from './send.ts';
import { endedWell, settled } from './state.ts';

export async function runPut(work: Extract<Work, { do: 'put' }>, context: Context): Promise<Ran> {
  const { path, apiVersion } = work;
  const { step, world, filler, before, signal, onWait } = context;
  const wanted = comparable(await filler.fillVisible(work.body));
  const isThere = async (): Promise<JsonObject | undefined> => {
    const found = await settled(path, apiVersion, context);
    return found && (await whole(found, work.body, path, context));
  };
  // Nobody can see whether these are as they should be: a change of them is made, unless it is known that it was.
  const isBlind = step.effect === 'change' && before?.state !== 'done' && (wanted.hidden || holdsSecret(work.body));

  const actual = await isThere();
  if (actual !== undefined && endedWell(actual)) {
    if (!isBlind && says(actual, wanted.value)) return 'already';
    // Later steps of the same plan have changed it further.
    if (before?.state === 'done') return 'already';
  }
  const isPart = /\/config\/[^/]+$/i.test(path);
  // What takes the place of what this plan takes away was not made by it, as far as giving up goes.
  const isSuccessor = context.plan.steps.some((other) => other.do === 'delete' && isSameId(other.path, path));
  if (actual === undefined && !isPart && !isSuccessor) await context.creates(path);
  else if (actual !== undefined && step.effect === 'create' && !isPart && !isSuccessor && !isOurs(context, path))
    throw new PlanOutdated(nameOf(path));

  try {
    const body = (await filler.fill(work.body)) as JsonObject;
    await sendWithCare({ method: 'PUT', path, apiVersion, body }, context, {
      isDone: async () => {
        const now = await isThere();
        return now !== undefined && endedWell(now) && !isBlind && says(now, wanted.value);
      },
    });
  } catch (error) {
    // Refused outright: then we made nothing, and must not offer to delete what somebody else makes there later.
    if (isAzureError(error) && error.status !== 0 && !signal.aborted && actual === undefined) {
      const made = await world.arm.find(path, apiVersion, { signal, onWait }).catch(() => ({}));
      if (made === undefined) await context.creates(undefined);
    }
    throw error;
  }
  return 'done';
}

function isOurs({ before }: Context, path: string): boolean {
  return before?.created !== undefined && isSameId(before.created, path);
}

/** A site gives back little of its configuration with itself; the rest is a resource of its own. */
async function whole(found: JsonObject, body: Value, path: string, context: Context): Promise<JsonObject> {
  const { world, signal, onWait } = context;
  const isSite = /\/providers\/Microsoft\.Web\/sites\/[^/]+(?:\/slots\/[^/]+)?$/i.test(path);
  if (!isSite || !isObject(body) || !isObject(at(body, 'properties.siteConfig'))) return found;
  const { apiVersion } = context.step as Extract<Work, { do: 'put' }>;
  const config = await world.arm.find(`${path}/config/web`, apiVersion, { signal, onWait });
  const properties = at(found, 'properties');
  return {
    ...found,
    properties: { ...(isObject(properties) ? properties : {}), siteConfig: at(config, 'properties') ?? {} },
  };
}

/** Without what Azure never gives back even if it is no secret: the app settings and connection strings of a new site. */
function comparable(body: Value): { readonly value: Value; readonly hidden: boolean } {
  const config = isObject(body) ? at(body, 'properties.siteConfig') : undefined;
  if (!isObject(body) || !isObject(config) || config['appSettings'] === undefined)
    return { value: body, hidden: false };
  const { appSettings: _, connectionStrings: __, ...rest } = config;
  const properties = body['properties'] as JsonObject;
  return { value: { ...body, properties: { ...properties, siteConfig: rest } }, hidden: true };
}
