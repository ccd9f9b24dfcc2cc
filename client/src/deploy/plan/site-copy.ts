import { apiVersions } from '../../azure/api-versions.ts';
import { at, isObject, type Json, type JsonObject, textAt } from '../../azure/json.ts';
import { nameOf } from '../../azure/resource-id.ts';
import type { ReadPlace, Value, ValueObject } from '../value.ts';
import { found, type Scene } from './scene.ts';
import type { Change } from '../step.ts';

/**
 * What a new slot takes over of its web app, so that a swap loses nothing: what `az webapp deployment slot create --configuration-source`
 * takes over, and the portal. Values of settings and connection strings may be secrets, as are keys of storage: they are read only when
 * they are sent.
 */
export function copiedSettings(scene: Scene, from: string | undefined): Readonly<Record<string, Value>> {
  const { slotSettings = [] } = scene.target.app.kind === 'appService' ? scene.target.app : {};
  const bound = new Set([...namesBound(scene, from, 'appSettingNames'), ...slotSettings]);
  const settings = Object.entries(scene.facts.settings.get(from?.toLowerCase() ?? '') ?? {});
  const copied = settings.filter(([name]) => !bound.has(name) && isReadable(name));
  return Object.fromEntries(
    copied.map(([name, value]) => [
      name,
      value === '' ? '' : later(scene, from, 'appsettings', `setting ${name}`, `properties['${name}']`),
    ]),
  );
}

/** As `siteConfig` takes them. */
export function copiedStrings(scene: Scene, from: string | undefined): readonly ValueObject[] {
  const bound = namesBound(scene, from, 'connectionStringNames');
  const strings = Object.entries(scene.facts.connectionStrings.get(from?.toLowerCase() ?? '') ?? {});
  return strings
    .filter(([name]) => !bound.has(name) && isReadable(name))
    .map(([name, type]) => ({
      name,
      connectionString: later(
        scene,
        from,
        'connectionstrings',
        `connection string ${name}`,
        `properties['${name}'].value`,
      ),
      type,
    }));
}

/** Storage that is mounted into the app, with its names: a swap takes it along, unless production keeps the name to itself. */
export function mountsOf(scene: Scene, site: string | undefined): Readonly<Record<string, JsonObject>> {
  const there = site === undefined ? undefined : found(scene, `${site}/config/web`);
  const all = at(there, 'properties.azureStorageAccounts');
  const bound = namesBound(scene, scene.ids.site, 'azureStorageConfigNames');
  const entries = Object.entries(isObject(all) ? all : {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, JsonObject] => isObject(entry[1]) && !bound.has(entry[0])),
  );
}

/** Azure shows everything of a mount but the key of the storage account, and refuses a mount without one. */
export function copiedMounts(
  scene: Scene,
  from: string | undefined,
): { readonly mounts: ValueObject | undefined; readonly changes: readonly Change[] } {
  const all = Object.entries(mountsOf(scene, from)).filter(([name]) => isReadable(name));
  const text = (mount: JsonObject, key: string): string => textAt(mount, key) ?? '';
  const mounts = all.map(([name, mount]): [string, ValueObject] => {
    const { state: _, accessKey: __, ...rest } = mount;
    const said = Object.entries(rest).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    const key = later(
      scene,
      from,
      'azurestorageaccounts',
      `key of the mount ${name}`,
      `properties['${name}'].accessKey`,
    );
    // NFS goes by the network alone.
    return [
      name,
      { ...Object.fromEntries(said), ...(/^nfs$/i.test(text(mount, 'protocol')) ? {} : { accessKey: key }) },
    ];
  });
  return {
    mounts: all.length === 0 ? undefined : Object.fromEntries(mounts),
    changes: all.map(([, mount]) => ({
      what: `mount ${text(mount, 'mountPath')}`,
      to: `'${text(mount, 'shareName')}' of the storage account '${text(mount, 'accountName')}'`,
    })),
  };
}

