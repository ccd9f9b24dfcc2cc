import { planAgain } from '../../azure/explanation.ts';
import { Refused } from '../../azure/refused.ts';
import { isObject, type Json, type JsonObject } from '../../azure/json.ts';
import { nameOf } from '../../azure/resource-id.ts';
import { holdsSecret } from '../fill.ts';
import type { Edit, UpdateWork } from '../step.ts';
import type { Value } from '../value.ts';
import { says } from './compare.ts';
import { type Context, PlanOutdated, type Ran } from './context.ts';
import { branches, valueAt, withValue } from './edits.ts';
import { withoutReadOnly } from './read-only.ts';
import { sendWithCare } from './send.ts';
import { endedWell, settled } from './state.ts';

/** Reads, makes the edits and nothing else, and sends back what has to be sent. */
export async function runUpdate(work: UpdateWork, context: Context): Promise<Ran> {
  const { path, apiVersion, method } = work;
  const edits = await visible(work.edits, context);

  const actual = await settled(path, apiVersion, context);
  if (actual === undefined) throw new Refused(`'${nameOf(path)}' is not there any more: plan again`, planAgain);
  if (endedWell(actual) && isDone(actual, edits, context)) return 'already';
  checkUnchanged(actual, edits, path, context);

  let edited: JsonObject = actual;
  for (const { at, to } of work.edits) {
    edited = withValue(edited, at, to === undefined ? undefined : await context.filler.fill(to)) as JsonObject;
  }
  if (work.keep !== undefined) edited = await withSecrets(edited, work.keep, work, context);
  const removed = work.edits.filter((edit) => edit.to === undefined).map((edit) => edit.at);
  const body = method === 'PATCH' ? branches(edited, work.send, removed) : withoutReadOnly(edited);
  await sendWithCare({ method, path, apiVersion, body }, context, {
    isDone: async () => {
      const now = await settled(path, apiVersion, context);
      return now !== undefined && endedWell(now) && isDone(now, edits, context);
    },
  });
  return 'done';
}

interface VisibleEdit {
  readonly at: string;
  readonly from?: Value;
  /** Secrets are still places. */
  readonly to: Value | undefined;
}

async function visible(edits: readonly Edit[], { filler }: Context): Promise<readonly VisibleEdit[]> {
  const found: VisibleEdit[] = [];
  for (const { at, from, to } of edits) {
    found.push({
      at,
      ...(from !== undefined && { from: await filler.fillVisible(from) }),
      to: to === undefined ? undefined : await filler.fillVisible(to),
    });
  }
  return found;
}

/** Secrets cannot be seen: that they are set is known only from the journal. */
function isDone(actual: JsonObject, edits: readonly VisibleEdit[], { before }: Context): boolean {
  return edits.every((edit) => {
    if (edit.to !== undefined && holdsSecret(edit.to) && before?.state !== 'done') return false;
    const value = valueAt(actual, edit.at);
    // What only takes something away, such as a label, is said by what there was before as well.
    const isLess = edit.from !== undefined && !isAs(edit.to as Json | undefined, edit.from, edit.at);
    return isAs(value, edit.to, edit.at) && !(isLess && isAs(value, edit.from, edit.at));
  });
}

function checkUnchanged(actual: JsonObject, edits: readonly VisibleEdit[], path: string, { before }: Context): void {
  for (const { at, from, to } of edits) {
    if (from === undefined || before?.state === 'done') continue;
    const value = valueAt(actual, at);
    if (!isAs(value, from, at) && !isAs(value, to, at)) throw new PlanOutdated(nameOf(path));
  }
}

function isAs(actual: Json | undefined, wanted: Value | undefined, at: string): boolean {
  return says(actual, wanted ?? null, /[^.[\]]+$/.exec(at)?.[0] ?? '');
}

/** Secrets that Azure keeps to itself when it gives the resource: sent back without them they would be lost. */
async function withSecrets(
  edited: JsonObject,
  { path, into }: NonNullable<UpdateWork['keep']>,
  { apiVersion, edits }: UpdateWork,
  { world, scrubber, signal, onWait }: Context,
): Promise<JsonObject> {
  const answer = await world.arm.send({ method: 'POST', path, apiVersion }, { signal, onWait });
  const listed = valueAt(answer, 'value') ?? valueAt(answer, into) ?? [];
  scrubber.hideAll(valuesIn(listed));
  let merged: JsonObject = edited;
  for (const secret of Array.isArray(listed) ? (listed as readonly Json[]) : []) {
    const name = isObject(secret) ? secret['name'] : undefined;
    if (typeof name !== 'string' || !isObject(secret)) continue;
    const place = `${into}[name=${name}]`;
    const now = valueAt(merged, place);
    // Taken away by this very step, or given a new value by it.
    if (now === undefined || edits.some((edit) => edit.at.startsWith(place) && edit.to !== undefined)) continue;
    merged = withValue(merged, place, { ...secret, ...(isObject(now) ? now : {}) }) as JsonObject;
  }
  return merged;
}

function valuesIn(listed: Json): Json {
  if (!Array.isArray(listed)) return [];
  return (listed as readonly Json[]).map((secret) => (isObject(secret) ? (secret['value'] ?? '') : ''));
}
