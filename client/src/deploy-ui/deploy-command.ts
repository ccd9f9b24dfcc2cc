import { join } from 'node:path';
import { commands, env, ProgressLocation, Uri, window, type WorkspaceFolder } from 'vscode';
import { accountOf } from '../azure/account.ts';
import { apiVersions } from '../azure/api-versions.ts';
import type { Arm } from '../azure/arm.ts';
import { explain } from '../azure/explain.ts';
import { textAt } from '../azure/json.ts';
import type { Target } from '../deploy/choices.ts';
import { alone } from '../deploy/alone.ts';
import { execute } from '../deploy/execute.ts';
import type { Facts } from '../deploy/facts.ts';
import { gather } from '../deploy/gather.ts';
import { fileJournal, journalName } from '../deploy/journal.ts';
import { idsOf } from '../deploy/plan/ids.ts';
import { makePlan } from '../deploy/plan/make-plan.ts';
import type { Plan } from '../deploy/plan.ts';
import type { DeployEvent, Outcome } from '../deploy/world.ts';
import { Cancelled } from '../tools/command.ts';
import { UserError } from '../ui/user-error.ts';
import { askTarget } from './ask-target.ts';
import { choicesOf, saveTarget, showTarget } from './choices-file.ts';
import { chooseFolder, chooseTarget, type GivenTarget } from './choose-target.ts';
import type { Deploying } from './deploying.ts';
import { journalsOf } from './journals.ts';
import { tellError, type Asked } from './ui.ts';
import { whatToBuild } from './what-to-build.ts';
import { worldOf } from './world.ts';

/** Facts, plan, page, confirmation, execution. The second time nothing is asked but whether the plan is right. */
export async function deploy(deploying: Deploying, given: unknown): Promise<void> {
  const place = await targetFor(deploying, given);
  await planAndCarryOut(deploying, place, makePlan, { id: 'shipshape.deploy', given: toBeGiven(place) });
}

/** Reads the facts, shows the plan that follows from them, and executes it when the user says so. */
export async function planAndCarryOut(
  deploying: Deploying,
  place: Place,
  planFrom: (target: Target, facts: Facts) => Plan,
  asked: Asked,
): Promise<void> {
  const arm = await deploying.session.arm(place.target.tenant);
  const plan = planFrom(place.target, await factsFor(deploying, arm, place));
  if (!(await deploying.plans.confirm(plan))) return;
  const refused = (error: unknown): void => deploying.plans.notBegun(plan, explain(error).message);
  await carryOut(deploying, { ...place, arm, plan, asked }, refused);
}

/** A target that is there already. */
export async function existingTarget(
  given: unknown,
  title: string,
  kinds?: readonly Target['app']['kind'][],
): Promise<Place> {
  const folder = await chooseFolder(given);
  const choices = await choicesOf(folder);
  const targets = choices.targets.filter(({ app }) => kinds?.includes(app.kind) !== false);
  if (targets.length === 0 && choices.targets.length > 0)
    throw new UserError(`No target of this folder can do that: ${title}`);
  const name = await chooseTarget({ targets, broken: [] }, given, { mayAdd: false });
  const target = choices.targets.find((each) => each.name === name);
  if (target === undefined) throw new UserError(`There is no target '${name}' in '.shipshape/deploy.yaml'`);
  return { folder, target };
}

export interface Place {
  readonly folder: WorkspaceFolder;
  readonly target: Target;
}

export interface Deployment extends Place {
  readonly arm: Arm;
  readonly plan: Plan;
  /** What was asked for, to be asked for again. */
  readonly asked: Asked;
}

