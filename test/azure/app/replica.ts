import { randomBytes } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { runApp, type App, type Reach } from '../containers.ts';
import type { Core } from '../core.ts';
import { readLines } from '../log-lines.ts';
import type { Event, Journal } from './journal.ts';
import { ask, defaultProbe, type Probe } from './probe.ts';

/** One container of a template, with all that it takes to run it. */
export interface ContainerPlan {
  readonly name: string;
  /** As the template says. */
  readonly image: string;
  /** As Docker knows it. */
  readonly pulled: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
  readonly cpus: number;
  readonly memoryInGiB: number;
  readonly probes: readonly Probe[];
}

export interface ReplicaPlan {
  readonly revision: string;
  readonly first: readonly ContainerPlan[];
  readonly containers: readonly ContainerPlan[];
  readonly port: number | undefined;
}

/** A replica that runs: its containers share one network, and each is started again when it ends or its probes fail. */
export interface Replica {
  readonly name: string;
  readonly createdTime: string;
  readonly containers: readonly Running[];
  /** Whether all are well before the deadline; no as soon as one has failed too often. */
  readonly ready: (deadline: number) => Promise<boolean>;
  readonly isReady: () => boolean;
  readonly reach: () => Promise<Reach>;
  readonly end: () => Promise<void>;
}

export interface Running {
  readonly name: string;
  readonly id: string;
  readonly started: boolean;
  readonly ready: boolean;
  readonly restarts: number;
  /** Why it was last not well. */
  readonly trouble: string | undefined;
}

/** A container that ended so often does not come up: CrashLoopBackOff. */
const tooOften = 3;

