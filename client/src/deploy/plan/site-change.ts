import { apiVersions } from '../../azure/api-versions.ts';
import { at, isObject, type Json, textAt } from '../../azure/json.ts';
import { nameOf } from '../../azure/resource-id.ts';
import type { AppServiceChoices } from '../choices.ts';
import type { Change, Edit } from '../step.ts';
import type { Value, ValueObject } from '../value.ts';
import { imageText, localName } from './image.ts';
import { connectionSetting } from './monitoring.ts';
import { found, isSameText, type Pieces, type Scene, says, shown } from './scene.ts';
import { namesBound } from './site-copy.ts';
import { linuxFxVersion, type Place, settingChange, vaultIdentity, webConfig } from './site-new.ts';

/** What the app itself must have before anything can be pulled: the identity, added to those it has. */
export function* changeIdentity(scene: Scene, place: Place): Pieces {
  const there = found(scene, place.path);
  const edits: Edit[] = [];
  const changes: Change[] = [];
  const identity = addIdentity(scene, at(there, 'identity'));
  if (identity !== undefined) {
    edits.push({ at: 'identity', to: identity });
    changes.push(identityChange(scene));
  }
  const vault = vaultIdentity(scene);
  const now = textAt(there, 'properties.keyVaultReferenceIdentity');
  if (vault !== undefined && !isSameText(now, vault)) {
    edits.push({ at: 'properties.keyVaultReferenceIdentity', ...fromOf(now), to: vault });
    changes.push({ what: 'identity for Key Vault', from: now ?? 'SystemAssigned', to: vault });
  }
  if (place.isTarget && at(there, 'properties.httpsOnly') !== true) {
    edits.push({ at: 'properties.httpsOnly', ...fromOf(at(there, 'properties.httpsOnly')), to: true });
    changes.push({ what: 'HTTPS only', from: 'off', to: 'on' });
  }
  if (edits.length === 0) return;
  yield {
    id: `${place.id}:identity`,
    title: `Change the ${place.title}`,
    effect: 'change',
    resource: place.path,
    changes,
    do: 'update',
    path: place.path,
    apiVersion: apiVersions.web,
    method: 'PATCH',
    edits,
    send: edits.map((edit) => edit.at),
  };
}

/** Settings first: the new image then starts with them. */
export function* changePlace(scene: Scene, place: Place): Pieces {
  const path = `${place.path}/config/web`;
  const web = found(scene, path);
  const image = linuxFxVersion(scene);
  const isSameImage = says(at(web, 'properties.linuxFxVersion'), image, 'linuxFxVersion');
  const edits = webEdits(scene, place, web);
  const settings = [...changeSettings(scene, place)];
  if (edits.length === 0 && settings.length === 0) {
    const title = `${place.title.slice(0, 1).toUpperCase()}${place.title.slice(1)} stays as it is`;
    yield { id: place.id, title, effect: 'leave', resource: place.path, do: 'nothing' };
  }
  yield* settings;
  if (edits.length > 0) {
    yield {
      id: `${place.id}:image`,
      title: isSameImage ? `Change the ${place.title}` : `Run '${localName(scene)}' in the ${place.title}`,
      effect: 'change',
      resource: place.path,
      changes: edits.map((edit) => webChange(scene, edit, at(web, edit.at))),
      do: 'update',
      path,
      apiVersion: apiVersions.web,
      method: 'PATCH',
      edits,
      send: edits.map((edit) => edit.at),
    };
  }
  if (isSameImage) {
    yield {
      id: `${place.id}:restart`,
      title: `Restart the ${place.title} if the image is pushed again`,
      effect: 'run',
      resource: place.path,
      because: 'The tag stays the same, so Azure would not pull the image again by itself',
      do: 'post',
      path: `${place.path}/restart`,
      apiVersion: apiVersions.web,
      onlyAfter: 'image',
    };
  }
}

/** Container and application logs into the app's own files; not worth failing for. */
export function* logsOn(scene: Scene, place: Place): Pieces {
  const path = `${place.path}/config/logs`;
  const now = found(scene, path);
  const files: ValueObject = { enabled: true, retentionInMb: 100, retentionInDays: 3 };
  const level = textAt(now, 'properties.applicationLogs.fileSystem.level');
  const isHttpOn = at(now, 'properties.httpLogs.fileSystem.enabled') === true;
  const isAppOn = level !== undefined && !isSameText(level, 'Off');
  if (isHttpOn && isAppOn) return;
  yield {
    id: `${place.id}:logs`,
    title: `Turn on the logs of the ${place.title}`,
    effect: 'change',
    resource: place.path,
    changes: [
      ...(isHttpOn ? [] : [{ what: 'container logs', from: 'off', to: 'on, 100 MB, 3 days' }]),
      ...(isAppOn ? [] : [{ what: 'application logs', from: 'off', to: 'on' }]),
    ],
    optional: true,
    do: 'update',
    path,
    apiVersion: apiVersions.web,
    method: 'PUT',
    edits: [
      ...(isHttpOn ? [] : [{ at: 'properties.httpLogs.fileSystem', to: files }]),
      ...(isAppOn ? [] : [{ at: 'properties.applicationLogs.fileSystem.level', to: 'Information' }]),
    ],
    send: [],
  };
}

