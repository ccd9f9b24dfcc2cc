import { isObject, type Json, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { shownMounts } from './attachments.ts';
import { field, isSet, propertiesOf } from './ids.ts';

/** What a site or slot keeps below itself, each a resource of its own. */
export type Section =
  | 'config/web'
  | 'config/appsettings'
  | 'config/connectionstrings'
  | 'config/azurestorageaccounts'
  | 'config/slotConfigNames'
  | 'config/logs'
  | 'basicPublishingCredentialsPolicies/scm'
  | 'basicPublishingCredentialsPolicies/ftp';

export function read(core: Core, app: string, section: Section): JsonObject {
  const found = core.store.get(`${app}/${section}`);
  const properties = { ...defaults[section], ...propertiesOf(found) };
  if (section !== 'config/web') return properties;
  return { ...properties, azureStorageAccounts: shownMounts(read(core, app, 'config/azurestorageaccounts')) };
}

export function write(core: Core, app: string, section: Section, properties: JsonObject): JsonObject {
  return core.store.put(`${app}/${section}`, { properties: withoutNulls(properties) });
}

/** As it is answered: id, name and type even where nothing was ever written. */
export function answerOf(core: Core, app: string, section: Section): JsonObject {
  const site = core.store.need(app);
  const id = `${field(site, 'id')}/${section}`;
  const [kind = '', name = ''] = section.split('/');
  const type = `Microsoft.Web/sites/${/\/slots\//i.test(app) ? 'slots/' : ''}${kind}`;
  return { id, name, type, properties: read(core, app, section) };
}

/** App settings as they are: by name. */
export function settingsOf(core: Core, app: string): Readonly<Record<string, string>> {
  return read(core, app, 'config/appsettings') as Readonly<Record<string, string>>;
}

/**
 * What a body's `siteConfig` says of the site: settings and connection strings are kept apart, as Azure does, and are not given back.
 * `merge`: what the body does not name stays; without it, it gets what Azure gives by itself.
 */
export function configure(core: Core, app: string, config: JsonObject, merge: boolean): void {
  const { appSettings, connectionStrings, azureStorageAccounts, ...web } = withoutNulls(config);
  if (isObject(azureStorageAccounts)) write(core, app, 'config/azurestorageaccounts', azureStorageAccounts);
  // What only Azure sets.
  delete (web as Record<string, Json>)['publishingUsername'];
  write(core, app, 'config/web', { ...(merge && read(core, app, 'config/web')), ...web });
  if (isList(appSettings))
    write(
      core,
      app,
      'config/appsettings',
      pairs(appSettings, (one) => one['value'] ?? ''),
    );
  if (isList(connectionStrings)) {
    const byName = pairs(connectionStrings, (one) => ({
      value: one['connectionString'] ?? '',
      type: one['type'] ?? 'Custom',
    }));
    write(core, app, 'config/connectionstrings', byName);
  }
}

/** The names that stay with the slot when it is swapped; production keeps them for all. */
export function stickyNames(
  core: Core,
  production: string,
): Readonly<Record<'settings' | 'strings' | 'mounts', Names>> {
  const names = read(core, production, 'config/slotConfigNames');
  const listed = (key: string): Names => {
    const found = names[key];
    return new Set(isList(found) ? found.filter((one) => typeof one === 'string') : []);
  };
  return {
    settings: listed('appSettingNames'),
    strings: listed('connectionStringNames'),
    mounts: listed('azureStorageConfigNames'),
  };
}
export type Names = ReadonlySet<string>;

function withoutNulls(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([, one]) => isSet(one));
  return Object.fromEntries(kept.map(([key, one]) => [key, isObject(one) ? withoutNulls(one) : one]));
}

function pairs(list: readonly Json[], valueOf: (one: JsonObject) => Json): JsonObject {
  const named = list
    .filter(isObject)
    .flatMap((one) => (typeof one['name'] === 'string' ? [[one['name'], one] as const] : []));
  return Object.fromEntries(named.map(([name, one]) => [name, valueOf(one)]));
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

// As a fresh Linux site has them, of the official example of GetSiteConfig.
const web: JsonObject = {
  numberOfWorkers: 1,
  netFrameworkVersion: 'v4.0',
  linuxFxVersion: '',
  requestTracingEnabled: false,
  remoteDebuggingEnabled: false,
  httpLoggingEnabled: false,
  acrUseManagedIdentityCreds: false,
  logsDirectorySizeLimit: 35,
  detailedErrorLoggingEnabled: false,
  scmType: 'None',
  use32BitWorkerProcess: true,
  webSocketsEnabled: false,
  alwaysOn: false,
  appCommandLine: '',
  managedPipelineMode: 'Integrated',
  loadBalancing: 'LeastRequests',
  autoHealEnabled: false,
  vnetRouteAllEnabled: false,
  vnetPrivatePortsCount: 0,
  localMySqlEnabled: false,
  http20Enabled: false,
  minTlsVersion: '1.2',
  scmMinTlsVersion: '1.2',
  ftpsState: 'FtpsOnly',
  preWarmedInstanceCount: 0,
  functionAppScaleLimit: 0,
  functionsRuntimeScaleMonitoringEnabled: false,
  minimumElasticInstanceCount: 0,
};

const disabled = { enabled: false };
const defaults: Readonly<Record<Section, JsonObject>> = {
  'config/web': web,
  'config/appsettings': {},
  'config/connectionstrings': {},
  'config/azurestorageaccounts': {},
  'config/slotConfigNames': {},
  'config/logs': {
    applicationLogs: { fileSystem: { level: 'Off' } },
    httpLogs: { fileSystem: { retentionInMb: 35, retentionInDays: 0, enabled: false } },
    failedRequestsTracing: disabled,
    detailedErrorMessages: disabled,
  },
  'basicPublishingCredentialsPolicies/scm': { allow: true },
  'basicPublishingCredentialsPolicies/ftp': { allow: true },
};
