import { isObject, textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import { EngineError } from '../docker-engine.ts';
import { Refusal, type Core } from '../core.ts';
import { createEntrance, type Entrance } from './entrance.ts';
import { idOf, nameOf } from './ids.ts';
import { createJournal, type Journal } from './journal.ts';
import { numberAt, objectAt } from './json-edit.ts';
import { cannotProvision, planReplica, pullImages } from './plan-replica.ts';
import { startReplica, type Replica } from './replica.ts';
import { revisionsOf, suffixOf, trafficOf } from './revisions-of.ts';
import { resolveSecrets } from './secrets.ts';
import { asksForRevision } from './shape.ts';

/** What really runs of one container app, beside what the store says about it. */
export interface Runtime {
  readonly journal: Journal;
  /** The values that were given; references into vaults are resolved when they are used. */
  readonly secrets: () => ReadonlyMap<string, string>;
  readonly setSecrets: (values: ReadonlyMap<string, string>) => void;
  /** Makes real what the store says: a new revision if the template asks for one, hosts, traffic. */
  readonly apply: () => Promise<void>;
  readonly activate: (revision: string) => Promise<void>;
  readonly deactivate: (revision: string) => Promise<void>;
  readonly restart: (revision: string) => Promise<void>;
  readonly setStopped: (stopped: boolean) => Promise<void>;
  readonly isStopped: () => boolean;
  readonly replicaOf: (revision: string) => Replica | undefined;
  readonly end: () => Promise<void>;
}

/** How long a new revision may take to be well; twenty minutes in Azure. */
const patience = 40_000;

export function createRuntime(core: Core, id: string, idle: number): Runtime {
  const appNow = (): JsonObject => core.store.need(id);
  const environment = core.store.get(textAt(appNow(), 'properties.environmentId') ?? '');
  const customerId = textAt(environment, 'properties.appLogsConfiguration.logAnalyticsConfiguration.customerId');
  const journal = createJournal(nameOf(appNow()), nameOf(environment ?? {}), (table, row) => {
    if (customerId !== undefined) core.logs.add(customerId, table, row);
  });
  let secrets: ReadonlyMap<string, string> = new Map();
  let stopped = false;
  let ended = false;
  /** Images by revision, as they were when it was made. */
  const pulled = new Map<string, ReadonlyMap<string, string>>();
  const replicas = new Map<string, Promise<Replica>>();
  const running = new Map<string, Replica>();
  const timers = new Map<string, NodeJS.Timeout>();
  const ports = new Map<string, number>();
  const entrance: Entrance = createEntrance(core, id, {
    isStopped: () => stopped,
    replicaFor: async (revision) => {
      if (objectAt(revisionNamed(revision), 'properties')['active'] !== true) return undefined;
      const replica = await start(revision);
      rest(revision);
      await replica.ready(10_000);
      return replica;
    },
  });

  const event = (type: 'Normal' | 'Warning', revision: string, reason: string, message: string): void =>
    journal.event({ kind: 'event', time: new Date().toISOString(), type, revision, replica: '', reason, message });

  function revisionNamed(name: string): JsonObject | undefined {
    return core.store.get(`${id}/revisions/${name}`);
  }

  const change = (resource: string, properties: JsonObject): void => {
    const found = core.store.get(resource);
    if (found === undefined) return;
    core.store.put(idOf(found), { ...found, properties: { ...objectAt(found, 'properties'), ...properties } });
  };

  function start(name: string): Promise<Replica> {
    const known = replicas.get(name);
    if (known !== undefined) return known;
    const started: Promise<Replica> = (async () => {
      const revision = revisionNamed(name) ?? {};
      const images = pulled.get(name) ?? (await pullImages(core, appNow(), templateOf(revision), secrets));
      pulled.set(name, images);
      const plan = await planReplica(appNow(), revision, images, resolveSecrets(core, appNow(), secrets));
      const replica = await startReplica(core, plan, journal);
      running.set(name, replica);
      // Halted while it started.
      if (ended || !replicas.has(name)) await replica.end();
      change(`${id}/revisions/${name}`, { lastActiveTime: new Date().toISOString() });
      return replica;
    })();
    replicas.set(name, started);
    started.catch(() => {
      if (replicas.get(name) === started) replicas.delete(name);
    });
    return started;
  }

  const halt = async (name: string): Promise<void> => {
    clearTimeout(timers.get(name));
    const found = replicas.get(name);
    replicas.delete(name);
    running.delete(name);
    await found?.then(async (replica) => replica.end()).catch(() => undefined);
  };

  /** Back to zero after a while without requests, if the template lets it. */
  function rest(name: string): void {
    clearTimeout(timers.get(name));
    const scale = objectAt(templateOf(revisionNamed(name)), 'scale');
    if ((numberAt(scale, 'minReplicas') ?? 0) > 0 || entrance.port() === undefined) return;
    const timer = setTimeout(() => {
      event(
        'Normal',
        name,
        'KEDAScaleTargetDeactivated',
        `Deactivated apps/v1.Deployment k8se-apps/${name} from 1 to 0`,
      );
      void halt(name);
    }, idle);
    timer.unref();
    timers.set(name, timer);
  }

  const bringUp = async (name: string): Promise<boolean> => {
    const replica = await start(name);
    const well = await replica.ready(patience);
    rest(name);
    return well;
  };

  const addRevision = async (template: JsonObject): Promise<void> => {
    const app = appNow();
    const suffix = textAt(template, 'revisionSuffix') ?? '';
    const name = `${nameOf(app)}--${suffix === '' ? suffixOf() : suffix}`;
    if (revisionNamed(name) !== undefined) {
      throw cannotProvision(
        app,
        `The following field(s) are either invalid or missing. Field 'template.revisionsuffix' is invalid with details: 'Invalid value: "${suffix}": revision with suffix ${suffix} already exists.';.`,
      );
    }
    pulled.set(name, await pullImages(core, app, template, resolveSecrets(core, app, secrets)));
    const revision = `${id}/revisions/${name}`;
    const createdTime = new Date().toISOString();
    core.store.put(revision, {
      type: 'Microsoft.App/containerApps/revisions',
      properties: { createdTime, template, active: true, provisioningState: 'Provisioning' },
    });
    const fqdn = await entrance.openRevision(name);
    if (fqdn !== undefined) change(revision, { fqdn });
    change(id, { latestRevisionName: name, ...(fqdn !== undefined && { latestRevisionFqdn: fqdn }) });
    event('Normal', name, 'RevisionCreation', `Creating new revision '${name}'`);
    if (!stopped && !(await bringUpOrTell(name))) {
      const trouble = running.get(name)?.containers.find((one) => one.trouble !== undefined)?.trouble;
      change(revision, {
        provisioningState: 'Failed',
        provisioningError: `Deployment Progress Deadline Exceeded. 0/1 replicas ready.${trouble === undefined ? '' : ` ${trouble}`}`,
      });
      event('Warning', name, 'RevisionFailed', `Revision '${name}' failed to become ready`);
      throw cannotProvision(app, 'Operation expired.');
    }
    change(revision, { provisioningState: 'Provisioned' });
    change(id, { latestReadyRevisionName: name });
    event('Normal', name, 'RevisionReady', `Successfully provisioned revision '${name}'`);
  };

  const bringUpOrTell = async (name: string): Promise<boolean> => {
    try {
      return await bringUp(name);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (error instanceof EngineError) return false;
      throw error;
    }
  };

  const retire = async (): Promise<void> => {
    const app = appNow();
    const configuration = objectAt(objectAt(app, 'properties'), 'configuration');
    const ready = textAt(app, 'properties.latestReadyRevisionName');
    const isActive = (one: JsonObject): boolean => objectAt(one, 'properties')['active'] === true;
    if (configuration['activeRevisionsMode'] === 'Single') {
      // A newer one that failed is left, as it may still come up.
      const latest = textAt(app, 'properties.latestRevisionName');
      for (const one of revisionsOf(core, id).filter(isActive)) {
        if (nameOf(one) !== ready && nameOf(one) !== latest) await deactivate(nameOf(one));
      }
    }
    const inactive = revisionsOf(core, id).filter((one) => !isActive(one));
    for (const one of inactive.slice(
      0,
      Math.max(0, inactive.length - (numberAt(configuration, 'maxInactiveRevisions') ?? 100)),
    )) {
      core.store.delete(idOf(one));
      await entrance.closeRevision(nameOf(one));
    }
  };

  const deactivate = async (name: string): Promise<void> => {
    change(`${id}/revisions/${name}`, { active: false });
    event('Normal', name, 'RevisionDeactivating', `Deactivating old revision '${name}'`);
    await halt(name);
  };

  const activeNames = (): readonly string[] =>
    revisionsOf(core, id)
      .filter((one) => objectAt(one, 'properties')['active'] === true)
      .map(nameOf);

  const syncIngress = async (): Promise<void> => {
    const before = ports.get('target');
    const fqdn = await entrance.open();
    const app = appNow();
    const configuration = objectAt(objectAt(app, 'properties'), 'configuration');
    if (isObject(configuration['ingress'])) {
      const ingress = { ...configuration['ingress'], ...(fqdn !== undefined && { fqdn }) };
      change(id, { configuration: { ...configuration, ingress } });
    }
    for (const revision of revisionsOf(core, id)) {
      const host = await entrance.openRevision(nameOf(revision));
      if (host !== undefined) change(idOf(revision), { fqdn: host });
    }
    const port = entrance.port();
    if (port === undefined) ports.delete('target');
    else ports.set('target', port);
    // The target port is the app's, so that all revisions have a new one.
    if (before !== port) for (const name of activeNames()) await halt(name);
  };

  return {
    journal,
    secrets: () => secrets,
    setSecrets: (values) => {
      secrets = values;
    },
    apply: async () => {
      resolveSecrets(core, appNow(), secrets);
      await syncIngress();
      const template = objectAt(objectAt(appNow(), 'properties'), 'template');
      const latest = revisionNamed(textAt(appNow(), 'properties.latestRevisionName') ?? '');
      if (latest === undefined || asksForRevision(template, templateOf(latest))) await addRevision(template);
      await retire();
      const carrying = new Set(
        trafficOf(core, appNow())
          .filter(({ weight }) => weight > 0)
          .map(({ revision }) => revision),
      );
      for (const name of activeNames()) {
        const least = numberAt(objectAt(templateOf(revisionNamed(name)), 'scale'), 'minReplicas') ?? 0;
        if (!stopped && (least > 0 || carrying.has(name)) && !replicas.has(name)) await bringUpOrTell(name);
      }
    },
    activate: async (name) => {
      change(`${id}/revisions/${name}`, { active: true, provisioningState: 'Provisioned' });
      await bringUpOrTell(name);
    },
    deactivate,
    restart: async (name) => {
      await halt(name);
      await bringUpOrTell(name);
    },
    setStopped: async (value) => {
      stopped = value;
      for (const name of activeNames()) await (value ? halt(name) : bringUpOrTell(name));
    },
    isStopped: () => stopped,
    replicaOf: (name) => running.get(name),
    end: async () => {
      ended = true;
      await entrance.close();
      for (const name of [...replicas.keys()]) await halt(name);
    },
  };
}

function templateOf(revision: JsonObject | undefined): JsonObject {
  return objectAt(objectAt(revision, 'properties'), 'template');
}
