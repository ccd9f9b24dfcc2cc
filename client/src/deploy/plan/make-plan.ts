import type { Target } from '../choices.ts';
import type { Facts } from '../facts.ts';
import type { Plan } from '../plan.ts';

/** What has to be done for the app to run as the target says: pure, so that what is shown is what will be done. */
export function makePlan(target: Target, facts: Facts): Plan {
  return { version: 1, id: facts.readAt, target, image: '', steps: [], warnings: [], blockers: [] };
}