export async function startReplica(core: Core, plan: ReplicaPlan, journal: Journal): Promise<Replica> {
  const name = `${plan.revision}-${randomBytes(5).toString('hex')}-${randomBytes(3).toString('hex').slice(0, 5)}`;
  const createdTime = new Date().toISOString();
  const stop = new AbortController();
  const { signal } = stop;
  const apps: App[] = [];
  const states: { -readonly [Key in keyof Running]: Running[Key] }[] = [];
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const one of [...waiting]) one();
  };

  const event = (type: Event['type'], reason: string, message: string): void => {
    const time = new Date().toISOString();
    journal.event({ kind: 'event', time, type, revision: plan.revision, replica: name, reason, message });
  };

  const run = async (container: ContainerPlan): Promise<App> => {
    const { pulled: image, environment, command, args, cpus, memoryInGiB } = container;
    const [main] = apps;
    const ports = [...new Set([plan.port, ...plan.containers.flatMap(({ probes }) => probes.map(({ port }) => port))])];
    const app = await runApp({
      core,
      label: `revision ${plan.revision}, container ${container.name}`,
      image,
      environment: { ...platformEnvironment(plan.revision, name), ...environment },
      ...(command !== undefined && { command }),
      ...(args !== undefined && { args }),
      ...(main === undefined
        ? { ports: ports.filter((port) => port !== undefined && port > 0) as number[] }
        : { beside: main }),
      cpus,
      memoryInGiB,
    });
    event('Normal', 'ContainerStarted', `Started container '${container.name}'`);
    return app;
  };

  const follow = (app: App, { name: of, image }: ContainerPlan, since: number): void => {
    const take = (time: string, text: string): void =>
      journal.line({ kind: 'line', time, revision: plan.revision, replica: name, container: of, image, text });
    void readLines(app, since, signal, take).catch(() => undefined);
  };

  /** Publishing is the first container's business, so it is it that is asked about the ports of all. */
  const wrong = (probe: Probe): Promise<string | undefined> => {
    const [main] = apps;
    return main === undefined ? Promise.resolve('gone') : ask(main, probe).catch(() => 'gone');
  };

  const fails = async (
    probe: Probe,
    until: AbortSignal,
    onTrouble?: (trouble: string | undefined) => void,
  ): Promise<string> => {
    let failures = 0;
    await after(probe.delay, undefined, { signal: until, ref: false });
    for (;;) {
      const trouble = await wrong(probe);
      until.throwIfAborted();
      onTrouble?.(trouble);
      failures = trouble === undefined ? 0 : failures + 1;
      if (trouble !== undefined && failures >= probe.failures && onTrouble === undefined) return trouble;
      await after(probe.period, undefined, { signal: until, ref: false });
    }
  };

  const succeeds = async (probe: Probe, until: AbortSignal): Promise<string | undefined> => {
    await after(probe.delay, undefined, { signal: until, ref: false });
    for (let failures = 1; ; failures += 1) {
      const trouble = await wrong(probe);
      until.throwIfAborted();
      if (trouble === undefined || failures >= probe.failures) return trouble;
      await after(Math.min(probe.period, 200 * failures), undefined, { signal: until, ref: false });
    }
  };

  /** From one start of a container to its end; gives why it ended. */
  const live = async (app: App, container: ContainerPlan, state: (typeof states)[number]): Promise<string> => {
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    const ended = app.ended().then((code) => `Container '${container.name}' was terminated with exit code '${code}'`);
    const probes =
      container.probes.length > 0 || plan.port === undefined || app !== apps[0]
        ? container.probes
        : [defaultProbe(plan.port)];
    const health = async (): Promise<string> => {
      for (const probe of probes.filter(({ type }) => type === 'Startup')) {
        const trouble = await succeeds(probe, until);
        if (trouble !== undefined) return trouble;
      }
      state.started = true;
      const readiness = probes.find(({ type }) => type === 'Readiness');
      const liveness = probes.find(({ type }) => type === 'Liveness');
      if (liveness !== undefined) {
        const trouble = await succeeds(liveness, until);
        if (trouble !== undefined) return trouble;
      }
      const setReady = (trouble: string | undefined): void => {
        state.trouble = trouble;
        state.ready = trouble === undefined;
        changed();
      };
      if (readiness === undefined) setReady(undefined);
      else void fails(readiness, until, setReady).catch(() => undefined);
      return liveness === undefined ? new Promise<string>(() => undefined) : fails(liveness, until);
    };
    try {
      return await Promise.race([ended, health()]);
    } finally {
      over.abort();
    }
  };

  const keep = async (app: App, container: ContainerPlan, state: (typeof states)[number]): Promise<void> => {
    for (;;) {
      const trouble = await live(app, container, state);
      if (signal.aborted) return;
      Object.assign(state, { started: false, ready: false, trouble, restarts: state.restarts + 1 });
      event('Warning', /terminated/.test(trouble) ? 'ContainerTerminated' : 'ProbeFailed', trouble);
      if (state.restarts >= tooOften) {
        event('Warning', 'ContainerBackOff', `Persistent failure to start container '${container.name}'`);
      }
      changed();
      await app.stop(0);
      await after(Math.min(100 * 4 ** (state.restarts - 1), 10_000), undefined, { signal, ref: false });
      const since = Date.now();
      await app.start();
      follow(app, container, since);
    }
  };

  const end = async (): Promise<void> => {
    if (signal.aborted) return;
    stop.abort();
    changed();
    for (const app of [...apps].reverse()) await app.remove();
  };
  signal.throwIfAborted();

  const replica: Replica = {
    name,
    createdTime,
    containers: states,
    isReady: () => !signal.aborted && states.every(({ ready }) => ready),
    ready: (deadline) =>
      new Promise((resolve) => {
        const settle = (answer: boolean): void => {
          clearTimeout(timer);
          waiting.delete(look);
          resolve(answer);
        };
        const look = (): void => {
          if (signal.aborted || states.some(({ restarts }) => restarts >= tooOften)) settle(false);
          else if (replica.isReady()) settle(true);
        };
        const timer = setTimeout(() => settle(false), deadline);
        waiting.add(look);
        look();
      }),
    reach: async () => {
      const [main] = apps;
      if (main === undefined || plan.port === undefined) throw new Error(`Replica '${name}' has no ingress`);
      return main.reach(plan.port);
    },
    end,
  };

  event('Normal', 'AssigningReplica', `Replica '${name}' has been scheduled to run on a node.`);
  for (const container of plan.first) {
    const app = await run(container);
    follow(app, container, 0);
    const code = await app.ended();
    await app.remove();
    if (code !== 0)
      event('Warning', 'ContainerTerminated', `Init container '${container.name}' ended with exit code '${code}'`);
  }
  for (const container of plan.containers) {
    const app = await run(container);
    apps.push(app);
    follow(app, container, 0);
    const state = { name: container.name, id: app.id, started: false, ready: false, restarts: 0, trouble: undefined };
    states.push(state);
    // It ends when the container is removed under it, which is how replicas end.
    void keep(app, container, state).catch(() => undefined);
  }
  return replica;
}

function platformEnvironment(revision: string, replica: string): Readonly<Record<string, string>> {
  return {
    CONTAINER_APP_NAME: revision.split('--')[0] ?? '',
    CONTAINER_APP_REVISION: revision,
    CONTAINER_APP_REPLICA_NAME: replica,
  };
}
