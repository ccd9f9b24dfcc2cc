import { UserError } from '../ui/user-error.ts';
import { isGivenTarget } from './choose-target.ts';
import { carryOut } from './deploy-command.ts';
import type { Deploying } from './deploying.ts';
import { findUnfinished, type Unfinished } from './unfinished-journals.ts';

/** Goes on with the very plan that was confirmed; every step finds out itself whether it is done. */
export async function resumeDeployment(deploying: Deploying, given: unknown): Promise<void> {
  const { record, folder } = await unfinishedFor(deploying, given);
  const { plan } = record;
  const arm = await deploying.session.arm(plan.target.tenant);
  deploying.plans.show(plan);
  await carryOut(deploying, { folder, target: plan.target, arm, plan });
}

export async function unfinishedFor(deploying: Deploying, given: unknown): Promise<Unfinished> {
  const name = typeof given === 'string' ? given : isGivenTarget(given) ? given.target : undefined;
  const all = await findUnfinished(deploying);
  const found = name === undefined ? all[0] : all.find(({ record }) => record.plan.target.name === name);
  if (found === undefined) throw new UserError('There is no deployment that was interrupted');
  return found;
}
