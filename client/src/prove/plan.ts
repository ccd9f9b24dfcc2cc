import type { Conditions } from '../tools/container/run.ts';
import type { ImageFacts } from './facts.ts';
import type { PromiseId, ProveSettings } from './promise.ts';

export interface ProvePlan {
  readonly facts: ImageFacts;
  readonly settings: ProveSettings;
  readonly asked: readonly Asked[];
  readonly runs: readonly PlannedRun[];
}

export interface Asked {
  readonly promise: PromiseId;
  /** Why the image is not asked after all. */
  readonly whyNot?: string;
}

/** One container that is started. */
export interface PlannedRun {
  readonly id: RunId;
  readonly conditions: Conditions;
  /** What it gives answers to. */
  readonly promises: readonly PromiseId[];
  /** Only if the app does not start in production: which of the conditions is to blame? */
  readonly onlyToBlame?: true;
}

export type RunId = 'plain' | 'production' | 'stopping' | Restriction;

export type Restriction = (typeof restrictions)[number];
export const restrictions = ['read-only', 'no-privileges', 'limits'] as const;

// More than any usual app has, and far less than a machine can take.
const mostProcesses = 512;

const servedBy = {
  plain: ['non-root', 'port', 'healthy', 'unhealthy-when-stopped'],
  production: restrictions,
  stopping: ['no-zombies', 'stops'],
} as const satisfies Partial<Record<RunId, readonly PromiseId[]>>;

/** Can be told only of an app that starts. */
export const runtimePromises: readonly PromiseId[] = Object.values(servedBy).flat();

export function planProof(facts: ImageFacts, settings: ProveSettings, asked: readonly Asked[]): ProvePlan {
  const open = asked.filter(({ whyNot }) => whyNot === undefined).map(({ promise }) => promise);
  const among = (promises: readonly PromiseId[]): readonly PromiseId[] => promises.filter((id) => open.includes(id));
  const limited = restrictions.filter((id) => open.includes(id));
  const needsApp = among(runtimePromises);
  if (needsApp.length === 0) return { facts, settings, asked, runs: [] };
  const runs: PlannedRun[] = [{ id: 'plain', conditions: {}, promises: among(servedBy.plain) }];
  if (limited.length > 0) {
    const conditions = Object.assign({}, ...limited.map((id) => conditionOf(id, settings))) as Conditions;
    runs.push({ id: 'production', conditions, promises: limited });
  }
  const stopping = among(servedBy.stopping);
  if (stopping.length > 0) runs.push({ id: 'stopping', conditions: {}, promises: stopping });
  if (limited.length > 1) {
    const single = (id: Restriction): PlannedRun => {
      return { id, conditions: conditionOf(id, settings), promises: [id], onlyToBlame: true };
    };
    runs.push(...limited.map(single));
  }
  return { facts, settings, asked, runs };
}

function conditionOf(id: Restriction, { writable, memory, cpus }: ProveSettings): Conditions {
  switch (id) {
    case 'read-only':
      return { readOnly: { writable } };
    case 'no-privileges':
      return { noPrivileges: true };
    case 'limits':
      return { limits: { memory, cpus, processes: mostProcesses } };
  }
}
