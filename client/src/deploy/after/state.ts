import { apiVersions } from '../../azure/api-versions.ts';
import type { Arm, SendOptions } from '../../azure/arm.ts';
import { at, textAt, type JsonObject } from '../../azure/json.ts';
import type { Target } from '../choices.ts';
import { labelAddress, revisionOf } from '../plan/app-labels.ts';
import { runsPlaceholder } from '../plan/unsaid.ts';
import { idsOf } from '../plan/ids.ts';
import { listAt } from '../plan/scene.ts';

/** What runs of a target right now, as Azure says. */
export interface TargetState {
  /** Resource id of the site, the container app or the group. */
  readonly app: string;
  /** Slots, revisions, or the one group; what gets the traffic first. */
  readonly versions: readonly Version[];
  /** Container app: several revisions may run at once. */
  readonly isMultiple?: boolean;
}

export interface Version {
  readonly kind: 'production' | 'slot' | 'revision' | 'group';
  readonly name: string;
  readonly image: string | undefined;
  /** What the platform calls it: `Running`, `Stopped`, `Scaled to 0`, `Healthy` ... */
  readonly state: string;
  /** What is wrong with it, in the platform's words, which may be long. */
  readonly reason?: string;
  readonly isActive: boolean;
  /** Per cent of the requests; not there where there is nothing to split. */
  readonly weight?: number;
  readonly replicas?: number;
  readonly labels?: readonly Label[];
  readonly url?: string;
  /** ISO 8601. */
  readonly changedAt?: string;
  /** A mail address, or the object id of a pipeline; only where Azure tells. */
  readonly changedBy?: string;
}

/** On a revision, with an address of its own. */
export interface Label {
  readonly name: string;
  /** Not there where it does not follow from the app's. */
  readonly url?: string;
}

/** `undefined` when the target's app is not there. */
export async function readState(arm: Arm, target: Target, options?: SendOptions): Promise<TargetState | undefined> {
  const ids = idsOf(target);
  switch (target.app.kind) {
    case 'appService':
      return readSite(arm, ids.site ?? ids.app, options);
    case 'containerApp':
      return readContainerApp(arm, ids.app, options);
    case 'containerInstance':
      return readGroup(arm, ids.app, options);
  }
}

async function readSite(arm: Arm, id: string, options?: SendOptions): Promise<TargetState | undefined> {
  const site = await arm.find(id, apiVersions.web, options);
  if (site === undefined) return undefined;
  const slots = await arm.list(`${id}/slots`, apiVersions.web, {}, options);
  const versions = await Promise.all([
    siteVersion(arm, id, site, { kind: 'production', name: 'production' }, options),
    ...slots.map((slot) => {
      const name = (textAt(slot, 'name') ?? '').split('/').at(-1) ?? '';
      return siteVersion(arm, `${id}/slots/${name}`, slot, { kind: 'slot', name }, options);
    }),
  ]);
  return { app: id, versions };
}

async function siteVersion(
  arm: Arm,
  id: string,
  site: JsonObject,
  what: Pick<Version, 'kind' | 'name'>,
  options: SendOptions | undefined,
): Promise<Version> {
  // A list of sites leaves the image out.
  const config = await arm.find(`${id}/config/web`, apiVersions.web, options);
  const host = textAt(site, 'properties.defaultHostName');
  const state = textAt(site, 'properties.state') ?? 'Unknown';
  return {
    ...what,
    // Of several containers, or of code, there is no one image.
    image: /^DOCKER\|(.+)/i.exec(textAt(config, 'properties.linuxFxVersion') ?? '')?.[1],
    state,
    isActive: state === 'Running',
    ...optional('url', host === undefined ? undefined : `https://${host}`),
    ...optional('changedAt', inUtc(textAt(site, 'properties.lastModifiedTimeUtc'))),
    ...optional('changedBy', textAt(site, 'systemData.lastModifiedBy')),
  };
}

async function readContainerApp(arm: Arm, id: string, options?: SendOptions): Promise<TargetState | undefined> {
  const app = await arm.find(id, apiVersions.containerApps, options);
  if (app === undefined) return undefined;
  const revisions = await arm.list(`${id}/revisions`, apiVersions.containerApps, {}, options);
  const isMultiple = textAt(app, 'properties.configuration.activeRevisionsMode')?.toLowerCase() === 'multiple';
  // The placeholder was there for its identity only: nobody wants to send requests to it.
  const versions = revisions
    .filter((revision) => !runsPlaceholder(revision))
    .map((revision) => revisionVersion(revision, trafficOf(app), app));
  const order = (version: Version): number => (version.weight ?? 0) + (version.isActive ? 0.5 : 0);
  return {
    app: id,
    isMultiple,
    versions: versions.toSorted(
      (left, right) => order(right) - order(left) || (right.changedAt ?? '').localeCompare(left.changedAt ?? ''),
    ),
  };
}

