import { at } from '../../azure/json.ts';
import type { Target } from '../choices.ts';
import type { Facts, SourceFacts } from '../facts.ts';
import { idsOf } from './ids.ts';
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

/** Where the app listens: as chosen, else as Compose, PORT and EXPOSE say, in this order; where they leave it open, as it is. */
export function portOf(target: Target, facts: Facts): { readonly port: number; readonly remarks: readonly Remark[] } {
  const { source } = facts;
  const now = portThere(target, facts);
  const isOpen = (target.port ?? source.composePort ?? source.portVariable) === undefined;
  if (isOpen && now !== undefined && (source.exposed.length === 0 || source.exposed.includes(now))) {
    return { port: now, remarks: [] };
  }
  const port = target.port ?? source.composePort ?? source.portVariable ?? source.exposed[0];
  if (port === undefined) {
    return { port: 0, remarks: [block("The port is not known: set 'port', or add EXPOSE to the Dockerfile")] };
  }
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    return { port: 0, remarks: [block(`${port} is not a port: choose one from 1 to 65535`)] };
  }
  if (isOpen && source.exposed.length > 1) {
    const others = source.exposed.slice(1).join(', ');
    return {
      port,
      remarks: [warn(`EXPOSE names several ports: ${port} is used, not ${others}; set 'port' to choose`)],
    };
  }
  return { port, remarks: [] };
}

/** Where the app that is there listens, as far as Azure is told. */
function portThere(target: Target, { resources, settings }: Facts): number | undefined {
  const { app } = idsOf(target);
  const there = resources.get(app.toLowerCase());
  const told = {
    appService: () => settings.get(app.toLowerCase())?.['WEBSITES_PORT'],
    containerApp: () => at(there, 'properties.configuration.ingress.targetPort'),
    containerInstance: () => at(there, 'properties.ipAddress.ports.0.port'),
  };
  const port = Number(told[target.app.kind]() ?? 0);
  return Number.isInteger(port) && port > 0 ? port : undefined;
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
