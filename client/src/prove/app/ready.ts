import type { Ended } from '../../tools/command.ts';
import type { Healthcheck } from '../../tools/container/image-config.ts';
import type { Socket } from '../../tools/container/sockets.ts';
import { until, type App, type Ending } from './app.ts';
import { socketsOf, type Sight } from './look.ts';

/** By what an app was seen to be ready. */
export type Sign =
  | { readonly kind: 'command' }
  | { readonly kind: 'healthcheck' }
  | { readonly kind: 'ports'; readonly ports: readonly number[] }
  /** It lives and says nothing more: there was no better sign. */
  | { readonly kind: 'quiet' };

export type Readiness =
  | { readonly kind: 'ready'; readonly sign: Sign; readonly seconds: number }
  | { readonly kind: 'ended'; readonly ending: Ending }
  /** It lives, but is not ready in time. */
  | { readonly kind: 'late'; readonly seconds: number; readonly last: string };

// How long nothing has to happen for an app without any other sign to count as started.
const quietAge = 2;
const quietTime = 1;
// One that goes on talking has started, too.
const talkativeAge = 6;
// And one that listens on other ports than it says.
const otherPortsAge = 4;

/** Waits for the best sign that the image offers: the user's command, its health check, its ports, its peace. */
export async function firstReady(
  app: App,
  health: Promise<Health> | undefined,
  sockets: () => Promise<readonly Socket[] | undefined>,
): Promise<Readiness> {
  const { settings } = app.context;
  if (settings.waitCommand.length > 0) return readyAgain(app, undefined, { kind: 'command' });
  if ((await health)?.kind === 'healthy') return { kind: 'ready', sign: { kind: 'healthcheck' }, seconds: app.age() };
  const ports = (await sockets())?.map(({ port }) => port) ?? [];
  return readyAgain(app, undefined, ports.length > 0 ? { kind: 'ports', ports } : { kind: 'quiet' });
}

/** What it listens on once that no longer changes; `undefined` when that cannot be seen. */
export async function settledSockets(app: App, sight: Sight | undefined): Promise<readonly Socket[] | undefined> {
  if (sight === undefined) return undefined;
  const { settings, facts } = app.context;
  const wanted = facts.config.exposed.filter(({ protocol }) => protocol !== 'sctp');
  let sockets: readonly Socket[] | undefined;
  await until(app.context, Math.max(0, settings.startTimeout - app.age()), async () => {
    if (app.ending()) return true;
    sockets = (await socketsOf(sight)) ?? sockets;
    const isOpen = ({ port, protocol }: (typeof wanted)[number]): boolean =>
      sockets?.some((socket) => socket.port === port && socket.protocol === protocol) === true;
    if (wanted.length > 0 && wanted.every(isOpen)) return true;
    if (!isSettled(app)) return undefined;
    if (wanted.length === 0) return true;
    // What it says that it will open may still come, so it is given more time, and all of it when nothing is open yet.
    return (sockets?.length ?? 0) > 0 && app.age() >= otherPortsAge ? true : undefined;
  });
  return sockets;
}

/** Waits for the sign that the app gave in another run. */
export async function readyAgain(app: App, sight: Sight | undefined, sign: Sign): Promise<Readiness> {
  const { settings, facts } = app.context;
  let last = '';
  const reached = async (): Promise<true | undefined> => {
    if (app.ending()) return true;
    switch (sign.kind) {
      case 'command': {
        const answer = await app.exec(settings.waitCommand);
        last = answer === undefined ? 'It gave no answer' : linesOf(answer);
        return answer?.code === 0 ? true : undefined;
      }
      case 'healthcheck': {
        const { healthcheck } = facts.config;
        const answer = healthcheck && (await app.exec(healthcheck.command, { timeout: healthcheck.timeout }));
        last = answer === undefined ? 'The health check gave no answer' : linesOf(answer);
        return answer?.code === 0 ? true : undefined;
      }
      case 'ports': {
        // Seen by the one who asks, and just now.
        if (sight === undefined) return true;
        const sockets = (await socketsOf(sight)) ?? [];
        last = `It listens on ${sockets.map(({ port }) => port).join(', ') || 'no port'}`;
        return sign.ports.every((port) => sockets.some((socket) => socket.port === port)) ? true : undefined;
      }
      case 'quiet':
        return isSettled(app) ? true : undefined;
    }
  };
  // However little time it is given, what has no sign of its own lives at least that long.
  const most = sign.kind === 'quiet' ? Math.max(settings.startTimeout, talkativeAge + 1) : settings.startTimeout;
  const isReached = await until(app.context, most, reached);
  const ending = app.ending();
  if (ending) return { kind: 'ended', ending };
  return isReached === true ? { kind: 'ready', sign, seconds: app.age() } : { kind: 'late', seconds: app.age(), last };
}

function isSettled(app: App): boolean {
  return app.age() >= talkativeAge || (app.age() >= quietAge && app.quiet() >= quietTime);
}

export type Health =
  | { readonly kind: 'healthy'; readonly seconds: number; readonly took: number }
  | { readonly kind: 'unhealthy'; readonly seconds: number; readonly last: Ended | undefined }
  | { readonly kind: 'ended' };

/** Runs the image's health check as the engine would, only more often, until it passes or the engine would have given up. */
export async function untilHealthy(app: App, check: Healthcheck, most: number): Promise<Health> {
  const allowed = Math.min(check.startPeriod + check.interval * check.retries, most);
  let last: Ended | undefined;
  const health = await until<Health>(app.context, allowed, async () => {
    if (app.ending()) return { kind: 'ended' };
    const begun = app.age();
    last = await app.exec(check.command, { timeout: check.timeout });
    if (last?.code === 0) return { kind: 'healthy', seconds: app.age(), took: app.age() - begun };
    // What is not in the image will not come.
    return last && isMissing(last) ? { kind: 'unhealthy', seconds: app.age(), last } : undefined;
  });
  return health ?? { kind: 'unhealthy', seconds: app.age(), last };
}

export function isMissing({ code }: Pick<Ended, 'code'>): boolean {
  return code === 127 || code === 126;
}

function linesOf({ stdout, stderr }: Ended): string {
  return `${stdout}${stderr}`.trim();
}
