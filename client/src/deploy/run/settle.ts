import { textAt } from '../../azure/json.ts';
import type { Work } from '../step.ts';
import { assignmentsOf } from './role.ts';
import type { Context, Ran } from './context.ts';

/** A new role needs minutes to be known in all of Azure. Nothing to wait for when it was given long ago. */
export async function runSettle(work: Extract<Work, { do: 'settle' }>, context: Context): Promise<Ran> {
  const { world, signal, onWait } = context;
  let until = 0;
  for (const id of work.roles) until = Math.max(until, (await givenAt(id, context)) + work.seconds * 1_000);
  // Clocks differ: whatever Azure's says, it is never longer than this.
  const wait = Math.min(until - world.clock.now(), work.seconds * 1_000);
  if (wait <= 0) return 'already';
  const begun = world.clock.elapsed();
  for (let left = wait; left > 0; left = wait - (world.clock.elapsed() - begun)) {
    onWait(`Giving new roles ${Math.ceil(left / 1_000)} more seconds to reach all of Azure`);
    await world.clock.wait(Math.min(left, 5_000), signal);
    signal.throwIfAborted();
  }
  return 'done';
}

/** By our own clock if this deployment gave it, else by Azure's. 0 for one that is not there or given at a time nobody knows. */
async function givenAt(id: string, context: Context): Promise<number> {
  const record = context.recordOf(id);
  if (record?.state === 'done' && record.created !== undefined) return Date.parse(record.at);
  const step = context.plan.steps.find((other) => other.id === id);
  if (step?.do !== 'role') return 0;
  const principal = await context.filler.text(step.principal);
  const times = (await assignmentsOf(step.scope, step.role, principal, context)).map((assignment) =>
    Date.parse(textAt(assignment, 'properties.createdOn') ?? ''),
  );
  // One that holds for long is enough, whatever else was given since.
  const first = Math.min(...times.filter((time) => !Number.isNaN(time)));
  return Number.isFinite(first) ? first : 0;
}
