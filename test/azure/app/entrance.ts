import type { IncomingMessage, ServerResponse } from 'node:http';
import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { forward } from '../forward.ts';
import { nameOf } from './ids.ts';
import { numberAt, objectAt } from './json-edit.ts';
import { trafficOf } from './revisions-of.ts';
import type { Replica } from './replica.ts';

/** The hosts of an app: its own, that splits, and one of each revision. */
export interface Entrance {
  /** What a container listens on; `undefined` without ingress. */
  readonly port: () => number | undefined;
  /** Opens or closes the app's host as its ingress says; gives its fqdn. */
  readonly open: () => Promise<string | undefined>;
  readonly openRevision: (name: string) => Promise<string | undefined>;
  readonly closeRevision: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Behind {
  readonly isStopped: () => boolean;
  /** Starts it if it is scaled to zero; `undefined` if the revision is not active. */
  readonly replicaFor: (revision: string) => Promise<Replica | undefined>;
}

export function createEntrance(core: Core, id: string, behind: Behind): Entrance {
  const hosts = new Map<string, string>();
  const credit = new Map<string, number>();
  const app = (): JsonObject => core.store.need(id);
  const ingress = (): JsonObject | undefined => {
    const found = objectAt(objectAt(objectAt(app(), 'properties'), 'configuration'), 'ingress');
    return Object.keys(found).length > 0 ? found : undefined;
  };

  const serve = async (
    asked: IncomingMessage,
    response: ServerResponse,
    revision: string | undefined,
  ): Promise<void> => {
    if (ingress()?.['external'] !== true || behind.isStopped() || revision === undefined) {
      refuse(response, 404, 'Error 404 - This Container App is stopped or does not exist.');
      return;
    }
    // Until it can be read: the body waits in the connection.
    asked.pause();
    const replica = await behind.replicaFor(revision).catch(() => 'failed' as const);
    if (replica === undefined) {
      refuse(response, 404, 'Error 404 - This Container App is stopped or does not exist.');
      return;
    }
    if (replica === 'failed' || !replica.isReady()) {
      refuse(response, 503, unreachable);
      return;
    }
    await forward(asked, response, await replica.reach());
  };

  /** Whoever has waited most in proportion to its weight is next: over a hundred requests, the shares are exact. */
  const next = (): string | undefined => {
    const shares = trafficOf(core, app()).filter(({ weight }) => weight > 0);
    for (const { revision, weight } of shares) credit.set(revision, (credit.get(revision) ?? 0) + weight);
    const [chosen] = [...shares].sort(
      (left, right) => (credit.get(right.revision) ?? 0) - (credit.get(left.revision) ?? 0),
    );
    if (chosen !== undefined) credit.set(chosen.revision, (credit.get(chosen.revision) ?? 0) - 100);
    return chosen?.revision;
  };

  /** `Host: shop---blue.<domain>` goes to the label's revision, as the label's address does. */
  const labelled = (host: string): string | undefined => {
    const label = host.startsWith(`${nameOf(app())}---`)
      ? host.slice(nameOf(app()).length + 3).split('.')[0]
      : undefined;
    return label === undefined ? undefined : trafficOf(core, app()).find((share) => share.label === label)?.revision;
  };

  const domain = (): string =>
    textAt(core.store.get(textAt(app(), 'properties.environmentId') ?? ''), 'properties.defaultDomain') ?? 'local';

  const openAt = async (name: string, revision: string | undefined): Promise<string> => {
    const known = hosts.get(name);
    if (known !== undefined) return known;
    const host = await core.hosts.open(`${name}.${domain()}`, (asked, response) =>
      serve(asked, response, revision ?? labelled(asked.headers.host ?? '') ?? next()),
    );
    hosts.set(name, host);
    return host;
  };

  const closeAt = async (name: string): Promise<void> => {
    const host = hosts.get(name);
    hosts.delete(name);
    if (host !== undefined) await core.hosts.close(host);
  };

  return {
    port: () => {
      const found = ingress();
      return found === undefined ? undefined : (numberAt(found, 'targetPort') ?? 0);
    },
    open: async () => {
      if (ingress() !== undefined) return openAt(nameOf(app()), undefined);
      await closeAt(nameOf(app()));
      return undefined;
    },
    openRevision: async (name) => (ingress() === undefined ? undefined : openAt(name, name)),
    closeRevision: closeAt,
    close: async () => {
      await Promise.all([...hosts.keys()].map(closeAt));
    },
  };
}

const unreachable = 'upstream connect error or disconnect/reset before headers. reset reason: connection failure';

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
}
