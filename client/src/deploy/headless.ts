import { access, constants, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { chooseCloud, type CloudChoice } from '../azure/choose-cloud.ts';
import type { Arm } from '../azure/arm.ts';
import { connect } from '../azure/connect.ts';
import { createCredential, type CredentialKind } from '../azure/credentials.ts';
import { explain } from '../azure/explain.ts';
import { findTool } from '../container/find-tool.ts';
import type { Keeper } from '../process/run.ts';
import { createImages } from '../registry/images.ts';
import type { Run } from '../tools/command.ts';
import { UserError } from '../ui/user-error.ts';
import { alone } from './alone.ts';
import type { Target } from './choices.ts';
import { askApp, clock } from './clock.ts';
import { describePlan, planText } from './describe.ts';
import { assertSecrets, secretIn } from './environment-secrets.ts';
import { execute } from './execute.ts';
import { gather } from './gather.ts';
import { fileJournal } from './journal.ts';
import { createLines, createWaitLines } from './lines.ts';
import { makePlan } from './plan/make-plan.ts';
import type { Plan } from './plan.ts';
import { deployFilePath, readChoices } from './read-choices.ts';
import { readRecord } from './unfinished.ts';
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
  readonly cloud: CloudChoice;
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
  const target = await readTarget(options);
  const cloud = await chooseCloud(options.cloud);
  const credential = createCredential(options.signIn, {
    cloud,
    tenant: target.tenant,
    environment: options.environment,
    ...(options.signIn === 'deviceCode' && {
      onDeviceCode: ({ code, url }) => options.say(`To sign in, enter the code ${code} at ${url}`),
    }),
  });
  const given: Given = { ...options, target, arm: connect({ cloud, credential, tenant: target.tenant }) };
  if (!options.apply) return await planOnly(given);
  return await alone(target, { from: 'the command line', doing: 'deployed' }, () => apply(given));
}

interface Given extends Omit<HeadlessOptions, 'target'> {
  readonly target: Target;
  readonly arm: Arm;
}

async function planOnly(given: Given): Promise<0 | 1 | 3> {
  const { format, write, exitCode } = given;
  const plan = await planFor(given);
  write(format === 'json' ? json({ plan, description: describePlan(plan) }) : planText(plan));
  const hasWork = plan.steps.some(({ effect }) => effect === 'create' || effect === 'change');
  return plan.blockers.length > 0 ? 1 : hasWork && exitCode ? 3 : 0;
}

async function apply(given: Given): Promise<0 | 1> {
  const { arm, target, folder, environment, run, keeper, signal, say, format, write, verbose } = given;
  const now = clock.elapsed;
  const plan = await planFor(given);
  say(planText(plan).trimEnd());
  if (plan.blockers.length > 0) {
    if (format === 'json') write(json({ outcome: 'blocked', ...about(plan), blockers: plan.blockers }));
    return 1;
  }
  assertSecrets(environment, target);
  const journal =
    given.journal === undefined ? memoryJournal() : await journalIn(given.journal, join(folder, target.image.context));
  const world: World = {
    arm,
    clock,
    folder,
    ask: askApp,
    secret: (name) => new Promise((resolve) => resolve(secretIn(environment, target, name))),
    journal,
    images: createImages({ arm, folder, run, keeper, tool: toolOf(given), wait: clock.wait }),
  };
  const outcome = await execute(plan, world, { signal, onEvent: createLines(plan, { say, verbose, now }) });
  return report(outcome, plan, given);
}

async function planFor(given: Given): Promise<Plan> {
  const { arm, target, folder, run, signal, say } = given;
  const onWait = createWaitLines({ say, now: clock.elapsed });
  return makePlan(target, await gather({ arm, target, folder, run, tool: toolOf(given), signal, onWait }));
}

function toolOf({ run, signal }: Given): () => ReturnType<typeof findTool> {
  return () => findTool(run, { kind: 'auto' }, signal);
}

async function readTarget({ folder, target: wanted, say }: HeadlessOptions): Promise<Target> {
  const file = join(folder, deployFilePath);
  const shown = relative(process.cwd(), file) || file;
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(
      code === 'ENOENT' || code === 'ENOTDIR'
        ? `There is no '${shown}': deploy from the editor once, or write it`
        : `'${shown}' cannot be read: ${code ?? message}`,
    );
  });
  const { targets, broken } = readChoices(text);
  const wrong = broken.map(
    ({ name, message, line }) => `'${shown}:${line}': ${name === deployFilePath ? '' : `'${name}': `}${message}`,
  );
  if (targets.length === 0 && wrong.length <= 1) {
    throw new UserError(wrong[0] ?? `'${shown}' has no target: write one under 'targets:'`);
  }
  wrong.forEach(say);
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

/** What failed was told with its step. */
function report(outcome: Outcome, plan: Plan, { format, write, say }: Given): 0 | 1 {
  const isGood = outcome.kind === 'deployed';
  if (isGood) outcome.warnings.forEach((warning) => say(`Deployed without this: ${warning}`));
  if (format === 'json') write(json({ outcome: outcome.kind, ...about(plan), ...resultOf(outcome) }));
  else if (isGood) write(`${outcome.url ?? plan.image}\n`);
  if (outcome.kind === 'stopped') {
    const rest = outcome.goesOn === true ? '; what Azure has begun goes on' : '';
    say(`Interrupted${rest}: run the same again to go on`);
  }
  if (outcome.kind === 'failed') say('Not deployed; what was done stays: mend that, then run the same again to go on');
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
  const text = await readFile(file, 'utf8').catch(() => '');
  if (readRecord(text) === undefined && text.trim() !== '')
    throw new UserError(`'${file}' is no journal of this version: give another file, or delete it`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`'${file}' cannot be written: ${reason}`);
  }
  return fileJournal(file);
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
