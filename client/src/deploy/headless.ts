import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
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
import { createLines, createWaitLines } from './lines.ts';
import { makePlan } from './plan/make-plan.ts';
import type { Plan } from './plan.ts';
import { deployFilePath, readChoices } from './read-choices.ts';
import { readFacts } from './read-facts.ts';
import { readSource } from './read-source.ts';
import type { Journal, JournalRecord, Outcome, World } from './world.ts';

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
  /** The logs of builds and apps also when all goes well. */
  readonly verbose: boolean;
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
  const { folder, run, keeper, signal, say, apply, format, write, verbose } = options;
  const { now } = clock;
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
  const facts = await readFacts(arm, target, source, { signal, onWait: createWaitLines({ say, now }) });
  const plan = makePlan(target, facts);
  if (!apply) {
    write(format === 'json' ? json({ plan, description: describePlan(plan) }) : planText(plan));
    const hasWork = plan.steps.some(({ effect }) => effect === 'create' || effect === 'change');
    return plan.blockers.length > 0 ? 1 : hasWork && options.exitCode ? 3 : 0;
  }
  say(planText(plan).trimEnd());
  if (plan.blockers.length > 0) {
    if (format === 'json') write(json({ outcome: 'blocked', ...about(plan), blockers: plan.blockers }));
    return 1;
  }
  assertSecrets(target, options.environment);
  const journal =
    options.journal === undefined
      ? memoryJournal()
      : await journalIn(options.journal, join(folder, target.image.context));
  const world: World = {
    arm,
    clock,
    ask: askApp,
    secret: (name) => secretOf(target, name, options.environment),
    journal,
    images: createImages({ arm, folder, run, keeper, tool, wait: clock.wait }),
  };
  const outcome = await execute(plan, world, { signal, onEvent: createLines(plan, { say, verbose, now }) });
  return report(outcome, plan, options);
}

async function readTarget({ folder, target: wanted, say }: HeadlessOptions): Promise<Target> {
  const file = join(folder, deployFilePath);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const shown = relative(process.cwd(), file) || file;
  if (text === undefined) throw new UserError(`There is no '${shown}': deploy from the editor once, or write it`);
  const { targets, broken } = readChoices(text);
  const wrong = broken.map(({ name, message }) => `${name === deployFilePath ? '' : `'${name}': `}${message}`);
  if (targets.length === 0 && wrong.length === 1) throw new UserError(`'${shown}': ${wrong[0] ?? ''}`);
  for (const message of wrong) say(`'${shown}': ${message}`);
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
function variableOf({ secrets }: Target, name: string): string {
  const source = secrets[name];
  return source?.from === 'environment' ? source.variable : name;
}

/** Told before anything is made, rather than after minutes. */
function assertSecrets(target: Target, environment: HeadlessOptions['environment']): void {
  const ours = Object.keys(target.secrets).filter((name) => target.secrets[name]?.from !== 'keyVault');
  const missing = ours
    .map((name) => variableOf(target, name))
    .filter((variable) => (environment[variable] ?? '') === '');
  const what = missing.length === 1 ? 'A secret has' : `${missing.length} secrets have`;
  if (missing.length > 0) throw new UserError(`${what} no value: set ${missing.join(', ')} in the environment`);
}

async function secretOf(target: Target, name: string, environment: HeadlessOptions['environment']): Promise<string> {
  const value = environment[variableOf(target, name)] ?? '';
  if (value === '') throw new UserError(`There is no value for the secret '${name}': set it in the environment`);
  return await Promise.resolve(value);
}

/** What failed was told with its step. */
function report(outcome: Outcome, plan: Plan, { format, write, say }: HeadlessOptions): 0 | 1 {
  const isGood = outcome.kind === 'deployed';
  if (isGood) outcome.warnings.forEach((warning) => say(`Deployed without this: ${warning}`));
  if (format === 'json') write(json({ outcome: outcome.kind, ...about(plan), ...resultOf(outcome) }));
  else if (isGood) write(`${outcome.url ?? plan.image}\n`);
  if (outcome.kind === 'stopped') {
    const rest = outcome.goesOn === true ? '; what Azure has begun goes on' : '';
    say(`Interrupted${rest}: run the same again to go on`);
  }
  return isGood ? 0 : 1;
}

function resultOf(outcome: Outcome): object {
  switch (outcome.kind) {
    case 'deployed':
      return { url: outcome.url, digest: outcome.digest, warnings: outcome.warnings };
    case 'failed':
      return { step: outcome.step, error: explain(outcome.error).message };
    case 'stopped':
      return { step: outcome.next };
  }
}

function about({ target, image, commit }: Plan): object {
  return { target: target.name, image, commit };
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Whether it can be written is found out before anything is made. */
async function journalIn(file: string, context: string): Promise<Journal> {
  // Every step writes it, and what is built would not be what was planned.
  if (!relative(context, resolve(file)).startsWith('..'))
    throw new UserError(`The journal '${file}' is among the files that are built: put it into another folder`);
  const journal = fileJournal(file);
  try {
    await journal.write(await journal.read());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`'${file}' cannot be written: ${reason}`);
  }
  return journal;
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
