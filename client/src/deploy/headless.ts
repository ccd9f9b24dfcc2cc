import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { chinaCloud, governmentCloud, publicCloud, type Cloud } from '../azure/cloud.ts';
import { connect } from '../azure/connect.ts';
import { createCredential, type CredentialKind } from '../azure/credentials.ts';
import { customCloud } from '../azure/custom-cloud.ts';
import { explain } from '../azure/explain.ts';
import { findTool } from '../container/find-tool.ts';
import type { Keeper } from '../process/run.ts';
import { createImages } from '../registry/images.ts';
import type { Run } from '../tools/command.ts';
import { UserError } from '../ui/user-error.ts';
import type { Target } from './choices.ts';
import { askApp, clock } from './clock.ts';
import { describePlan, planText } from './describe.ts';
import { execute } from './execute.ts';
import { fileJournal } from './journal.ts';
import { makePlan } from './plan/make-plan.ts';
import type { Plan } from './plan.ts';
import { deployFilePath, readChoices } from './read-choices.ts';
import { readFacts } from './read-facts.ts';
import { readSource } from './read-source.ts';
import type { DeployEvent, Journal, JournalRecord, Outcome, World } from './world.ts';

export { explain };

/** A deployment without an editor: for pipelines, from the same choices by the same planner. */
export interface HeadlessOptions {
  /** The folder with `.shipshape/deploy.yaml` in it. */
  readonly folder: string;
  /** By its name; the only one when not given. */
  readonly target?: string;
  readonly apply: boolean;
  readonly format: 'text' | 'json';
  /** Whether a plan with something to do is told by its exit code. */
  readonly exitCode: boolean;
  readonly signIn: CredentialKind;
  readonly cloud: 'public' | 'usGovernment' | 'china' | { readonly endpoint: string };
  /** Remembers how far it came, for clean-up; a pipeline that runs again goes on without it as well. */
  readonly journal?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run: Run;
  readonly keeper: Keeper;
  readonly signal: AbortSignal;
  /** The result: a plan, or what was deployed. */
  readonly write: (text: string) => void;
  /** What goes on meanwhile, a line each. */
  readonly say: (text: string) => void;
}

/** 0: as wished, 1: Azure or the app refuses, 3: planned, and there is something to do, if that is asked for. Throws what was wrong before that. */
export async function deployHeadless(options: HeadlessOptions): Promise<0 | 1 | 3> {
  const { folder, run, keeper, signal, say, apply, format, write } = options;
  const target = await readTarget(options);
  const tool = (): ReturnType<typeof findTool> => findTool(run, { kind: 'auto' }, signal);
  const cloud = await cloudOf(options.cloud);
  const credential = createCredential(options.signIn, {
    cloud,
    tenant: target.tenant,
    environment: options.environment,
    ...(options.signIn === 'deviceCode' && {
      onDeviceCode: ({ code, url }) => say(`To sign in, enter the code ${code} at ${url}`),
    }),
  });
  const arm = connect({ cloud, credential, tenant: target.tenant });
  const source = await readSource({ folder, image: target.image, run, tool, signal });
  const facts = await readFacts(arm, target, source, { signal, onWait: say });
  const plan = makePlan(target, facts);
  const hasWork = plan.steps.some(({ effect }) => effect === 'create' || effect === 'change');
  if (!apply || plan.blockers.length > 0) {
    write(
      format === 'json'
        ? `${JSON.stringify({ plan, description: describePlan(plan) }, undefined, 2)}\n`
        : planText(plan),
    );
    return plan.blockers.length > 0 ? 1 : hasWork && options.exitCode ? 3 : 0;
  }
  if (format === 'text') say(planText(plan));
  const world: World = {
    arm,
    clock,
    ask: askApp,
    secret: (name) => secretOf(target, name, options.environment),
    journal: options.journal === undefined ? memoryJournal() : fileJournal(options.journal),
    images: createImages({ arm, folder, run, keeper, tool, wait: clock.wait }),
  };
  const titles = new Map(plan.steps.map(({ id, title }) => [id, title]));
  const outcome = await execute(plan, world, { signal, onEvent: (event) => tell(event, titles, say) });
  return report(outcome, plan, options);
}

