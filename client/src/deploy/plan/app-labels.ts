import { at, type JsonObject, textAt } from '../../azure/json.ts';
import { isSameText } from './scene.ts';

/** A label gives a revision of a container app an address of its own, which it keeps when it moves to another revision. */

export function labelProblem(label: string): string | undefined {
  if (/^[a-z](?!.*--)(?:[a-z0-9-]*[a-z0-9])?$/.test(label) && label.length <= 64) return undefined;
  return `'${label}' is not a label: use lower-case letters, digits and hyphens, a letter first`;
}

/** As "Revisions in Azure Container Apps" tells it: `https://shop---blue.…` beside `https://shop.…`. */
export function labelAddress(app: JsonObject, label: string): string | undefined {
  const name = textAt(app, 'name') ?? '';
  const host = textAt(app, 'properties.configuration.ingress.fqdn') ?? '';
  if (name === '' || !host.startsWith(`${name}.`)) return undefined;
  return `https://${name}---${label}${host.slice(name.length)}`;
}

/** Who gets what an entry of the traffic says. */
export function revisionOf(app: JsonObject, entry: JsonObject): string | undefined {
  if (at(entry, 'latestRevision') !== true) return textAt(entry, 'revisionName');
  return textAt(app, 'properties.latestReadyRevisionName') ?? textAt(app, 'properties.latestRevisionName');
}

/** Each label is there once, and a revision has one; shares stay as they are. Without a revision the label goes. */
export function withLabel(
  app: JsonObject,
  traffic: readonly JsonObject[],
  label: string,
  revision: string | undefined,
): readonly JsonObject[] {
  const rest = traffic.flatMap((one) => {
    if (one['label'] !== label) return [one];
    // It was there for the label only.
    return Number(one['weight'] ?? 0) > 0 ? [withoutLabel(one)] : [];
  });
  if (revision === undefined) return rest;
  const place = rest.findIndex((one) => isSameText(revisionOf(app, one), revision));
  if (place < 0) return [...rest, { revisionName: revision, weight: 0, label }];
  return rest.map((one, index) => (index === place ? { ...one, label } : one));
}

function withoutLabel({ label: _, ...rest }: JsonObject): JsonObject {
  return rest;
}
