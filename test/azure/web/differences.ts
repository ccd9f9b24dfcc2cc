import type { Json, JsonObject } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { read, stickyNames } from './config.ts';
import { namesIn, productionOf } from './ids.ts';

/** What a swap of the two would change for the target. */
export function* differencesBetween(core: Core, current: string, target: string): Generator<JsonObject> {
  const sticky = stickyNames(core, productionOf(current));
  for (const section of ['config/appsettings', 'config/connectionstrings'] as const) {
    const isSettings = section === 'config/appsettings';
    const [mine, its] = [read(core, current, section), read(core, target, section)];
    for (const name of namesOf(mine, its)) {
      if ((isSettings ? sticky.settings : sticky.strings).has(name)) continue;
      if (JSON.stringify(mine[name]) === JSON.stringify(its[name])) continue;
      // Values of settings are secrets: only that they differ is told.
      yield difference(current, target, isSettings ? 'AppSetting' : 'ConnectionString', name);
    }
  }
  const [mine, its] = [read(core, current, 'config/web'), read(core, target, 'config/web')];
  for (const name of compared) {
    if (JSON.stringify(mine[name]) === JSON.stringify(its[name])) continue;
    yield difference(current, target, 'General', name, mine[name], its[name]);
  }
}

const compared = ['linuxFxVersion', 'appCommandLine', 'healthCheckPath', 'webSocketsEnabled', 'http20Enabled'];

function difference(current: string, target: string, kind: string, name: string, mine?: Json, its?: Json): JsonObject {
  const shown = (value: Json | undefined): string =>
    typeof value === 'object' || value === undefined ? '' : String(value);
  return {
    id: `${current}/slotsdiffs/${name}`,
    name,
    type:
      namesIn(current).slot === undefined ? 'Microsoft.Web/sites/slotsdiffs' : 'Microsoft.Web/sites/slots/slotsdiffs',
    properties: {
      level: 'Information',
      settingType: kind,
      diffRule: kind === 'General' ? 'ConfigurationChanged' : 'SettingsChanged',
      settingName: name,
      valueInCurrentSlot: shown(mine),
      valueInTargetSlot: shown(its),
      description: `'${name}' will change in slot '${namesIn(target).slot ?? 'Production'}'.`,
    },
  };
}

function namesOf(...dictionaries: readonly JsonObject[]): ReadonlySet<string> {
  return new Set(dictionaries.flatMap((one) => Object.keys(one)));
}
