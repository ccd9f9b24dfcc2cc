import assert from 'node:assert/strict';
import type { Target } from '../../../../client/src/deploy/choices.ts';
import { cleanUp, planCleanUp } from '../../../../client/src/deploy/clean-up.ts';
import { createdIn, execute } from '../../../../client/src/deploy/execute.ts';
import type { Facts, SourceFacts } from '../../../../client/src/deploy/facts.ts';
import type { Plan } from '../../../../client/src/deploy/plan.ts';
import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import { readFacts } from '../../../../client/src/deploy/read-facts.ts';
import type { DeployEvent, Images, Outcome, World } from '../../../../client/src/deploy/world.ts';
import type { Json } from '../../../../client/src/azure/json.ts';
import type { LocalAzure } from '../../../azure/local-azure.ts';
import { fastClock, localArm, mortal, stateOf, type Kill } from './local.ts';
import { memoryJournal } from './support.ts';

/** In names of the template; each run has another in its place, so that they do not meet. */
export const placeholder = 'xyzzy';

export const source: SourceFacts = {
  exposed: [8080],
  commit: { short: '1a2b3c4', full: '1a2b3c4'.repeat(5), isDirty: false },
  contents: 'abcdef0123456789',
  hasDocker: true,
};

export interface Scenario {
  readonly azure: LocalAzure;
  readonly plan: Plan;
  readonly token: string;
  /** What a registry would have, by its address. */
  readonly digests: Map<string, string>;
  /** What is planned on top once the plan has been carried out, and then killed in its place. */
  readonly next?: (target: Target, facts: (target: Target, source: SourceFacts) => Promise<Facts>) => Promise<Plan>;
  /** Puts a real image into the registry; not there where nothing is run. */
  readonly push?: (loginServer: string, repository: string, tag: string) => Promise<void>;
}

/** Another state of the source, with other settings and a secret more. */
export const planUpdate: NonNullable<Scenario['next']> = async (target, facts) => {
  const env = { COLOR: 'red', TONE: 'calm' };
  const changed: Target = { ...target, env, secrets: { ...target.secrets, KEY: { from: 'ask' } } };
  const commit = { short: '5e6f708', full: '5e6f708'.repeat(5), isDirty: false };
  return makePlan(changed, await facts(changed, { ...source, commit, contents: '0123456789abcdef' }));
};

export async function scenarioOf(azure: LocalAzure, target: Target): Promise<Scenario> {
  const { token } = azure.user();
  const facts = await readFacts(localArm(azure, azure.httpClient, token), target, source);
  return { azure, plan: makePlan(target, facts), token, digests: new Map() };
}

export interface Ended {
  readonly outcome: Outcome;
  /** Of the last life. */
  readonly calls: readonly string[];
  readonly state: Readonly<Record<string, Json>>;
  readonly created: readonly string[];
  /** The ids of all that was there before. */
  readonly before: readonly string[];
  /** Of the deployment before. */
  readonly earlier: ReturnType<typeof memoryJournal>;
  readonly journal: ReturnType<typeof memoryJournal>;
}

export interface LiveOptions {
  readonly journal?: ReturnType<typeof memoryJournal>;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: DeployEvent) => void;
  readonly secret?: World['secret'];
  /** Milliseconds until an answer comes too late. */
  readonly patience?: number;
}

