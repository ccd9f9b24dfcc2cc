import { randomInt } from 'node:crypto';
import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { idOf, nameOf } from './ids.ts';
import { listAt, numberAt, objectAt } from './json-edit.ts';

/** The revisions of an app, oldest first. */
export function revisionsOf(core: Core, app: string): readonly JsonObject[] {
  return core.store.list(app, 'Microsoft.App/containerApps/revisions');
}

export interface Share {
  readonly revision: string;
  readonly weight: number;
  readonly label: string | undefined;
}

/** Where an app's requests go. The latest revision is the latest that is ready. */
export function trafficOf(core: Core, app: JsonObject): readonly Share[] {
  const ingress = objectAt(objectAt(objectAt(app, 'properties'), 'configuration'), 'ingress');
  const ready = textAt(app, 'properties.latestReadyRevisionName');
  const names = new Set(revisionsOf(core, idOf(app)).map(nameOf));
  return listAt(ingress, 'traffic').flatMap((entry) => {
    const revision = entry['latestRevision'] === true ? ready : textAt(entry, 'revisionName');
    if (revision === undefined || !names.has(revision)) return [];
    const label = textAt(entry, 'label');
    return [{ revision, weight: numberAt(entry, 'weight') ?? 0, label: label === '' ? undefined : label }];
  });
}

/** Seven letters and digits, a letter first: `fgi05lv`. */
export function suffixOf(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const signs = `${letters}0123456789`;
  const pick = (from: string): string => from[randomInt(from.length)] ?? 'x';
  return pick(letters) + Array.from({ length: 6 }, () => pick(signs)).join('');
}
