import { apiVersions } from '../../azure/api-versions.ts';
import type { Change } from '../step.ts';
import type { ReadPlace, Value, ValueObject } from '../value.ts';
import { vaultsOf } from './ids.ts';
import { imageText, localName, loginServer } from './image.ts';
import { type Pieces, readLater, type Scene, shown, tagged, textOf } from './scene.ts';
import { copiedConfig, copiedMounts, copiedNetwork, copiedSettings, copiedStrings } from './site-copy.ts';

/** A web app or a slot. */
export interface Place {
  /** Of the step. */
  readonly id: string;
  readonly title: string;
  readonly path: string;
  readonly location: string;
  /** What the deployment is for; the web app of a slot only has to be there. */
  readonly isTarget: boolean;
  /** Not there: as it is. */
  readonly alwaysOn?: boolean;
  readonly settings: Readonly<Record<string, Value>>;
  /** The web app whose settings a new slot takes over. */
  readonly copyFrom?: string;
}

/** In one call, so that the app never starts half configured; without the image while nobody may pull it yet. */
export function* createPlace(scene: Scene, place: Place, withImage: boolean): Pieces {
  const settings = { ...copiedSettings(scene, place.copyFrom), ...place.settings };
  const strings = copiedStrings(scene, place.copyFrom);
  const copied = copiedConfig(scene, place.copyFrom);
  const { mounts, changes: mountChanges } = copiedMounts(scene, place.copyFrom);
  const { network, changes: networkChanges } = copiedNetwork(scene, place.copyFrom);
  const siteConfig: ValueObject = {
    ...(withImage ? { linuxFxVersion: linuxFxVersion(scene) } : {}),
    ...copied.config,
    ...webConfig(scene, place),
    appSettings: Object.entries(settings).map(([name, value]) => ({ name, value })),
    ...(strings.length === 0 ? {} : { connectionStrings: strings }),
    ...(mounts === undefined ? {} : { azureStorageAccounts: mounts }),
  };
  yield {
    id: place.id,
    title: `Create the ${place.title}`,
    effect: 'create',
    resource: place.path,
    changes: [
      ...(withImage ? [{ what: 'image', to: imageText(scene) }] : []),
      { what: 'HTTPS only', to: 'on' },
      { what: 'TLS', to: '1.2 or later' },
      { what: 'FTP', to: 'off' },
      { what: 'always on', to: place.alwaysOn === true ? 'on' : 'off' },
      ...(scene.health === undefined ? [] : [{ what: 'health check', to: scene.health.path }]),
      ...Object.entries(settings).map(([name, value]) => settingChange(scene, name, value)),
      ...strings.map(({ name, connectionString }) => ({
        what: `connection string ${shown(name)}`,
        to: shown(connectionString),
      })),
      ...mountChanges,
      ...networkChanges,
      ...(copied.what.length === 0 ? [] : [{ what: 'as in production', to: copied.what.join(', ') }]),
    ],
    ...(withImage
      ? {}
      : { because: 'First without the image: its own identity must be there to be allowed to pull it' }),
    do: 'put',
    path: place.path,
    apiVersion: apiVersions.web,
    body: {
      location: place.location,
      kind: 'app,linux,container',
      identity: newIdentity(scene),
      properties: {
        serverFarmId: scene.ids.servicePlan ?? '',
        reserved: true,
        httpsOnly: true,
        ...network,
        ...(vaultIdentity(scene) === undefined ? {} : { keyVaultReferenceIdentity: vaultIdentity(scene) ?? '' }),
        siteConfig,
      },
      ...tagged(scene),
    },
  };
}

/** To a new app that was made without. */
export function* giveImage(scene: Scene, place: Place): Pieces {
  const to = linuxFxVersion(scene);
  yield {
    id: `${place.id}:image`,
    title: `Run '${localName(scene)}' in the ${place.title}`,
    effect: 'change',
    resource: place.path,
    changes: [{ what: 'image', to: imageText(scene) }],
    do: 'update',
    path: `${place.path}/config/web`,
    apiVersion: apiVersions.web,
    method: 'PATCH',
    edits: [{ at: 'properties.linuxFxVersion', to }],
    send: ['properties.linuxFxVersion'],
  };
}

export function linuxFxVersion(scene: Scene): Value {
  return textOf('DOCKER|', loginServer(scene), `/${localName(scene)}`);
}

/** Everything of `siteConfig` that we say but the image and the settings. */
export function webConfig(scene: Scene, place: Place): Readonly<Record<string, Value>> {
  const client = clientId(scene);
  return {
    acrUseManagedIdentityCreds: true,
    ...(client === undefined ? {} : { acrUserManagedIdentityID: client }),
    ...(place.alwaysOn === undefined ? {} : { alwaysOn: place.alwaysOn }),
    ...(scene.health === undefined ? {} : { healthCheckPath: scene.health.path }),
    ftpsState: 'Disabled',
    minTlsVersion: '1.2',
    http20Enabled: true,
  };
}

/** For people; what was there before is told only of settings that nobody would put a secret into. */
export function settingChange(scene: Scene, name: string, to: Value, from?: string): Change {
  const isPublic = /^(WEBSITES_PORT|WEBSITES_ENABLE_APP_SERVICE_STORAGE|DOCKER_REGISTRY_SERVER_URL)$/.test(name);
  const source = scene.target.secrets[name];
  const text = source?.from === 'keyVault' ? `<${source.url}>` : shown(to) || '(empty)';
  return { what: `setting ${name}`, ...(isPublic && from !== undefined ? { from } : {}), to: text };
}

/** Key Vault references are read with the app's own identity unless another is named. */
export function vaultIdentity(scene: Scene): string | undefined {
  return vaultsOf(scene.target).length === 0 ? undefined : scene.ids.identity;
}

function newIdentity(scene: Scene): ValueObject {
  const { identity } = scene.ids;
  return identity === undefined
    ? { type: 'SystemAssigned' }
    : { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } };
}

function clientId(scene: Scene): string | ReadPlace | undefined {
  const { identity } = scene.ids;
  if (identity === undefined) return undefined;
  return readLater(scene, {
    label: `client id of the identity '${identity.slice(identity.lastIndexOf('/') + 1)}'`,
    method: 'GET',
    path: identity,
    apiVersion: apiVersions.identities,
    get: 'properties.clientId',
  });
}