/** Deploys under a name of its own, killed once in each life as told, and resumed each time with nothing but the journal. */
export async function live(
  scenario: Scenario,
  name: string,
  kills: readonly Kill[],
  { journal = memoryJournal(), secret, patience, ...options }: LiveOptions = {},
): Promise<Ended> {
  const { azure, token } = scenario;
  const worldOf = (life: ReturnType<typeof mortal>, its: typeof journal): World => ({
    arm: localArm(azure, life.httpClient, token, patience),
    images: life.images(imagesOf(scenario)),
    secret: secret ?? ((asked) => Promise.resolve(`value-of-${asked}`)),
    clock: fastClock(),
    journal: life.journal(its),
    ask: () => Promise.resolve(200),
  });
  let plan = JSON.parse(JSON.stringify(scenario.plan).replaceAll(placeholder, name)) as Plan;
  let before: readonly string[] = [];
  const earlier = memoryJournal();
  if (scenario.next !== undefined) {
    const world = worldOf(mortal(azure.httpClient, undefined), earlier);
    assert.equal((await execute(plan, world)).kind, 'deployed');
    plan = await scenario.next(plan.target, (target, state) => readFacts(world.arm, target, state));
    assert.deepEqual(plan.blockers, []);
    before = idsOf(azure, name);
  }
  for (const kill of [...kills, undefined]) {
    const life = mortal(azure.httpClient, kill);
    const world = worldOf(life, journal);
    const burial = new AbortController();
    const signal = AbortSignal.any([burial.signal, ...(options.signal ? [options.signal] : [])]);
    const outcome = await Promise.race([execute(plan, world, { ...options, signal }), life.death]);
    if (outcome === undefined) burial.abort();
    // Whoever dies with the last word written has ended, and is not resumed.
    const isOver = journal.records.at(-1)?.endedAt !== undefined;
    if (outcome === undefined && !isOver) continue;
    await azure.settled();
    const record = journal.records.at(-1);
    return {
      outcome: outcome ?? { kind: 'deployed', warnings: [] },
      calls: life.calls,
      state: stateOf(azure, name),
      created: record === undefined ? [] : createdIn(record),
      before,
      earlier,
      journal,
    };
  }
  throw new Error('The last life cannot die');
}

/** What the undisturbed life calls, and what it leaves: what all others must come to. */
export function assertSame(ended: Ended, undisturbed: Ended, names: readonly [string, string], what: string): void {
  const [name, first] = names;
  if (ended.outcome.kind === 'failed')
    assert.fail(`${what}: failed at ${ended.outcome.step}: ${String(ended.outcome.error)}`);
  assert.equal(ended.outcome.kind, 'deployed', what);
  assert.deepEqual(ended.state, undisturbed.state, what);
  const plain = (ids: readonly string[], own: string): string[] =>
    ids.map((id) => id.replaceAll(own, '<name>').replace(/[^/]{36}$/, '<guid>'));
  assert.deepEqual(plain(ended.created, name), plain(undisturbed.created, first), `${what}: what it says it made`);
}

/** Gives up afterwards: of what was made nothing may be left, and all else is. */
export async function assertCleans(scenario: Scenario, ended: Ended, name: string): Promise<void> {
  const { azure, token } = scenario;
  const { journal, earlier, before } = ended;
  const record = journal.records.at(-1);
  assert.ok(record);
  const arm = localArm(azure, azure.httpClient, token);
  assert.deepEqual(await cleanUp(arm, await planCleanUp(arm, record)), []);
  await azure.settled();
  // What ran once, Container Apps remembers.
  const isNew = (id: string): boolean => !before.includes(id) && !(before.length > 0 && /\/revisions\//.test(id));
  const left = idsOf(azure, name);
  assert.deepEqual([left.filter(isNew), before.filter((id) => !left.includes(id))], [[], []]);
  if (before.length > 0) await assertCleans(scenario, { ...ended, journal: earlier, before: [] }, name);
}

function idsOf(azure: LocalAzure, name: string): readonly string[] {
  return azure.ids().filter((id) => id.includes(name));
}

function imagesOf({ digests, push }: Scenario): Images {
  const key = (loginServer: string, repository: string, tag: string): string => `${loginServer}/${repository}:${tag}`;
  return {
    deliver: async ({ loginServer, repository, tag }) => {
      await push?.(loginServer, repository, tag);
      const digest = digests.get(key(loginServer, repository, tag)) ?? `sha256:${'1'.repeat(64)}`;
      digests.set(key(loginServer, repository, tag), digest);
      return digest;
    },
    digest: (loginServer, repository, tag) => Promise.resolve(digests.get(key(loginServer, repository, tag))),
  };
}
