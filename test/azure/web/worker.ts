import { setTimeout as after } from 'node:timers/promises';
import { at, isObject } from '../../../client/src/azure/json.ts';
import { runApp, type App, type Reach } from '../containers.ts';
import type { Core } from '../core.ts';
import { findEngine } from '../docker-engine.ts';
import { pullImage } from '../registry/pull.ts';
import { blueprintOf, imageOf, type Blueprint, type PullAs } from './blueprint.ts';
import { namesIn } from './ids.ts';
import type { LogBook } from './log-book.ts';

/** What runs a site's or slot's image. A new container takes over when it listens; until then the old one goes on answering. */
export interface Worker {
  /** Pulls and starts anew, with what is configured by then. */
  readonly restart: () => void;
  readonly stop: () => Promise<void>;
  /** When nothing is being started any more. */
  readonly settled: () => Promise<Condition>;
  readonly condition: () => Condition;
  /** Where requests go; waits for the first start. */
  readonly target: () => Promise<Target | undefined>;
  /** What a swap does: the two exchange what runs, as it is. */
  readonly exchange: (other: Worker) => void;
  /** For `exchange` alone. */
  readonly hand: (running: Running | undefined) => Running | undefined;
}

export interface Target extends Reach {
  /** To be called when the request is over; what runs is not taken away before, if another takes over. */
  readonly release: () => void;
}

export type Condition = 'empty' | 'starting' | 'serving' | 'failed' | 'stopped';

export interface Running {
  readonly container: App;
  readonly name: string;
  readonly port: number;
  readonly following: AbortController;
  /** Under way. */
  requests: number;
  /** Whose log its lines go to; changes hands in a swap. */
  owner: LogBook;
}

/** For requests to a container that has been replaced. */
const patience = 5_000;
/** Several changes at once are one restart. */
const gathering = 60;
/** Documented nowhere; users see minutes go by. A restart does not wait for it. */
const retryAfterFailure = 300_000;
/** An app that ends is started again, the first times soon. */
const restartsOfEnded = [100, 1_000, 10_000];

