import { type JsonObject, textAt } from '../../azure/json.ts';
import type { ContainerAppChoices } from '../choices.ts';
import type { Value } from '../value.ts';
import { type Difference, difference } from './difference.ts';
import { isSameText, listAt, shown } from './scene.ts';
import { runsPlaceholder } from './unsaid.ts';

const configuration = 'properties.configuration';

/** With several revisions, traffic stays where it is: "the latest" would be the new one. */
export function modeDifferences(
  app: ContainerAppChoices,
  there: JsonObject,
  isNewRevision: boolean,
): readonly Difference[] {
  if (app.revisions === undefined) return [];
  const mode = app.revisions === 'multiple' ? 'Multiple' : 'Single';
  const now = textAt(there, `${configuration}.activeRevisionsMode`);
  const path = `${configuration}.ingress.traffic`;
  const traffic = listAt(there, path);
  const modes = isSameText(now, mode)
    ? []
    : difference(`${configuration}.activeRevisionsMode`, 'revisions', now, mode, 'Single');
  if (mode === 'Single') {
    if (modes.length === 0) return [];
    const to = [{ latestRevision: true, weight: 100 }];
    return [
      ...modes,
      { edit: { at: path, to }, change: { what: 'traffic', from: trafficText(traffic), to: trafficText(to) } },
    ];
  }
  const ready = textAt(there, 'properties.latestReadyRevisionName') ?? textAt(there, 'properties.latestRevisionName');
  // Nobody wants to keep a revision of the placeholder.
  if (!isNewRevision || !followsLatest(there) || ready === undefined || ready === '' || runsPlaceholder(there))
    return modes;
  const to = traffic.length === 0 ? [{ revisionName: ready, weight: 100 }] : pinned(traffic, ready);
  const change = { what: 'traffic', from: trafficText(traffic), to: trafficText(to) };
  return [...modes, { edit: { at: path, to }, change }];
}

/** Whether a new revision gets requests without being told so. */
export function followsLatest(there: JsonObject): boolean {
  const traffic = listAt(there, `${configuration}.ingress.traffic`);
  return traffic.length === 0 || traffic.some((one) => one['latestRevision'] === true);
}

/** Each revision once, as Azure wants it. */
function pinned(traffic: readonly JsonObject[], revision: string): readonly JsonObject[] {
  const named = traffic.map((one): JsonObject => {
    if (one['latestRevision'] !== true) return one;
    const { latestRevision: _, ...rest } = one;
    return { ...rest, revisionName: revision };
  });
  const [first, ...more] = named.filter((one) => one['revisionName'] === revision);
  const weight = [first, ...more].reduce((sum, one) => sum + Number(one?.['weight'] ?? 0), 0);
  return named.filter((one) => !more.includes(one)).map((one) => (one === first ? { ...one, weight } : one));
}

/** For people. */
export function trafficText(traffic: readonly (JsonObject | Readonly<Record<string, Value>>)[]): string {
  const parts = traffic.map((one) => {
    const name = one['latestRevision'] === true ? 'the latest' : shown(one['revisionName']);
    return `${shown(one['weight'] ?? 0)} % to ${name}`;
  });
  return parts.length === 0 ? '100 % to the latest' : parts.join(', ');
}
