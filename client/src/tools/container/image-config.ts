import type { Command } from '../command.ts';
import type { ContainerTool } from './tool.ts';

/** What an image says of how it is run. */
export interface ImageConfig {
  /** `sha256:...` */
  readonly id: string;
  readonly os: string;
  readonly architecture: string;
  readonly size: number;
  /** As written: empty, a name or number, with or without `:group`. */
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** As written, such as `8080/tcp`. */
  readonly exposed: readonly ExposedPort[];
  readonly healthcheck: Healthcheck | undefined;
  /** Such as `SIGQUIT`; undefined when the image leaves it at SIGTERM. */
  readonly stopSignal: string | undefined;
  /** `NAME=value`, as written. */
  readonly environment: readonly string[];
  /** What the shell form is run by. */
  readonly shell: readonly string[];
  readonly workingFolder: string;
  readonly volumes: readonly string[];
}

export interface ExposedPort {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
}

/** Times in seconds, with the engine's defaults where the image has none. */
export interface Healthcheck {
  /** What is run in the container. */
  readonly command: readonly string[];
  readonly interval: number;
  readonly timeout: number;
  readonly startPeriod: number;
  readonly retries: number;
}

export function inspectImage(tool: ContainerTool, image: string): Command {
  return { program: tool.program, args: ['image', 'inspect', '--format', '{{json .}}', '--', image] };
}

/** `undefined` for what is no answer of `inspectImage`. */
export function readImageConfig(json: string): ImageConfig | undefined {
  const image = parse(json);
  if (image === undefined) return undefined;
  const config = fields(image['Config']);
  const id = text(image['Id']);
  if (id === '') return undefined;
  const shell = texts(config['Shell']);
  return {
    // Podman gives it bare.
    id: id.includes(':') ? id : `sha256:${id}`,
    os: text(image['Os']) || 'linux',
    architecture: text(image['Architecture']),
    size: count(image['Size']),
    user: text(config['User']),
    entrypoint: texts(config['Entrypoint']),
    command: texts(config['Cmd']),
    exposed: Object.keys(fields(config['ExposedPorts'])).flatMap(portsOf),
    // Podman has it beside the configuration.
    healthcheck: healthcheckOf(fields(config['Healthcheck'] ?? image['HealthCheck']), shell),
    stopSignal: text(config['StopSignal']) || undefined,
    environment: texts(config['Env']),
    shell: shell.length > 0 ? shell : usualShell,
    workingFolder: text(config['WorkingDir']),
    volumes: Object.keys(fields(config['Volumes'])),
  };
}

const usualShell: readonly string[] = ['/bin/sh', '-c'];

function healthcheckOf(check: Fields, shell: readonly string[]): Healthcheck | undefined {
  const [kind, ...words] = texts(check['Test']);
  if (kind === undefined || kind === 'NONE' || words.length === 0) return undefined;
  const runBy = shell.length > 0 ? shell : usualShell;
  return {
    command: kind === 'CMD-SHELL' ? [...runBy, ...words] : words,
    interval: seconds(check['Interval']) || 30,
    timeout: seconds(check['Timeout']) || 30,
    startPeriod: seconds(check['StartPeriod']),
    retries: count(check['Retries']) || 3,
  };
}

/** `EXPOSE 7000-7002` comes as one port each from BuildKit, but as a range from others. */
function portsOf(written: string): readonly ExposedPort[] {
  const [, first, last, protocol] = /^(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/i.exec(written) ?? [];
  if (first === undefined) return [];
  const from = Number(first);
  const to = Math.min(last === undefined ? from : Number(last), 65_535);
  const named = protocol?.toLowerCase();
  const as = named === 'udp' || named === 'sctp' ? named : 'tcp';
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => ({ port: from + index, protocol: as }));
}

type Fields = Readonly<Record<string, unknown>>;

function parse(json: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(json);
    // nerdctl and old Podman answer with a list of one.
    const image: unknown = Array.isArray(value) ? value[0] : value;
    return typeof image === 'object' && image !== null ? (image as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** The engine counts in nanoseconds. */
function seconds(value: unknown): number {
  return count(value) / 1e9;
}
