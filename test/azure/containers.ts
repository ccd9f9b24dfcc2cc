import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as after } from 'node:timers/promises';
import { at, isObject, textAt, type Json, type JsonObject } from '../../client/src/azure/json.ts';
import type { Core } from './core.ts';
import { EngineError, findEngine, type Engine } from './docker-engine.ts';

export interface AppOptions {
  readonly core: Core;
  /** Whose container this is, for the eye: `site app1`, `revision a--v1`. */
  readonly label: string;
  /** The `id` that `pullImage` gave, so that it is what was pulled, whatever its tag means by now. */
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Instead of the image's ENTRYPOINT, and of its CMD. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** What others may reach. On 127.0.0.1 each gets a port that is free; on `ip`, an address of its own, the same port. */
  readonly ports?: readonly number[];
  readonly ip?: string;
  readonly cpus?: number;
  readonly memoryInGiB?: number;
  /** Shares the network of this one, as the containers of a group or a replica do; publishes nothing itself. */
  readonly beside?: App;
}

/** A container that really runs; it goes when the local Azure ends, or the next one if this process is killed. */
export interface App {
  readonly id: string;
  /** Where a published port is to be reached; changes when the container starts again. */
  readonly reach: (port: number) => Promise<Reach>;
  /** Whether the port answers before the deadline; at once no if the container has ended. */
  readonly answers: (port: number, deadline: number) => Promise<boolean>;
  readonly state: () => Promise<AppState>;
  /** The exit code, when it has ended. */
  readonly ended: () => Promise<number>;
  readonly logs: (options?: LogOptions) => Promise<string>;
  /** The log as it is written, until the container ends or `signal` says so. */
  readonly follow: (options: LogOptions, signal: AbortSignal) => AsyncGenerator<string>;
  /** Runs a program inside, without a shell. */
  readonly run: (command: readonly string[]) => Promise<{ readonly code: number; readonly output: string }>;
  readonly start: () => Promise<void>;
  readonly stop: (graceInSeconds?: number) => Promise<void>;
  readonly remove: () => Promise<void>;
}

export interface Reach {
  readonly host: string;
  readonly port: number;
}

export interface AppState {
  readonly running: boolean;
  readonly exitCode: number | undefined;
  readonly startedAt: string | undefined;
  readonly finishedAt: string | undefined;
  /** Why it could not even start, in Docker's words. */
  readonly error: string | undefined;
  readonly outOfMemory: boolean;
}

export interface LogOptions {
  /** So many of the last lines. */
  readonly tail?: number;
  readonly timestamps?: boolean;
  /** In milliseconds, as of `Date.now()`. */
  readonly since?: number;
}

/** A program that is missing in the image shows in `state`, as on Azure, not as an exception. */
export async function runApp(options: AppOptions): Promise<App> {
  const engine = await findEngine();
  await removeLeftovers(engine);
  const made = await engine.call('POST', '/containers/create', definitionOf(options));
  const app = appOf(engine, textAt(made, 'Id') ?? '');
  options.core.atEnd(app.remove);
  await app.start();
  return app;
}

/** What EXPOSE says, for platforms that find the port by themselves. */
export async function exposedPorts(image: string): Promise<readonly number[]> {
  const found = await (await findEngine()).call('GET', `/images/${image}/json`);
  const ports = at(found, 'Config.ExposedPorts');
  return Object.keys(isObject(ports) ? ports : {})
    .filter((port) => port.endsWith('/tcp'))
    .map((port) => parseInt(port, 10));
}

const owner = 'shipshape.local-azure.process';
const purpose = 'shipshape.local-azure.what';

function definitionOf({ image, label, environment, command, args, ports, ip, cpus, memoryInGiB, beside }: AppOptions) {
  const published = beside === undefined ? (ports ?? []) : [];
  const bindings = published.map((port) => [
    `${port}/tcp`,
    [{ HostIp: ip ?? '127.0.0.1', HostPort: ip === undefined ? '' : String(port) }],
  ]);
  const definition = {
    Image: image,
    Env: Object.entries(environment ?? {}).map(([name, value]) => `${name}=${value}`),
    ...(command !== undefined && { Entrypoint: command }),
    ...(args !== undefined && { Cmd: args }),
    Labels: { [owner]: `${process.pid}@${hostname()}`, [purpose]: label },
    ExposedPorts: Object.fromEntries(published.map((port) => [`${port}/tcp`, {}])) as JsonObject,
    HostConfig: {
      PortBindings: Object.fromEntries(bindings) as JsonObject,
      ...(beside !== undefined && { NetworkMode: `container:${beside.id}` }),
      ...(cpus !== undefined && { NanoCpus: Math.round(cpus * 1e9) }),
      ...(memoryInGiB !== undefined && { Memory: Math.round(memoryInGiB * 2 ** 30) }),
      // Nothing that is tried here may fill the machine.
      PidsLimit: 512,
    },
  };
  return definition;
}