async function targetFor(deploying: Deploying, given: unknown): Promise<Place> {
  const folder = await chooseFolder(given);
  const choices = await choicesOf(folder);
  const chosen = await chooseTarget(choices, given, { mayAdd: true });
  if (chosen !== 'new') {
    const broken = choices.broken.find(({ name }) => name === chosen);
    if (broken) {
      const action = { title: 'Open the file', run: () => showTarget(folder, broken.name) };
      throw new UserError(`The target '${broken.name}' is not whole: ${broken.message}`, action);
    }
    const target = choices.targets.find(({ name }) => name === chosen);
    if (target) return { folder, target };
  }
  const target = await askTarget(deploying.session, {
    project: folder.name,
    ...(await whatToBuild(deploying.parts, folder, given, 'Deploy to Azure')),
    hasDocker: await deploying.parts.tool().then(
      () => true,
      () => false,
    ),
    taken: choices.targets.map(({ name }) => name),
  });
  await saveTarget(folder, target);
  await commands.executeCommand('setContext', 'shipshape.hasDeployments', true);
  return { folder, target };
}

/** Asked for again, nothing is asked that has been answered. */
function toBeGiven({ folder, target }: Place): GivenTarget {
  return { folder, target: target.name };
}

/** Everything a plan depends on, read in front of the user; nothing is changed. */
async function factsFor({ run, parts }: Deploying, arm: Arm, { folder, target }: Place): Promise<Facts> {
  const title = `Planning '${target.name}'`;
  return await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      const { signal } = controller;
      const say = (message: string): void => progress.report({ message });
      const from = { arm, target, folder: folder.uri.fsPath, run, tool: parts.tool, signal };
      const facts = await gather({ ...from, onPart: say, onWait: say });
      if (signal.aborted) throw new Cancelled();
      return facts;
    },
  );
}

/** Executes a plan that was confirmed, in front of the user. */
export async function carryOut(
  deploying: Deploying,
  deployment: Deployment,
  refused?: (error: unknown) => void,
): Promise<void> {
  const { plan, target } = deployment;
  let outcome: Outcome;
  try {
    outcome = await alone(target, { from: 'the editor', doing: 'deployed' }, () => run(deploying, deployment));
  } catch (error) {
    refused?.(error);
    throw error;
  }
  deploying.plans.finished(plan, outcome);
  deploying.changed();
  await tell(deploying, outcome, deployment);
}

async function run(deploying: Deploying, deployment: Deployment): Promise<Outcome> {
  const { plan } = deployment;
  deploying.plans.show(plan);
  return await withProgress(deploying, plan, async (signal, stop, onEvent) => {
    const world = worldOf(deploying, deployment, fileJournal(journalOf(deploying, plan.target)), signal);
    return await execute(plan, world, { signal, stop, onEvent });
  });
}

function journalOf({ parts }: Deploying, target: Target): string {
  return join(journalsOf(parts.context), `${journalName(target)}.json`);
}

async function withProgress(
  deploying: Deploying,
  plan: Plan,
  run: (signal: AbortSignal, stop: AbortSignal, onEvent: (event: DeployEvent) => void) => Promise<Outcome>,
): Promise<Outcome> {
  const { output, plans } = deploying;
  const titles = new Map(plan.steps.map((step) => [step.id, step.title]));
  const steps = plan.steps.filter(({ effect }) => effect !== 'leave');
  const title = plan.title ?? `Deploying '${plan.target.name}'`;
  const options = {
    location: ProgressLocation.Notification,
    title,
    cancellable: true,
  };
  output.info(title);
  return await window.withProgress(options, async (progress, token) => {
    const now = new AbortController();
    const stop = new AbortController();
    token.onCancellationRequested(() => void askHowToStop(stop, now));
    let done = 0;
    const onEvent = (event: DeployEvent): void => {
      const step = titles.get(event.step) ?? event.step;
      plans.progress(plan, event);
      switch (event.kind) {
        case 'begin':
          output.info(step);
          progress.report({ message: `${Math.min(done + 1, steps.length)}/${steps.length} ${step}` });
          return;
        case 'wait':
          output.info(`${step}: ${event.message}`);
          progress.report({ message: `${Math.min(done + 1, steps.length)}/${steps.length} ${event.message}` });
          return;
        case 'log':
          output.append(event.text);
          return;
        case 'done':
          done++;
          progress.report({ increment: 100 / steps.length });
          output.info(`${step}: ${event.already ? 'was done already' : 'done'}`);
          return;
        case 'failed':
          output.error(`${step}: ${event.message}`);
      }
    };
    return await run(now.signal, stop.signal, onEvent);
  });
}