function trafficOf(app: JsonObject): readonly JsonObject[] {
  return listAt(app, 'properties.configuration.ingress.traffic');
}

function revisionVersion(revision: JsonObject, traffic: readonly JsonObject[], app: JsonObject): Version {
  const name = textAt(revision, 'name') ?? '';
  const isActive = at(revision, 'properties.active') === true;
  const weight = at(revision, 'properties.trafficWeight');
  const isMe = (other: string | undefined): boolean => other?.toLowerCase() === name.toLowerCase();
  const labels = traffic.flatMap((one): readonly Label[] => {
    const label = textAt(one, 'label');
    if (label === undefined || !isMe(revisionOf(app, one))) return [];
    return [{ name: label, ...optional('url', labelAddress(app, label)) }];
  });
  const host = textAt(
    weight === 100 ? app : revision,
    `properties.${weight === 100 ? 'configuration.ingress.' : ''}fqdn`,
  );
  const replicas = at(revision, 'properties.replicas');
  return {
    kind: 'revision',
    name,
    image: textAt(revision, 'properties.template.containers.0.image'),
    state: isActive ? stateOf(revision) : 'Inactive',
    ...optional('reason', textAt(revision, 'properties.provisioningError')),
    isActive,
    ...(typeof weight === 'number' && { weight }),
    ...(typeof replicas === 'number' && { replicas }),
    ...(labels.length > 0 && { labels }),
    ...optional('url', host === undefined || !isActive ? undefined : `https://${host}`),
    ...optional('changedAt', textAt(revision, 'properties.createdTime')),
    ...optional('changedBy', isMe(textAt(app, 'properties.latestRevisionName')) ? makerOf(revision, app) : undefined),
  };
}

/** Revisions do not tell who made them. Whoever changed the app last has made its latest, unless that was long before. */
function makerOf(revision: JsonObject, app: JsonObject): string | undefined {
  const changed = Date.parse(textAt(app, 'systemData.lastModifiedAt') ?? '');
  const made = Date.parse(textAt(revision, 'properties.createdTime') ?? '');
  return changed - made < 60_000 ? textAt(app, 'systemData.lastModifiedBy') : undefined;
}

/** What is wrong goes before what runs. */
function stateOf(revision: JsonObject): string {
  const provisioning = textAt(revision, 'properties.provisioningState');
  const health = textAt(revision, 'properties.healthState');
  if (provisioning === 'Failed') return 'Failed';
  if (health === 'Unhealthy') return 'Unhealthy';
  const running = textAt(revision, 'properties.runningState') ?? health ?? provisioning ?? 'Unknown';
  return running === 'ScaledToZero' ? 'Scaled to zero' : running;
}

async function readGroup(arm: Arm, id: string, options?: SendOptions): Promise<TargetState | undefined> {
  const group = await arm.find(id, apiVersions.containerInstances, options);
  if (group === undefined) return undefined;
  const state = textAt(group, 'properties.instanceView.state') ?? textAt(group, 'properties.provisioningState') ?? '';
  const host = textAt(group, 'properties.ipAddress.fqdn') ?? textAt(group, 'properties.ipAddress.ip');
  const port = at(group, 'properties.ipAddress.ports.0.port');
  const current = 'properties.containers.0.properties.instanceView.currentState';
  const version: Version = {
    kind: 'group',
    name: textAt(group, 'name') ?? '',
    image: textAt(group, 'properties.containers.0.properties.image'),
    state,
    isActive: state === 'Running',
    ...optional('url', host === undefined ? undefined : `http://${host}${typeof port === 'number' ? `:${port}` : ''}`),
    ...optional('reason', textAt(group, `${current}.detailStatus`)),
    ...optional('changedAt', textAt(group, `${current}.startTime`)),
    ...optional('changedBy', textAt(group, 'systemData.lastModifiedBy')),
  };
  return { app: id, versions: [version] };
}

/** App Service leaves out that its times are in UTC. */
function inUtc(time: string | undefined): string | undefined {
  return time === undefined || /(Z|[+-]\d\d:\d\d)$/i.test(time) ? time : `${time}Z`;
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined || value === '' ? {} : ({ [key]: value } as Record<K, string>);
}