async function readTarget({ folder, target: wanted, say }: HeadlessOptions): Promise<Target> {
  const file = join(folder, deployFilePath);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const shown = relative(process.cwd(), file) || file;
  if (text === undefined) throw new UserError(`There is no '${shown}': deploy from the editor once, or write it`);
  const { targets, broken } = readChoices(text);
  for (const { name, message } of broken) say(`${shown}: '${name}': ${message}`);
  const [first] = targets;
  const found = wanted === undefined ? first : targets.find(({ name }) => name === wanted);
  const names = targets.map(({ name }) => `'${name}'`).join(', ');
  if (wanted !== undefined && found === undefined) {
    const reason = broken.some(({ name }) => name === wanted) ? 'is not whole' : 'is not there';
    throw new UserError(`The target '${wanted}' ${reason}${names === '' ? '' : `: there is ${names}`}`);
  }
  if (found === undefined) throw new UserError(`'${shown}' has no target that is whole`);
  if (wanted === undefined && targets.length > 1) throw new UserError(`Say which target with '--target': ${names}`);
  return found;
}

function cloudOf(cloud: HeadlessOptions['cloud']): Cloud | Promise<Cloud> {
  if (typeof cloud === 'object') return customCloud(cloud.endpoint);
  return { public: publicCloud, usGovernment: governmentCloud, china: chinaCloud }[cloud];
}

/** Nobody can be asked here, so that what an editor asks for comes from the environment too. */
function secretOf(
  { secrets, name: target }: Target,
  name: string,
  environment: HeadlessOptions['environment'],
): Promise<string> {
  const source = secrets[name];
  const variable = source?.from === 'environment' ? source.variable : name;
  const value = source === undefined ? undefined : environment[variable];
  if (value !== undefined && value !== '') return Promise.resolve(value);
  return Promise.reject(
    new UserError(`The secret '${name}' of '${target}' has no value: set ${variable} in the environment`),
  );
}

function tell(event: DeployEvent, titles: ReadonlyMap<string, string>, say: (text: string) => void): void {
  const line = lineOf(event, titles.get(event.step) ?? event.step);
  if (line !== undefined) say(line);
}

function lineOf(event: DeployEvent, title: string): string | undefined {
  switch (event.kind) {
    case 'begin':
      return `${title} …`;
    case 'wait':
      return `  ${event.message}`;
    case 'log':
      return event.text.trimEnd();
    case 'done':
      return event.already ? '  was done already' : undefined;
    case 'failed':
      return `  failed: ${event.message}`;
  }
}

function report(outcome: Outcome, plan: Plan, { format, write, say }: HeadlessOptions): 0 | 1 {
  const isGood = outcome.kind === 'deployed';
  const error = outcome.kind === 'failed' ? explain(outcome.error).message : undefined;
  if (format === 'json') {
    const { target, image, commit } = plan;
    const { kind } = outcome;
    const rest = isGood ? { url: outcome.url, digest: outcome.digest, warnings: outcome.warnings } : { error };
    write(`${JSON.stringify({ outcome: kind, target: target.name, image, commit, ...rest }, undefined, 2)}\n`);
  } else if (isGood) {
    for (const warning of outcome.warnings) say(warning);
    write(`${outcome.url ?? plan.image}\n`);
  }
  if (error !== undefined) say(error);
  if (outcome.kind === 'stopped') say('Stopped: run the same again to go on');
  return isGood ? 0 : 1;
}

function memoryJournal(): Journal {
  let record: JournalRecord | undefined;
  return {
    read: () => Promise.resolve(record),
    write: (next) => {
      record = next;
      return Promise.resolve();
    },
  };
}
