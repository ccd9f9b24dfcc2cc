import type { ExposedPort } from '../../tools/container/image-config.ts';
import type { Socket } from '../../tools/container/sockets.ts';
import { instructions, notApplicable, type Check, type Judgement } from '../check.ts';
import { nothingToRun, notStarted } from '../judge.ts';
import { plainRun } from '../runs/plain.ts';

export const port: Check = {
  id: 'port',
  whyNot: nothingToRun,
  async run(context) {
    const plain = await context.once(plainRun);
    const trouble = notStarted(context, plain, 'port');
    if (trouble) return trouble;
    if (plain.sockets === undefined) {
      return notApplicable('Its ports cannot be seen: the image has nothing that reads files, and runs elsewhere');
    }
    return judgePorts(context.facts.config.exposed, plain.sockets, plain.how ?? '');
  },
};

/** What an image says that it listens on, against what it does listen on. */
export function judgePorts(exposed: readonly ExposedPort[], sockets: readonly Socket[], how: string): Judgement {
  const said = exposed.filter(({ protocol }) => protocol !== 'sctp');
  const open = sockets.filter(({ isLoopback }) => !isLoopback);
  const details = [`Listens on ${sockets.map(named).join(', ') || 'no port'} (${how})`];
  const inside = (wanted: ExposedPort): boolean =>
    sockets.some((socket) => socket.isLoopback && isSame(wanted, socket));
  const missing = said.filter((wanted) => !open.some((socket) => isSame(wanted, socket)));
  // A UDP port is opened for every question that is asked, too, so only a TCP port is held against it.
  const unsaid = open.filter((socket) => socket.protocol === 'tcp' && !said.some((wanted) => isSame(wanted, socket)));
  const broken = (message: string, advice: string, ...keywords: readonly string[]): Judgement => {
    return { outcome: 'broken', message, advice, details, concerns: instructions(...keywords) };
  };

  const hidden = missing.find(inside) ?? (said.length === 0 && open.length === 0 ? sockets.find(isTcp) : undefined);
  if (hidden) {
    const message = `Listens on 127.0.0.1:${hidden.port} only: nothing outside the container reaches it`;
    return broken(message, "Let it listen on '0.0.0.0' or '::'", 'CMD', 'ENTRYPOINT', 'EXPOSE');
  }
  if (said.length === 0) {
    const [first] = unsaid;
    if (first === undefined) return notApplicable('Exposes no port and listens on none', { details });
    const ports = unsaid.map(({ port: number }) => number);
    return broken(
      `Listens on ${list(ports)}, but exposes no port`,
      `Add 'EXPOSE ${ports.join(' ')}'`,
      'EXPOSE',
      'CMD',
      'ENTRYPOINT',
    );
  }
  const wanted = list(missing.map(short));
  const others = list(unsaid.map(short));
  if (missing.length > 0 && unsaid.length > 0) {
    const advice = `Expose ${others} instead, or let it listen on ${wanted}`;
    return broken(`Exposes ${wanted}, but listens on ${others}`, advice, 'EXPOSE', 'CMD', 'ENTRYPOINT');
  }
  if (missing.length > 0) {
    const inner = sockets.filter(({ isLoopback, protocol }) => isLoopback && protocol === 'tcp').map(named);
    const only = inner.length > 0 ? `listens on ${list(inner)} only` : 'listens on no port';
    const but = open.length > 0 ? 'does not listen there' : only;
    return broken(
      `Exposes ${wanted}, but ${but}`,
      `Let it listen on ${wanted}, or expose what it uses`,
      'EXPOSE',
      'CMD',
      'ENTRYPOINT',
    );
  }
  if (unsaid.length > 0) {
    const advice = `Close ${others} in production, or add 'EXPOSE ${unsaid.map(short).join(' ')}'`;
    return broken(`Listens on ${others}, too, which it does not expose`, advice, 'EXPOSE', 'CMD', 'ENTRYPOINT');
  }
  return {
    outcome: 'kept',
    message: `Listens on ${list(said.map(short))} as exposed`,
    details,
    concerns: instructions('EXPOSE'),
  };
}

function isSame(wanted: ExposedPort, socket: Socket): boolean {
  return wanted.port === socket.port && wanted.protocol === socket.protocol;
}

function isTcp({ protocol }: Socket): boolean {
  return protocol === 'tcp';
}

function short({ port: number, protocol }: { readonly port: number; readonly protocol: string }): string {
  return protocol === 'tcp' ? String(number) : `${number}/${protocol}`;
}

function named(socket: Socket): string {
  return `${socket.isLoopback ? '127.0.0.1:' : ''}${short(socket)}`;
}

const mostNamed = 5;

function list(ports: readonly (string | number)[]): string {
  const more = ports.length - mostNamed;
  return ports.slice(0, mostNamed).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
