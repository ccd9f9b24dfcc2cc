import { apiVersions } from '../../azure/api-versions.ts';
import { textAt } from '../../azure/json.ts';
import { nameOf } from '../../azure/resource-id.ts';
import type { Value } from '../value.ts';
import { found, isSameText, type Pieces, type Scene } from './scene.ts';
import { copiedSettings } from './site-copy.ts';
import { type Place, vaultIdentity } from './site-new.ts';

/** Long enough for Azure's first look, short enough to be waited for by somebody whose identity has no role. */
const seconds = 30;

/** An app gets the reference itself where its secret cannot be read: seldom what it can live with, so that it is told. */
export function* references(scene: Scene, place: Place): Pieces {
  const settings = settingsFromVaults(scene, place);
  if (settings.length === 0) return;
  const names = settings.map((name) => `'${name}'`).join(', ');
  const what = settings.length > 3 ? `its ${settings.length} settings` : names;
  yield {
    id: `${place.id}:references`,
    title: `Check that the ${place.title} gets ${what} from Key Vault`,
    effect: 'run',
    resource: place.path,
    optional: true,
    do: 'references',
    path: place.path,
    apiVersion: apiVersions.web,
    settings,
    reader: readerOf(scene, place),
    seconds,
  };
}

/** Ours, and those that the app has already or takes over. */
function settingsFromVaults(scene: Scene, place: Place): readonly string[] {
  const isThere = found(scene, place.path) !== undefined;
  const from = isThere ? place.path : place.copyFrom;
  const before = scene.facts.settings.get(from?.toLowerCase() ?? '') ?? {};
  const stays = isThere ? before : copiedSettings(scene, from);
  const isReference = (value: Value | undefined): boolean =>
    typeof value === 'string' && value.startsWith('@Microsoft.KeyVault(');
  return Object.keys({ ...stays, ...place.settings }).filter((name) =>
    isReference(place.settings[name] ?? before[name]),
  );
}

/** The identity for Key Vault as it will be, for people. */
function readerOf(scene: Scene, place: Place): string {
  const now = textAt(found(scene, place.path), 'properties.keyVaultReferenceIdentity');
  const identity = vaultIdentity(scene) ?? now;
  return identity === undefined || isSameText(identity, 'SystemAssigned')
    ? "the app's own identity"
    : `the identity '${nameOf(identity)}'`;
}