export function createWorker(core: Core, app: string, book: LogBook): Worker {
  const { site, slot } = namesIn(app);
  const label = slot === undefined ? site : `${site}__${slot}`;
  let condition: Condition = 'empty';
  let running: Running | undefined;
  /** Counts starts: what belongs to an older one is thrown away. */
  let turn = 0;
  let pending: App | undefined;
  let start: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let ends = 0;
  let isOver = false;

  const endWithServer = (): void => {
    isOver = true;
    turn++;
    clearTimeout(timer);
  };
  core.atEnd(endWithServer);

  const dispose = async (what: Running | undefined): Promise<void> => {
    what?.following.abort();
    await what?.container.remove();
  };

  /** Another has taken over: what it was asked before, it may answer. */
  const retire = async (what: Running): Promise<void> => {
    const end = Date.now() + patience;
    while (what.requests > 0 && Date.now() < end && !isOver) await after(20);
    await dispose(what).catch((error: unknown) => book.platform('WARN', String(error)));
  };

  const startLater = (delay: number): void => {
    condition = 'failed';
    clearTimeout(timer);
    timer = setTimeout(() => begin(), delay);
    timer.unref();
  };

  const fail = async (mine: number): Promise<void> => {
    if (mine !== turn) return;
    const before = running;
    running = undefined;
    startLater(core.times.siteRetry ?? retryAfterFailure);
    book.platform('INFO', `Stopping site ${label} because it failed during startup.`);
    await dispose(before);
  };

  const watch = async (mine: Running): Promise<void> => {
    const code = await mine.container.ended().catch(() => undefined);
    if (running !== mine || code === undefined || isOver) return;
    running = undefined;
    book.platform('ERROR', `Container ${mine.name} for site ${label} has exited with code ${code}.`);
    if (condition === 'serving') startLater(restartsOfEnded[ends++] ?? retryAfterFailure);
    await dispose(mine);
  };

  const tryToStart = async (mine: number, blueprint: Blueprint & { readonly image: string }): Promise<void> => {
    const { image } = blueprint;
    const name = `${label}_${mine}_${mine.toString(16).padStart(8, '0')}`;
    book.platform('INFO', `Pulling image: ${image}`);
    let id: string;
    try {
      id = await pull(core, image, blueprint.pull);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (mine !== turn) return;
      book.platform('ERROR', `Pulling docker image ${image} failed: ${reason}`);
      book.platform('ERROR', `Failed to pull image: ${image}. Image pull failed with reason: ImagePullFailure`);
      book.platform(
        'ERROR',
        'Image pull failed: Verify docker image configuration and credentials (if using private repository)',
      );
      await fail(mine);
      return;
    }
    if (mine !== turn) return;
    const port = blueprint.port ?? (await exposed(id)) ?? 80;
    book.platform('INFO', `Starting container for site`);
    book.platform('INFO', `docker run -d --expose=${port} --name ${name} -e WEBSITES_PORT=${port} ${image}`);
    const environment = { ...blueprint.environment, PORT: String(port) };
    const began = Date.now();
    const container = await runApp({ core, label: `site ${label}`, image: id, environment, ports: [port] });
    // Before the container goes with the server, which would look as if it had ended.
    core.atEnd(endWithServer);
    const next: Running = { container, name, port, following: new AbortController(), requests: 0, owner: book };
    if (mine !== turn) return dispose(next);
    pending = container;
    void follow(next);
    book.platform('INFO', `Initiating warmup request to container ${name} for site ${label}`);
    const listens = await container.answers(port, blueprint.startLimit).catch(() => false);
    if (mine !== turn) return dispose(next);
    pending = undefined;
    if (!listens) {
      const seconds = ((Date.now() - began) / 1000).toFixed(1);
      const hasEnded = !(await container.state()).running;
      book.platform(
        'ERROR',
        hasEnded
          ? `Container ${name} for site ${label} has exited, failing site start`
          : `Container ${name} for site ${label} did not start within expected time limit. Elapsed time = ${seconds} sec`,
      );
      book.platform(
        'ERROR',
        `Container ${name} didn't respond to HTTP pings on port: ${port}, failing site start. See container logs for debugging.`,
      );
      await dispose(next);
      await fail(mine);
      return;
    }
    book.platform(
      'INFO',
      `Container ${name} for site ${label} initialized successfully and is ready to serve requests.`,
    );
    const before = running;
    running = next;
    condition = 'serving';
    void watch(next);
    if (before !== undefined) void retire(before);
  };

  const begin = (): void => {
    if (isOver) return;
    const mine = ++turn;
    clearTimeout(timer);
    condition = 'starting';
    const superseded = pending;
    pending = undefined;
    start = (async () => {
      await superseded?.remove();
      await after(gathering);
      if (mine !== turn || core.store.get(app) === undefined) return;
      const image = imageOf(core, app);
      if (image === undefined) {
        condition = 'empty';
        const before = running;
        running = undefined;
        await dispose(before);
        return;
      }
      await tryToStart(mine, { ...blueprintOf(core, app), image });
    })().catch(async (error: unknown) => {
      // Docker itself said no.
      book.platform(
        'ERROR',
        `Container for site ${label} could not be started: ${error instanceof Error ? error.message : String(error)}`,
      );
      await fail(mine);
    });
  };

  const settled = async (): Promise<Condition> => {
    for (let seen = -1; seen !== turn;) {
      seen = turn;
      await start;
    }
    return condition;
  };

  return {
    restart: () => {
      ends = 0;
      begin();
    },
    stop: async () => {
      turn++;
      clearTimeout(timer);
      condition = 'stopped';
      const before = running;
      running = undefined;
      await Promise.all([dispose(before), pending?.remove()]);
      pending = undefined;
      book.platform('INFO', `Stopped site ${label}.`);
    },
    settled,
    condition: () => condition,
    target: async () => {
      if (running === undefined && condition === 'starting') await settled();
      const mine = running;
      if (mine === undefined) return undefined;
      mine.requests++;
      const release = (): void => {
        mine.requests--;
      };
      try {
        return { ...(await mine.container.reach(mine.port)), release };
      } catch {
        // It has just ended.
        release();
        return undefined;
      }
    },
    exchange: (other) => {
      running = other.hand(running);
      condition = running === undefined ? 'failed' : 'serving';
      if (running === undefined) return;
      running.owner = book;
      void watch(running);
    },
    hand: (given) => {
      const mine = running;
      running = given;
      condition = given === undefined ? 'failed' : 'serving';
      if (given !== undefined) {
        given.owner = book;
        void watch(given);
      }
      return mine;
    },
  };
}

async function pull(core: Core, image: string, as: PullAs): Promise<string> {
  if (as.kind === 'impossible') throw new Error(`unauthorized: ${as.reason}`);
  const credentials = as.kind === 'user' ? { username: as.username, password: as.password } : undefined;
  const principalId = as.kind === 'identity' ? as.principalId : undefined;
  return (await pullImage(core, { image, principalId, credentials })).id;
}

/** The first port of EXPOSE. */
async function exposed(id: string): Promise<number | undefined> {
  const ports = at(await (await findEngine()).call('GET', `/images/${id}/json`), 'Config.ExposedPorts');
  const found = isObject(ports) ? Object.keys(ports).find((port) => port.endsWith('/tcp')) : undefined;
  return found === undefined ? undefined : Number.parseInt(found, 10);
}

async function follow(what: Running): Promise<void> {
  try {
    for await (const piece of what.container.follow({}, what.following.signal)) what.owner.app(piece);
  } catch {
    // Its container is gone.
  }
}
