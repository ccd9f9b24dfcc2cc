import { randomUUID } from 'node:crypto';
import { isObject, textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { configure } from './config.ts';
import { createFront } from './front.ts';
import { namesIn, productionOf, propertiesOf } from './ids.ts';
import { identityOf } from './identity.ts';
import { createLogBook, type LogBook } from './log-book.ts';
import { refuse } from './refusals.ts';
import { createScm } from './scm.ts';
import { createWorker, type Worker } from './worker.ts';

/** What a site or slot has besides what is stored of it. */
export interface Live {
  readonly worker: Worker;
  readonly book: LogBook;
  readonly hostName: string;
  readonly scmHostName: string;
  readonly password: string;
  /** As its configuration was before it took on the target's, in a swap with preview. */
  beforeSwap: { readonly settings: JsonObject; readonly strings: JsonObject } | undefined;
}

/** Those of all sites and slots, also of those that a test has put there. */
export interface Lives {
  readonly of: (app: string) => Promise<Live>;
  /** Refuses what cannot be while slots are being swapped. */
  readonly checkFree: (app: string) => void;
  /** From now on, until what it gives is called. */
  readonly lock: (app: string) => () => void;
}

export function createLives(core: Core): Lives {
  const lives = new Map<string, Promise<Live>>();
  const swapping = new Set<string>();

  core.store.onDelete((id, resource) => {
    if (!/\/Microsoft\.Web\/sites\/[^/]+(\/slots\/[^/]+)?$/i.test(id)) return;
    const { system } = identityOf(resource);
    if (system !== undefined) core.directory.removePrincipal(system);
    const live = lives.get(id.toLowerCase());
    lives.delete(id.toLowerCase());
    void live?.then(async ({ worker, hostName, scmHostName }) => {
      await Promise.all([core.hosts.close(hostName), core.hosts.close(scmHostName), worker.stop()]);
    });
  });

  const open = async (app: string): Promise<Live> => {
    const { site, slot } = namesIn(app);
    const name = slot === undefined ? site : `${site}/${slot}`;
    const book = createLogBook();
    const worker = createWorker(core, app, book);
    const password = randomUUID();
    const hostName = await core.hosts.open(`site ${name}`, createFront(core, app, worker));
    const scmHostName = await core.hosts.open(`scm ${name}`, createScm(core, app, book, password));
    const stored = core.store.need(app);
    const { siteConfig, ...properties } = propertiesOf(stored);
    // One that a test has put there as Azure would show it.
    if (isObject(siteConfig)) configure(core, app, siteConfig, true);
    core.store.put(app, { ...stored, properties: { ...properties, ...hostNamesOf(hostName, scmHostName) } });
    if (textAt(stored, 'properties.state') !== 'Stopped') worker.restart();
    return { worker, book, hostName, scmHostName, password, beforeSwap: undefined };
  };

  return {
    of: (app) => {
      const key = app.toLowerCase();
      const found = lives.get(key) ?? open(app);
      lives.set(key, found);
      return found;
    },
    checkFree: (app) => {
      if (!swapping.has(productionOf(app).toLowerCase())) return;
      const message =
        'Cannot modify this site because another operation is in progress. Details: OperationName: SwapSiteSlots';
      throw refuse(409, 'Conflict', message, '59203');
    },
    lock: (app) => {
      const key = productionOf(app).toLowerCase();
      swapping.add(key);
      return () => swapping.delete(key);
    },
  };
}

function hostNamesOf(hostName: string, scmHostName: string): JsonObject {
  return {
    hostNames: [hostName],
    enabledHostNames: [hostName, scmHostName],
    defaultHostName: hostName,
    hostNameSslStates: [
      { name: hostName, sslState: 'Disabled', hostType: 'Standard' },
      { name: scmHostName, sslState: 'Disabled', hostType: 'Repository' },
    ],
  };
}
