import { type JsonObject, textAt } from '../../azure/json.ts';
import type { ContainerAppChoices } from '../choices.ts';
import type { Value } from '../value.ts';
import { type Difference, difference } from './difference.ts';
import { isSameText, listAt, shown } from './scene.ts';

const configuration = 'properties.configuration';

/** With several revisions, traffic stays where it is: "the latest" would be the new one. */
export function modeDifferences(
  app: ContainerAppChoices,
  there: JsonObject,
  isNewRevision: boolean,
): readonly Difference[] {
  const mode = app.revisions === 'multiple' ? 'Multiple' : 'Single';
  const now = textAt(there, `${configuration}.activeRevisionsMode`) ?? 'Single';
  const path = `${configuration}.ingress.traffic`;
  const traffic = listAt(there, path);
  const modes = isSameText(now, mode) ? [] : difference(`${configuration}.activeRevisionsMode`, 'revisions', now, mode);
  if (mode === 'Single') {
    if (modes.length === 0) return [];
    const to = [{ latestRevision: true, weight: 100 }];
    return [
      ...modes,
      { edit: { at: path, to }, change: { what: 'traffic', from: trafficText(traffic), to: trafficText(to) } },
    ];
  }
  const ready = textAt(there, 'properties.latestReadyRevisionName') ?? textAt(there, 'properties.latestRevisionName');
  const followsLatest = traffic.length === 0 || traffic.some((one) => one['latestRevision'] === true);
  if (!isNewRevision || !followsLatest || ready === undefined || ready === '') return modes;
  const pinned = traffic.length === 0 ? [{ revisionName: ready, weight: 100 }] : traffic.map((one) => pin(one, ready));
  const change = { what: 'traffic', from: trafficText(traffic), to: trafficText(pinned) };
  return [...modes, { edit: { at: path, to: pinned }, change }];
}

function pin(entry: JsonObject, revision: string): JsonObject {
  if (entry['latestRevision'] !== true) return entry;
  const { latestRevision: _, ...rest } = entry;
  return { revisionName: revision, ...rest };
}

/** For people. */
export function trafficText(traffic: readonly (JsonObject | Readonly<Record<string, Value>>)[]): string {
  const parts = traffic.map((one) => {
    const name = one['latestRevision'] === true ? 'the latest' : shown(one['revisionName']);
    return `${shown(one['weight'] ?? 0)} % to ${name}`;
  });
  return parts.length === 0 ? '100 % to the latest' : parts.join(', ');
}
