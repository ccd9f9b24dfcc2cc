import { apiVersions } from '../azure/api-versions.ts';
import type { Arm, ArmRequest, SendOptions } from '../azure/arm.ts';
import { isAzureError } from '../azure/azure-error.ts';
import { isObject, textAt } from '../azure/json.ts';
import { isSameId, nameOf } from '../azure/resource-id.ts';
import { createdIn } from './execute.ts';
import type { JournalRecord } from './world.ts';

/** Something that an unfinished deployment made, and that is still there. */
export interface Deletion {
  readonly id: string;
  readonly apiVersion: string;
  /** For people: `registry 'shopreg'`. */
  readonly title: string;
  /** Why it is kept in spite of being ours. */
  readonly kept?: string;
}

export interface CleanUpOptions extends SendOptions {
  readonly onDeleted?: (deletion: Deletion) => void;
}

/** What would be deleted, newest first: only what the journal says was made, and still is as it was made. To be shown before. */
export async function planCleanUp(
  arm: Arm,
  record: JournalRecord,
  options: SendOptions = {},
): Promise<readonly Deletion[]> {
  const ids = [...new Set([...(record.earlier ?? []), ...createdIn(record)])].reverse();
  // Groups last: what we made in them goes first.
  const ordered = [...ids.filter((id) => !isGroup(id)), ...ids.filter(isGroup)];
  const deletions: Deletion[] = [];
  const certain = new Set(Object.values(record.steps).map(({ state, created }) => state === 'done' && created));
  for (const id of ordered) {
    const apiVersion = apiVersionOf(id);
    const found = apiVersion === undefined ? undefined : await arm.find(id, apiVersion, options);
    if (found === undefined || apiVersion === undefined) continue;
    const madeAt = Date.parse(textAt(found, 'systemData.createdAt') ?? '');
    // Older than the deployment: the journal was about to make it when somebody else's stood there. An hour for clocks that differ;
    // by more they may be wrong altogether, so that what was made for certain is not asked for its age.
    const startedAt = Date.parse(record.startedAt);
    if (record.earlier === undefined && !certain.has(id) && madeAt < startedAt - 3_600_000) continue;
    const inGroups = ids.filter((other) => !isGroup(other));
    const kept = isGroup(id) ? await otherwiseUsed(arm, id, inGroups, options) : undefined;
    deletions.push({ id, apiVersion, title: titleOf(id), ...(kept !== undefined && { kept }) });
  }
  return deletions;
}

/**
 * Deletes what was shown, in order. What is not there any more is done; the first refusal ends it, and doing it again goes on. A group goes only
 * if nothing is left in it, whatever was so when it was shown.
 */
export async function cleanUp(
  arm: Arm,
  deletions: readonly Deletion[],
  { onDeleted, ...options }: CleanUpOptions = {},
): Promise<readonly Deletion[]> {
  const kept: Deletion[] = [];
  for (const deletion of deletions) {
    options.signal?.throwIfAborted();
    const { id, apiVersion } = deletion;
    const reason = deletion.kept ?? (isGroup(id) ? await otherwiseUsed(arm, id, [], options) : undefined);
    if (reason !== undefined) {
      kept.push({ ...deletion, kept: reason });
      continue;
    }
    try {
      await arm.send({ method: 'DELETE', path: id, apiVersion, ...keepingPlan(id) }, options);
    } catch (error) {
      if (!isAzureError(error) || error.status !== 404) throw error;
    }
    onDeleted?.(deletion);
  }
  return kept;
}

/** Azure deletes the plan with the last app on it unless it is told not to; a plan of ours is deleted as what it is. */
function keepingPlan(id: string): Pick<ArmRequest, 'query'> {
  return /\/Microsoft\.Web\/sites\//i.test(id) ? { query: { deleteEmptyServerFarm: 'false' } } : {};
}

/** What is in the group besides ours; resources only, as nothing else can be in one. */
async function otherwiseUsed(
  arm: Arm,
  group: string,
  ours: readonly string[],
  options: SendOptions,
): Promise<string | undefined> {
  const all = await arm.list(`${group}/resources`, apiVersions.resources, {}, options);
  const others = all
    .filter(isObject)
    .map((resource) => textAt(resource, 'id') ?? '')
    .filter((id) => !ours.some((own) => isSameId(own, id) || id.toLowerCase().startsWith(`${own.toLowerCase()}/`)));
  const [first] = others;
  if (first === undefined) return undefined;
  return others.length === 1
    ? `'${nameOf(first)}' is in it, which this deployment did not make`
    : `${others.length} resources are in it that this deployment did not make`;
}

function isGroup(id: string): boolean {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i.test(id);
}

interface Kind {
  readonly type: RegExp;
  readonly apiVersion: string;
  readonly title: string;
}

/** Everything that a plan can make. What is not here is not deleted. */
const kinds: readonly Kind[] = [
  { type: /^Microsoft\.ContainerRegistry\/registries$/i, apiVersion: apiVersions.registries, title: 'registry' },
  {
    type: /^Microsoft\.ManagedIdentity\/userAssignedIdentities$/i,
    apiVersion: apiVersions.identities,
    title: 'identity',
  },
  { type: /^Microsoft\.Authorization\/roleAssignments$/i, apiVersion: apiVersions.roleAssignments, title: 'role' },
  { type: /^Microsoft\.Web\/serverfarms$/i, apiVersion: apiVersions.web, title: 'App Service plan' },
  { type: /^Microsoft\.Web\/sites$/i, apiVersion: apiVersions.web, title: 'web app' },
  { type: /^Microsoft\.Web\/sites\/slots$/i, apiVersion: apiVersions.web, title: 'slot' },
  { type: /^Microsoft\.App\/managedEnvironments$/i, apiVersion: apiVersions.containerApps, title: 'environment' },
  { type: /^Microsoft\.App\/containerApps$/i, apiVersion: apiVersions.containerApps, title: 'container app' },
  {
    type: /^Microsoft\.ContainerInstance\/containerGroups$/i,
    apiVersion: apiVersions.containerInstances,
    title: 'container group',
  },
  {
    type: /^Microsoft\.OperationalInsights\/workspaces$/i,
    apiVersion: apiVersions.workspaces,
    title: 'Log Analytics workspace',
  },
  { type: /^Microsoft\.Insights\/components$/i, apiVersion: apiVersions.components, title: 'Application Insights' },
  { type: /^Microsoft\.Insights\/metricAlerts$/i, apiVersion: apiVersions.metricAlerts, title: 'alert' },
];

function kindOf(id: string): Kind | undefined {
  const [namespace = '', ...rest] = id
    .slice(id.toLowerCase().lastIndexOf('/providers/') + '/providers/'.length)
    .split('/');
  const type = [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/');
  return kinds.find((kind) => kind.type.test(type));
}

function apiVersionOf(id: string): string | undefined {
  return isGroup(id) ? apiVersions.resources : kindOf(id)?.apiVersion;
}

function titleOf(id: string): string {
  if (isGroup(id)) return `resource group '${nameOf(id)}'`;
  const kind = kindOf(id);
  if (kind?.title !== 'role') return `${kind?.title ?? ''} '${nameOf(id)}'`;
  const scope = id.slice(0, id.toLowerCase().lastIndexOf('/providers/'));
  return `role on '${nameOf(scope)}'`;
}