/** The virtual network that production is in, as the portal has it: a slot that is warmed up outside of it would not find its database. */
export function copiedNetwork(
  scene: Scene,
  from: string | undefined,
): { readonly network: Readonly<Record<string, Json>>; readonly changes: readonly Change[] } {
  const there = at(found(scene, from), 'properties');
  const subnet = textAt(there, 'virtualNetworkSubnetId') ?? '';
  if (subnet === '') return { network: {}, changes: [] };
  const routed = ['vnetRouteAllEnabled', 'vnetImagePullEnabled', 'vnetContentShareEnabled'].filter(
    (key) => at(there, key) === true,
  );
  const [network, name] = [subnet.split('/').at(-3) ?? '', nameOf(subnet)];
  return {
    network: { virtualNetworkSubnetId: subnet, ...Object.fromEntries(routed.map((key) => [key, true])) },
    changes: [{ what: 'network', to: `subnet '${name}' of '${network}', as in production` }],
  };
}

/** Of `siteConfig`, and what it is for people; only what says something. */
export function copiedConfig(
  scene: Scene,
  from: string | undefined,
): { readonly config: Readonly<Record<string, Json>>; readonly what: readonly string[] } {
  const web = from === undefined ? undefined : at(found(scene, `${from}/config/web`), 'properties');
  const kept = Object.entries(carried).flatMap(([key, what]): readonly (readonly [string, Json, string])[] => {
    const value = at(web, key);
    return value === undefined || saysNothing(key, value) ? [] : [[key, value, what]];
  });
  return {
    config: Object.fromEntries(kept.map(([key, value]) => [key, value])),
    what: [...new Set(kept.map(([, , what]) => what))],
  };
}

const carried: Readonly<Record<string, string>> = {
  appCommandLine: 'start command',
  webSocketsEnabled: 'WebSockets',
  healthCheckPath: 'health check',
  autoHealEnabled: 'healing',
  autoHealRules: 'healing',
  cors: 'CORS',
  ipSecurityRestrictions: 'access restrictions',
  ipSecurityRestrictionsDefaultAction: 'access restrictions',
  scmIpSecurityRestrictions: 'access restrictions',
  scmIpSecurityRestrictionsDefaultAction: 'access restrictions',
  scmIpSecurityRestrictionsUseMain: 'access restrictions',
  publicNetworkAccess: 'access restrictions',
};

/** As Azure has it of itself, which a new slot gets anyway. */
function saysNothing(key: string, value: Json): boolean {
  if (value === null || value === false || value === '') return true;
  if (Array.isArray(value)) {
    // A rule that everybody may enter, the one that there always is, has the last place.
    return (value as readonly Json[]).every((rule) => textAt(rule, 'name') === 'Allow all');
  }
  if (isObject(value)) return Object.values(value).every((inner) => saysNothing(key, inner));
  return value === 'Allow' || value === 'Enabled';
}

/** What stays where it is when slots are swapped; production keeps the names for all. */
export function namesBound(
  scene: Scene,
  site: string | undefined,
  kind: 'appSettingNames' | 'connectionStringNames' | 'azureStorageConfigNames',
): ReadonlySet<string> {
  const kept = site === undefined ? undefined : found(scene, `${site}/config/slotConfigNames`);
  const names: Json | undefined = at(kept, `properties.${kind}`);
  const all: readonly unknown[] = Array.isArray(names) ? names : [];
  return new Set(all.filter((name) => typeof name === 'string'));
}

function later(
  scene: Scene,
  site: string | undefined,
  section: 'appsettings' | 'connectionstrings' | 'azurestorageaccounts',
  what: string,
  get: string,
): ReadPlace {
  return {
    $read: {
      label: `${what} of '${scene.target.app.name}'`,
      method: 'POST',
      path: `${site ?? ''}/config/${section}/list`,
      apiVersion: apiVersions.web,
      get,
      secret: true,
    },
  };
}

/** As a key in a path. */
function isReadable(name: string): boolean {
  return !name.includes("'");
}
