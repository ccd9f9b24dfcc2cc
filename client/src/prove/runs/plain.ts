import { diffContainer, readDiff } from '../../tools/container/container.ts';
import type { Process } from '../../tools/container/processes.ts';
import type { Socket } from '../../tools/container/sockets.ts';
import { firstOf, withApp, type App } from '../app/app.ts';
import { freeze } from '../app/freeze.ts';
import { sightOf, type Sight } from '../app/look.ts';
import { firstReady, settledSockets, untilHealthy, type Health, type Readiness } from '../app/ready.ts';
import { userOf, type SeenUser } from '../app/user.ts';
import type { CheckContext } from '../check.ts';
import type { PromiseId } from '../promise.ts';

/** What was seen of the app under no restriction at all. */
export interface PlainRun {
  readonly readiness: Readiness;
  readonly log: string;
  readonly processes: readonly Process[];
  readonly user: SeenUser | undefined;
  readonly sockets: readonly Socket[] | undefined;
  /** How the sockets were seen. */
  readonly how: string | undefined;
  readonly health: Health | undefined;
  readonly frozen: FrozenCheck | undefined;
  /** The paths it wrote to until it was ready. */
  readonly wrote: readonly string[];
}

/** What the health check says of an app that hangs. */
export type FrozenCheck =
  | { readonly kind: 'passes'; readonly output: string }
  | { readonly kind: 'fails'; readonly code: number | undefined; readonly seconds: number }
  | { readonly kind: 'silent'; readonly seconds: number }
  | { readonly kind: 'not-tried'; readonly reason: string };

// A check that gives no answer for this long is not waited for to its timeout, which is half a minute when not set.
const longestFrozenCheck = 8;

export async function plainRun(context: CheckContext): Promise<PlainRun> {
  const planned = context.plan.runs.find(({ id }) => id === 'plain');
  if (planned === undefined) throw new Error('The plain run is not in the plan');
  const isAsked = (promise: PromiseId): boolean => planned.promises.includes(promise);
  const { healthcheck } = context.facts.config;
  return withApp(context, planned, async (app) => {
    const sight = await sightOf(app);
    const health = healthcheck && untilHealthy(app, healthcheck, context.settings.startTimeout);
    const sockets = once(() => settledSockets(app, sight));
    const readiness = await firstReady(app, health, sockets);
    const seen = readiness.kind === 'ready' ? await look(app, sight) : nothing;
    const open = readiness.kind === 'ready' && isAsked('port') ? await sockets() : undefined;
    const isHealthy = (await health)?.kind === 'healthy';
    const frozen = isHealthy && isAsked('unhealthy-when-stopped') ? await frozenCheck(app) : undefined;
    return { readiness, ...seen, sockets: open, how: sight?.how, health: await health, frozen, log: app.log() };
  });
}

const nothing = { processes: [], user: undefined, wrote: [] };

async function look(app: App, sight: Sight | undefined): Promise<Pick<PlainRun, 'processes' | 'user' | 'wrote'>> {
  const { run, tool } = app.context;
  const [processes, diff] = await Promise.all([app.processes(), run(diffContainer(tool, app.name))]);
  const first = firstOf(processes);
  const changes = readDiff(diff.stdout).filter(({ kind }) => kind !== 'deleted');
  const paths = changes.map(({ path }) => path);
  // A folder is listed because of what is in it.
  const wrote = paths.filter((path) => !paths.some((other) => other.startsWith(`${path}/`)));
  return { processes, wrote, user: first && (await userOf(app, first, processes, sight)) };
}

async function frozenCheck(app: App): Promise<FrozenCheck> {
  const { healthcheck } = app.context.facts.config;
  const reason = await freeze(app);
  if (reason !== undefined || healthcheck === undefined) return { kind: 'not-tried', reason: reason ?? '' };
  const begun = app.age();
  const answer = await app.exec(healthcheck.command, { timeout: Math.min(healthcheck.timeout, longestFrozenCheck) });
  const seconds = app.age() - begun;
  if (answer === undefined) return { kind: 'silent', seconds };
  if (answer.code === 0) return { kind: 'passes', output: `${answer.stdout}${answer.stderr}` };
  return { kind: 'fails', code: answer.code, seconds };
}

function once<Found>(ask: () => Promise<Found>): () => Promise<Found> {
  let found: Promise<Found> | undefined;
  return () => (found ??= ask());
}
