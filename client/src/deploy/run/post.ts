import { isAzureError } from '../../azure/azure-error.ts';
import { at, type Json } from '../../azure/json.ts';
import type { PostWork } from '../step.ts';
import { says } from './compare.ts';
import type { Context, Ran } from './context.ts';
import { sendWithCare } from './send.ts';

/** How long a call of an earlier life may take to show, before it is taken for one that was never made. */
const patience = [2_000, 4_000, 8_000, 16_000];

export async function runPost(work: PostWork, context: Context): Promise<Ran> {
  const { path, apiVersion } = work;
  const { before, filler, world, signal, onWait } = context;
  if (before?.state === 'done') return 'already';
  if (work.onlyAfter !== undefined && !didSomething(work.onlyAfter, context)) return 'already';
  const isDone = async (): Promise<boolean> => await holds(work, context);
  if (await isDone()) return 'already';
  // A swap done twice is a swap undone: what may be under way gets time to end.
  if (before !== undefined && work.doneWhen !== undefined) {
    for (const pause of patience) {
      onWait('Looking whether it has happened already');
      await world.clock.wait(pause, signal);
      signal.throwIfAborted();
      if (await isDone()) return 'already';
    }
  }
  const body = work.body === undefined ? undefined : ((await filler.fill(work.body)) as Readonly<Record<string, Json>>);
  await sendWithCare({ method: 'POST', path, apiVersion, ...(body && { body }) }, context, { isDone });
  return 'done';
}

/** A step that was begun in an earlier life may have done it then. */
function didSomething(id: string, { recordOf }: Context): boolean {
  const record = recordOf(id);
  return record !== undefined && record.already !== true;
}

async function holds(work: PostWork, { world, filler, signal, onWait }: Context): Promise<boolean> {
  if (work.doneWhen === undefined || work.doneWhen.length === 0) return false;
  for (const condition of work.doneWhen) {
    let found: Json | undefined;
    try {
      found = await world.arm.find(condition.path, condition.apiVersion, { signal, onWait });
    } catch (error) {
      if (isAzureError(error) && error.status === 404) return false;
      throw error;
    }
    const value = at(found, condition.at);
    const key = condition.at.slice(condition.at.lastIndexOf('.') + 1);
    if (condition.is !== undefined && !says(value, await filler.fill(condition.is), key)) return false;
    if (condition.isNot !== undefined && says(value, await filler.fill(condition.isNot), key)) return false;
  }
  return true;
}
