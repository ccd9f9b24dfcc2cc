import type { Target } from '../choices.ts';
import type { SourceFacts } from '../facts.ts';
import { block, type Remark, warn } from './scene.ts';

export interface Health {
  readonly path: string;
  readonly port: number;
  /** In seconds, as HEALTHCHECK has them; Docker's own values where it says none. */
  readonly interval: number;
  readonly timeout: number;
  readonly startPeriod: number;
  readonly retries: number;
}

/** Where the app listens: as chosen, else as Compose, PORT and EXPOSE say, in this order. */
export function portOf(
  target: Target,
  source: SourceFacts,
): { readonly port: number; readonly remarks: readonly Remark[] } {
  const port = target.port ?? source.composePort ?? source.portVariable ?? source.exposed[0];
  if (port === undefined) {
    return { port: 0, remarks: [block("The port is not known: set 'port', or add EXPOSE to the Dockerfile")] };
  }
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    return { port: 0, remarks: [block(`${port} is not a port: choose one from 1 to 65535`)] };
  }
  const isGuess = target.port === undefined && source.composePort === undefined && source.portVariable === undefined;
  if (isGuess && source.exposed.length > 1) {
    const others = source.exposed.slice(1).join(', ');
    return {
      port,
      remarks: [warn(`EXPOSE names several ports: ${port} is used, not ${others}; set 'port' to choose`)],
    };
  }
  return { port, remarks: [] };
}

/** What answers when all is well: as chosen, else as HEALTHCHECK asks. */
export function healthOf(target: Target, source: SourceFacts, port: number): Health | undefined {
  const path = target.health ?? source.health?.path;
  if (path === undefined) return undefined;
  return {
    path: path.startsWith('/') ? path : `/${path}`,
    port: target.health === undefined ? (source.health?.port ?? port) : port,
    interval: source.health?.interval ?? 30,
    timeout: source.health?.timeout ?? 30,
    startPeriod: source.health?.startPeriod ?? 0,
    retries: source.health?.retries ?? 3,
  };
}