function appOf(engine: Engine, id: string): App {
  const here = `/containers/${id}`;
  let ports: Json | undefined;
  const inspect = (): Promise<Json> => engine.call('GET', `${here}/json`);
  const state = async (): Promise<AppState> => stateIn(at(await inspect(), 'State'));

  const reach = async (port: number): Promise<Reach> => {
    ports ??= at(await inspect(), 'NetworkSettings.Ports');
    const found = at(at(ports, `${port}/tcp`), '0');
    if (found === undefined) throw new Error(`Port ${port} of the container is not published, or it does not run`);
    return { host: textAt(found, 'HostIp') ?? '', port: Number(textAt(found, 'HostPort')) };
  };
  const open = (options: LogOptions, follow: boolean): Promise<IncomingMessage> => {
    const { tail = 'all', timestamps = false, since = 0 } = options;
    const query = `stdout=1&stderr=1&follow=${follow}&timestamps=${timestamps}&tail=${tail}&since=${since / 1000}`;
    return engine.open('GET', `${here}/logs?${query}`);
  };

  return {
    id,
    reach,
    state,
    answers: async (port, deadline) => {
      const end = Date.now() + deadline;
      for (let found = await inspect(); at(found, 'State.Running') === true; found = await inspect()) {
        const pid = Number(at(found, 'State.Pid'));
        if (listensInside(pid, id, port) ?? (await accepts(await reach(port)))) return true;
        if (Date.now() > end) return false;
        await after(50);
      }
      return false;
    },
    ended: async () => Number(at(await engine.call('POST', `${here}/wait?condition=not-running`), 'StatusCode')),
    logs: async (options = {}) => {
      let text = '';
      for await (const piece of piecesOf(await open(options, false))) text += piece;
      return text;
    },
    follow: async function* (options, signal) {
      const answer = await open(options, true);
      const end = (): void => {
        answer.destroy();
      };
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      try {
        yield* piecesOf(answer);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        signal.removeEventListener('abort', end);
        answer.destroy();
      }
    },
    run: async (command) => {
      const made = await engine.call('POST', `${here}/exec`, { Cmd: command, AttachStdout: true, AttachStderr: true });
      const run = `/exec/${textAt(made, 'Id') ?? ''}`;
      let output = '';
      const answer = await engine.open('POST', `${run}/start`, { Detach: false, Tty: false });
      for await (const piece of piecesOf(answer)) output += piece;
      return { code: Number(at(await engine.call('GET', `${run}/json`), 'ExitCode')), output };
    },
    start: async () => {
      ports = undefined;
      // 400: there is no such program in the image; 500: it may not be run, or a port is taken, which its state does not tell.
      await engine.call('POST', `${here}/start`).catch((error: unknown) => {
        if (!(error instanceof EngineError) || /address already in use|port is already allocated/.test(error.message)) {
          throw error;
        }
      });
    },
    stop: async (grace = 1) => {
      await engine.call('POST', `${here}/stop?t=${grace}`);
    },
    remove: () => remove(engine, id),
  };
}

function stateIn(state: Json | undefined): AppState {
  const moment = (name: string): string | undefined => {
    const found = textAt(state, name);
    return found === undefined || found.startsWith('0001-') ? undefined : found;
  };
  const running = at(state, 'Running') === true;
  return {
    running,
    exitCode: running || textAt(state, 'Status') === 'created' ? failureOf(state) : Number(at(state, 'ExitCode')),
    startedAt: moment('StartedAt'),
    finishedAt: moment('FinishedAt'),
    error: textAt(state, 'Error') || undefined,
    outOfMemory: at(state, 'OOMKilled') === true,
  };
}

/** What could not start stays `created`, with the code that a shell would give. */
function failureOf(state: Json | undefined): number | undefined {
  return textAt(state, 'Error') ? Number(at(state, 'ExitCode')) : undefined;
}

/**
 * Whether something in the network of this process listens to others, as Linux itself tells; `undefined` where Docker's processes are not
 * ours to see, as in Docker Desktop.
 */
function listensInside(pid: number, container: string, port: number): boolean | undefined {
  const read = (name: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8');
    } catch {
      return '';
    }
  };
  if (!read('cgroup').includes(container)) return undefined;
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  // Not what listens to itself alone, on 127.0.0.1 and ::1.
  const open = new RegExp(`^ *\\d+: (?!0100007F:|0{24}01000000:)[0-9A-F]+:${hex} \\S+ 0A `, 'm');
  return open.test(read('net/tcp')) || open.test(read('net/tcp6'));
}

/**
 * Whether something accepts connections there. Docker's proxy always does, and hangs up when nothing listens behind it: what is still
 * open after a moment is open.
 */
function accepts({ host, port }: Reach): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(150, () => settle(!socket.connecting));
    socket.once('data', () => settle(true));
    socket.once('end', () => settle(false));
    socket.once('error', () => settle(false));
  });
}

/** Docker puts eight bytes before each piece: the stream's number, and how long the piece is. */
async function* piecesOf(answer: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of answer) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32BE(4)) {
      const end = 8 + rest.readUInt32BE(4);
      yield rest.toString('utf8', 8, end);
      rest = rest.subarray(end);
    }
  }
}

/** Those of processes that are gone, which had no time to clean up. */
async function removeLeftovers(engine: Engine): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ label: [owner] }));
  const all = (await engine.call('GET', `/containers/json?all=true&filters=${filters}`)) as readonly Json[];
  for (const one of all) {
    const [pid, machine] = ownerOf(one).split('@');
    if (machine === hostname() && !isAlive(Number(pid))) await remove(engine, textAt(one, 'Id') ?? '');
  }
}

function ownerOf(container: Json): string {
  const labels = at(container, 'Labels') as Readonly<Record<string, string>> | undefined;
  return labels?.[owner] ?? '';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function remove(engine: Engine, id: string): Promise<void> {
  try {
    await engine.call('DELETE', `/containers/${id}?force=true&v=true`);
  } catch (error) {
    // It is gone, or going.
    if (!(error instanceof EngineError) || (error.status !== 404 && error.status !== 409)) throw error;
  }
}
