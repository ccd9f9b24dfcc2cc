import type { Command } from '../command.ts';
import type { ContainerTool } from './tool.ts';

// Commands about one container, and the readers of their answers. Names of containers are ours, and need no `--`.

export function startContainer(tool: ContainerTool, name: string): Command {
  return { program: tool.program, args: ['start', name] };
}

/** Prints what it says, and ends with it. */
export function startAttached(tool: ContainerTool, name: string): Command {
  return { program: tool.program, args: ['start', '--attach', name] };
}

/** With its volumes, running or not; it is no error when there is none. */
export function removeContainers(tool: ContainerTool, names: readonly string[]): Command {
  return { program: tool.program, args: ['rm', '--force', '--volumes', ...names] };
}

export function listContainers(tool: ContainerTool, filter: string): Command {
  // In JSON the labels come as one text with commas, which a value may have, too; so each is asked for by name.
  return { program: tool.program, args: ['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${filter}`] };
}

/** The labels of containers, one JSON object a line. */
export function inspectLabels(tool: ContainerTool, ids: readonly string[]): Command {
  const args = ['container', 'inspect', '--format', '{"Id":{{json .Id}},"Labels":{{json .Config.Labels}}}', ...ids];
  return { program: tool.program, args };
}

export interface Labelled {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

export function readLabels(lines: string): readonly Labelled[] {
  return lines.split('\n').flatMap((line) => {
    const { Id: id, Labels: labels } = object(line);
    return typeof id === 'string' ? [{ id, labels: (labels ?? {}) as Record<string, string> }] : [];
  });
}

export function inspectState(tool: ContainerTool, name: string): Command {
  const format = '{"Id":{{json .Id}},"State":{{json .State}}}';
  return { program: tool.program, args: ['container', 'inspect', '--format', format, name] };
}

export interface ContainerState {
  readonly id: string;
  readonly isRunning: boolean;
  /** Of its first process, as the engine's machine counts. */
  readonly pid: number;
  readonly exitCode: number;
  readonly wasOutOfMemory: boolean;
  /** Why it could not be started. */
  readonly error: string;
  /** Milliseconds by the engine's clock; not a number when it was never started or is running. */
  readonly startedAt: number;
  readonly finishedAt: number;
}

export function readState(json: string): ContainerState | undefined {
  const { Id: id, State: state } = object(json) as { Id?: unknown; State?: Readonly<Record<string, unknown>> | null };
  if (typeof id !== 'string' || !state) return undefined;
  const number = (name: string): number => (typeof state[name] === 'number' ? state[name] : 0);
  const time = (name: string): number => {
    const at = typeof state[name] === 'string' ? Date.parse(state[name]) : Number.NaN;
    return at > 0 ? at : Number.NaN;
  };
  return {
    id,
    isRunning: state['Running'] === true,
    pid: number('Pid'),
    exitCode: number('ExitCode'),
    wasOutOfMemory: state['OOMKilled'] === true,
    error: typeof state['Error'] === 'string' ? state['Error'] : '',
    startedAt: time('StartedAt'),
    finishedAt: time('FinishedAt'),
  };
}

/** Prints what the container says until it ends, and ends with it. */
export function followLogs(tool: ContainerTool, name: string): Command {
  return { program: tool.program, args: ['logs', '--follow', name] };
}

/** Ends when the container does. */
export function waitForEnd(tool: ContainerTool, name: string): Command {
  return { program: tool.program, args: ['wait', name] };
}

export function execIn(tool: ContainerTool, name: string, command: readonly string[], user?: string): Command {
  return { program: tool.program, args: ['exec', ...(user === undefined ? [] : ['--user', user]), name, ...command] };
}

export function sendSignal(tool: ContainerTool, name: string, signal: string): Command {
  return { program: tool.program, args: ['kill', '--signal', signal, name] };
}

export function stopContainer(tool: ContainerTool, name: string, seconds: number): Command {
  return { program: tool.program, args: ['stop', '--time', String(seconds), name] };
}

/** The paths that differ from the image. */
export function diffContainer(tool: ContainerTool, name: string): Command {
  return { program: tool.program, args: ['diff', name] };
}

export interface Change {
  readonly kind: 'added' | 'changed' | 'deleted';
  readonly path: string;
}

/** A path with a newline in it comes as several lines; those after the first are no changes. */
export function readDiff(lines: string): readonly Change[] {
  const kinds = { A: 'added', C: 'changed', D: 'deleted' } as const;
  return lines.split('\n').flatMap((line) => {
    const [, letter, path] = /^([ACD]) (\/.*)$/.exec(line) ?? [];
    return letter === undefined || path === undefined ? [] : [{ kind: kinds[letter as keyof typeof kinds], path }];
  });
}

function object(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
