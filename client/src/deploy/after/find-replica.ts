import { apiVersions } from '../../azure/api-versions.ts';
import type { Arm, SendOptions } from '../../azure/arm.ts';
import { at, textAt, type JsonObject } from '../../azure/json.ts';

/** One copy of a container app that runs, and where its log is. */
export interface FoundReplica {
  readonly revision: string;
  readonly logs: string;
}

/**
 * A replica of this revision; or of the active one that gets the most requests, and of those the newest. Not of the newest alone: with
 * several revisions it may get none, and so have no replica.
 */
export async function findReplica(
  arm: Arm,
  app: JsonObject,
  revision: string | undefined,
  options: SendOptions,
): Promise<FoundReplica | undefined> {
  const id = textAt(app, 'id') ?? '';
  const names =
    revision === undefined
      ? inOrder(await arm.list(`${id}/revisions`, apiVersions.containerApps, {}, options))
      : [revision];
  for (const name of names) {
    const replicas = await arm.list(`${id}/revisions/${name}/replicas`, apiVersions.containerApps, {}, options);
    const logs = replicas.map((one) => textAt(one, 'properties.containers.0.logStreamEndpoint')).find(Boolean);
    if (logs !== undefined) return { revision: name, logs };
  }
  return undefined;
}

/** The active ones: most requests first, then the newest first. */
export function inOrder(revisions: readonly JsonObject[]): readonly string[] {
  const weight = (one: JsonObject): number => Number(at(one, 'properties.trafficWeight') ?? 0);
  const born = (one: JsonObject): string => textAt(one, 'properties.createdTime') ?? '';
  return revisions
    .filter((one) => at(one, 'properties.active') === true)
    .toSorted((left, right) => weight(right) - weight(left) || born(right).localeCompare(born(left)))
    .flatMap((one) => textAt(one, 'name') ?? []);
}
