import { workspace } from 'vscode';
import { beginning } from '../deploy/unfinished.ts';
import { carryOut } from './deploy-command.ts';
import type { Deploying } from './deploying.ts';
import type { Asked } from './ui.ts';
import { chooseUnfinished } from './unfinished.ts';

/** Goes on with the very plan that was confirmed; every step finds out itself whether it is done. */
export async function resumeDeployment(deploying: Deploying, given: unknown): Promise<void> {
  const unfinished = await chooseUnfinished(deploying, given, 'Resume a deployment');
  const folder = beginning(unfinished, workspace.workspaceFolders ?? []);
  const { plan } = unfinished.record;
  const arm = await deploying.session.arm(plan.target.tenant);
  // To plan again is the way on where a plan has become outdated; what else there was to do is known only to whoever asked for it.
  const asked: Asked =
    plan.title === undefined
      ? { id: 'shipshape.deploy', given: { folder, target: plan.target.name } }
      : { id: 'shipshape.resumeDeployment', given: unfinished.file };
  await carryOut(deploying, { folder, target: plan.target, arm, plan, asked });
}