/** The notification is gone when this is asked, so nothing is stopped by going away from the question. */
async function askHowToStop(stop: AbortController, now: AbortController): Promise<void> {
  stop.abort();
  const title = 'Stop now';
  const message = 'It stops after the step that is under way';
  if ((await window.showInformationMessage(message, title)) === title) now.abort();
}

async function tell(deploying: Deploying, outcome: Outcome, deployment: Deployment): Promise<void> {
  const { plan, folder } = deployment;
  const { name } = plan.target;
  const journal = journalOf(deploying, plan.target);
  const resume = (): Thenable<unknown> => commands.executeCommand('shipshape.resumeDeployment', journal);
  const cleanUp = (): Thenable<unknown> => commands.executeCommand('shipshape.cleanUpDeployment', journal);
  switch (outcome.kind) {
    case 'deployed': {
      await remember(deploying, deployment, outcome).catch((error: unknown) =>
        deploying.output.warn(`What was deployed cannot be rolled back to from here: ${explain(error).message}`),
      );
      const done = plan.title === undefined ? `'${name}' is deployed` : `Done: ${plan.title}`;
      const [open, logs] = ['Open', 'Stream logs'];
      const warnings = outcome.warnings.map((warning) => `. ${warning}`).join('');
      const actions = outcome.url === undefined ? [logs] : [open, logs];
      const answer = await window.showInformationMessage(`${done}${warnings}`, ...actions);
      if (answer === open && outcome.url !== undefined) await env.openExternal(Uri.parse(outcome.url));
      if (answer === logs) await commands.executeCommand('shipshape.streamLogs', { folder, target: name });
      return;
    }
    case 'stopped': {
      const answer = await window.showInformationMessage(
        plan.title === undefined ? `The deployment of '${name}' has stopped` : `Stopped: ${plan.title}`,
        'Resume',
        'Clean up …',
      );
      if (answer === 'Resume') await resume();
      if (answer === 'Clean up …') await cleanUp();
      return;
    }
    case 'failed': {
      await tellError(deploying, deployment.asked, outcome.error, [
        { title: 'Resume', run: resume },
        { title: 'Clean up …', run: cleanUp },
      ]);
    }
  }
}

/** Swaps and the like build nothing, so that there is nothing to go back to. */
async function remember(
  { records }: Deploying,
  { arm, plan }: Deployment,
  { url, digest }: Extract<Outcome, { kind: 'deployed' }>,
): Promise<void> {
  const { target, image, commit } = plan;
  if (image === '') return;
  const ids = idsOf(target);
  // What is deployed is deployed, whoever it was.
  const by = await arm.token().then(accountOf, () => undefined);
  await records.add({
    target: target.name,
    kind: target.app.kind,
    app: ids.app,
    image: `${await addressOf(arm, ids.registry)}/${image.slice(image.indexOf('/') + 1)}`,
    at: Date.now(),
    ...(target.app.kind === 'appService' && target.app.slot !== undefined && { slot: target.app.slot }),
    ...(digest !== undefined && { digest }),
    ...(commit && { commit: commit.full, isDirty: commit.isDirty }),
    ...(url !== undefined && { url }),
    ...(by !== undefined && { by }),
  });
}

/** A registry that was only planned had an address that nobody could know for sure. */
async function addressOf(arm: Arm, registry: string): Promise<string> {
  return textAt(await arm.find(registry, apiVersions.registries), 'properties.loginServer') ?? '';
}