/** Production keeps the names of what stays with its slot for all slots; those that are there stay. */
export function* namesOfSlot(scene: Scene, { slotSettings = [], name }: AppServiceChoices): Pieces {
  const now = [...namesBound(scene, scene.ids.site, 'appSettingNames')];
  const more = slotSettings.filter((setting) => !now.includes(setting));
  if (more.length === 0) return;
  const path = `${scene.ids.site ?? ''}/config/slotConfigNames`;
  const to = [...now, ...more];
  yield {
    id: 'site:slotSettings',
    title: `Keep settings of '${name}' with their slots`,
    effect: 'change',
    resource: scene.ids.site ?? '',
    changes: [
      {
        what: 'settings that a swap leaves where they are',
        ...(now.length === 0 ? {} : { from: now.join(', ') }),
        to: to.join(', '),
      },
    ],
    do: 'update',
    path,
    apiVersion: apiVersions.web,
    method: 'PUT',
    edits: [{ at: 'properties.appSettingNames', ...(now.length === 0 ? {} : { from: now }), to }],
    send: [],
  };
}

/** The identity with ours added to those that are there; `undefined` when it is among them. Also how container apps have it. */
export function addIdentity(scene: Scene, now: Json | undefined): ValueObject | undefined {
  const type = textAt(now, 'type') ?? 'None';
  const there = at(now, 'userAssignedIdentities');
  const ids = isObject(there) ? Object.keys(there) : [];
  const hasSystem = /SystemAssigned/i.test(type);
  const { identity } = scene.ids;
  const isThere = identity === undefined ? hasSystem : ids.some((id) => isSameText(id, identity));
  if (isThere) return undefined;
  const all = identity === undefined ? ids : [...ids, identity];
  const kinds = [
    ...(hasSystem || identity === undefined ? ['SystemAssigned'] : []),
    ...(all.length > 0 ? ['UserAssigned'] : []),
  ];
  return {
    type: kinds.join(scene.target.app.kind === 'containerApp' ? ',' : ', '),
    ...(all.length === 0 ? {} : { userAssignedIdentities: Object.fromEntries(all.map((id) => [id, {}])) }),
  };
}

/** For people. */
export function identityChange(scene: Scene): Change {
  const { identity } = scene.ids;
  return {
    what: 'identity',
    to: identity === undefined ? 'one of its own is added' : `'${nameOf(identity)}' is added`,
  };
}

function* changeSettings(scene: Scene, place: Place): Pieces {
  const now = scene.facts.settings.get(place.path.toLowerCase()) ?? {};
  const component = textAt(found(scene, scene.ids.component), 'properties.ConnectionString');
  const isSame = (name: string, value: Value): boolean =>
    now[name] === value || (name === connectionSetting && component !== undefined && now[name] === component);
  const different = Object.entries(place.settings).filter(([name, value]) => !isSame(name, value));
  if (different.length === 0) return;
  // Only the app knows its secrets' values; whether they are still the same shows when the step runs.
  const isSecret = (name: string): boolean =>
    Object.hasOwn(scene.target.secrets, name) && scene.target.secrets[name]?.from !== 'keyVault';
  const isOnlySecrets = different.every(([name]) => isSecret(name) && now[name] !== undefined);
  yield {
    id: `${place.id}:settings`,
    title: isOnlySecrets
      ? `Set the secrets of the ${place.title} if they have changed`
      : `Change settings of the ${place.title}`,
    effect: isOnlySecrets ? 'run' : 'change',
    resource: place.path,
    changes: different.map(([name, value]) => settingChange(scene, name, value, now[name])),
    because: 'All other settings stay as they are; the app restarts',
    do: 'settings',
    path: place.path,
    apiVersion: apiVersions.web,
    set: Object.fromEntries(different),
  };
}

function webEdits(scene: Scene, place: Place, web: Json | undefined): readonly Edit[] {
  // What nobody has asked for stays.
  const { http20Enabled: _, ...config } = webConfig(scene, place);
  const wanted: Readonly<Record<string, Value>> = {
    linuxFxVersion: linuxFxVersion(scene),
    // Empty stands for the app's own identity.
    ...(scene.ids.identity === undefined ? { acrUserManagedIdentityID: '' } : {}),
    ...config,
  };
  return Object.entries(wanted).flatMap(([key, to]) => {
    const path = `properties.${key}`;
    const now = at(web, path);
    const isFine =
      says(now, to, key) ||
      (to === '' && (now === undefined || now === null)) ||
      (key === 'minTlsVersion' && typeof now === 'string' && now >= '1.2');
    return isFine ? [] : [{ at: path, ...fromOf(now), to }];
  });
}

function webChange(scene: Scene, edit: Edit, now: Json | undefined): Change {
  const key = edit.at.slice('properties.'.length);
  const titles: Readonly<Record<string, string>> = {
    linuxFxVersion: 'image',
    acrUseManagedIdentityCreds: 'pull with the identity',
    acrUserManagedIdentityID: 'identity that pulls',
    alwaysOn: 'always on',
    healthCheckPath: 'health check',
    ftpsState: 'FTP',
    minTlsVersion: 'TLS at least',
  };
  const told = (value: Value | undefined): string => (value === true ? 'on' : value === false ? 'off' : shown(value));
  const from = now === undefined || now === null || now === '' ? undefined : told(now).replace(/^DOCKER\|/, '');
  return {
    what: titles[key] ?? key,
    ...(from === undefined ? {} : { from }),
    to: key === 'linuxFxVersion' ? imageText(scene) : edit.to === '' ? "the app's own" : told(edit.to),
  };
}

function fromOf(now: Json | undefined): { readonly from?: Value } {
  return now === undefined || now === null ? {} : { from: now };
}
