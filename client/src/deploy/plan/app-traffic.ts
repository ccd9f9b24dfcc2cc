import { type JsonObject, textAt } from '../../azure/json.ts';
import type { ContainerAppChoices } from '../choices.ts';
import type { Value } from '../value.ts';
import { placeholderImage } from './app-body.ts';
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
  const followsLatest = traffic.length === 0 || traffic.some((one) => one['latestRevision'] === true);
  if (!isNewRevision || !followsLatest || ready === undefined || ready === '' || runsPlaceholder(there)) return modes;
  const to = traffic.length === 0 ? [{ revisionName: ready, weight: 100 }] : pinned(traffic, ready);
  const change = { what: 'traffic', from: trafficText(traffic), to: trafficText(to) };
  return [...modes, { edit: { at: path, to }, change }];
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

/** An app that was made for its identity and never got further: nobody wants to keep that revision. */
function runsPlaceholder(there: JsonObject): boolean {
  return listAt(there, 'properties.template.containers').some((one) => textAt(one, 'image') === placeholderImage);
}

/** For people. */
export function trafficText(traffic: readonly (JsonObject | Readonly<Record<string, Value>>)[]): string {
  const parts = traffic.map((one) => {
    const name = one['latestRevision'] === true ? 'the latest' : shown(one['revisionName']);
    return `${shown(one['weight'] ?? 0)} % to ${name}`;
  });
  return parts.length === 0 ? '100 % to the latest' : parts.join(', ');
}
