import { apiVersions } from '../../azure/api-versions.ts';
import { at, textAt } from '../../azure/json.ts';
import type { AppServiceChoices } from '../choices.ts';
import { servicePlanCost } from '../prices.ts';
import type { ReadPlace, Value } from '../value.ts';
import { allowed, mayWriteApp, named } from './foundation.ts';
import { block, found, isSameText, type Pieces, type Scene, shown, tagged, textOf, warn } from './scene.ts';
import { loginServer } from './image.ts';
import { connectionSetting, connectionString } from './monitoring.ts';
import { createPlace, giveImage, type Place } from './site-new.ts';
import { changeIdentity, changePlace, logsOn, namesOfSlot } from './site-change.ts';
import { references } from './site-references.ts';
import { skuOf } from './unsaid.ts';

/** What comes before the roles: the plan, and whatever has an identity of its own. */
export function* prepareAppService(scene: Scene, app: AppServiceChoices): Pieces {
  yield* mayWriteApp(scene);
  yield* servicePlan(scene, app);
  yield* problems(scene, app);
  for (const place of placesOf(scene, app)) {
    if (found(scene, place.path) !== undefined) yield* changeIdentity(scene, place);
    else if (scene.target.identity.kind === 'system') yield* createPlace(scene, place, false);
  }
}

/** What comes when the image is there and may be pulled. */
export function* finishAppService(scene: Scene, app: AppServiceChoices): Pieces {
  for (const place of placesOf(scene, app)) {
    const isThere = found(scene, place.path) !== undefined;
    if (isThere && place.isTarget) yield* changePlace(scene, place);
    else if (!isThere && scene.target.identity.kind === 'system') yield* giveImage(scene, place);
    else if (!isThere) yield* createPlace(scene, place, true);
  }
  yield* namesOfSlot(scene, app);
  const target = placesOf(scene, app).find((place) => place.isTarget);
  if (target === undefined) return;
  yield* logsOn(scene, target);
  yield* references(scene, target);
}

/** The app and, if the target is one, its slot, which cannot be without it. */
function placesOf(scene: Scene, app: AppServiceChoices): readonly Place[] {
  const plan = found(scene, scene.ids.servicePlan);
  const location = textAt(plan, 'location') ?? scene.target.location;
  const settings = settingsOf(scene, app);
  const isForAll = ([name]: readonly [string, Value]): boolean => app.slotSettings?.includes(name) !== true;
  const site: Place = {
    location,
    ...alwaysOnOf(scene, app, scene.ids.site ?? ''),
    id: 'site',
    title: `web app '${app.name}'`,
    path: scene.ids.site ?? '',
    isTarget: app.slot === undefined,
    settings: app.slot === undefined ? settings : Object.fromEntries(Object.entries(settings).filter(isForAll)),
  };
  if (app.slot === undefined) return [site];
  const slot: Place = {
    location,
    ...alwaysOnOf(scene, app, scene.ids.app),
    id: `slot:${app.slot}`,
    title: `slot '${app.slot}' of '${app.name}'`,
    path: scene.ids.app,
    isTarget: true,
    settings,
    copyFrom: site.path,
  };
  return [site, slot];
}

/** Not said, an app that is there keeps it, and a new slot has what production has. */
function alwaysOnOf(scene: Scene, app: AppServiceChoices, path: string): { readonly alwaysOn?: boolean } {
  const isThere = found(scene, path) !== undefined;
  if (app.alwaysOn === undefined && isThere) return {};
  const tier = textAt(found(scene, scene.ids.servicePlan), 'sku.tier') ?? tierOf(skuOf(app)) ?? '';
  const inProduction = at(found(scene, `${scene.ids.site ?? ''}/config/web`), 'properties.alwaysOn');
  return { alwaysOn: (app.alwaysOn ?? inProduction !== false) && !isFree(tier) };
}

/** What we set, and so may change; every other setting is the user's. */
function settingsOf(scene: Scene, app: AppServiceChoices): Readonly<Record<string, Value>> {
  const connection: ReadPlace | undefined = connectionString(scene);
  const secrets = Object.entries(scene.target.secrets).map(([name, source]): readonly [string, Value] => [
    name,
    source.from === 'keyVault' ? `@Microsoft.KeyVault(SecretUri=${source.url})` : { $secret: name },
  ]);
  return {
    WEBSITES_PORT: String(scene.port),
    ...(keepsStorage(scene, app) ? {} : { [storageSetting]: 'false' }),
    DOCKER_REGISTRY_SERVER_URL: textOf('https://', loginServer(scene)),
    ...(connection === undefined ? {} : { [connectionSetting]: connection }),
    ...scene.target.env,
    ...Object.fromEntries(secrets),
  };
}

/** Files under /home that outlive a restart: an app that has been told to keep them goes on, and so does its new slot. */
const storageSetting = 'WEBSITES_ENABLE_APP_SERVICE_STORAGE';

function keepsStorage({ facts, ids }: Scene, app: AppServiceChoices): boolean {
  const isNewSlot = app.slot !== undefined && facts.resources.get(ids.app.toLowerCase()) === undefined;
  const from = isNewSlot ? (ids.site ?? '') : ids.app;
  return facts.settings.get(from.toLowerCase())?.[storageSetting]?.toLowerCase() === 'true';
}

function* servicePlan(scene: Scene, app: AppServiceChoices): Pieces {
  const path = scene.ids.servicePlan ?? '';
  const there = found(scene, path);
  const base = { id: 'plan', resource: path };
  if (there !== undefined) {
    const sku = textAt(there, 'sku.name');
    if (at(there, 'properties.reserved') !== true) {
      yield block(`The App Service plan '${app.plan}' runs Windows: choose a Linux plan, or a new name for one`);
    }
    if (sku !== undefined && app.sku !== undefined && !isSameText(sku, app.sku)) {
      yield warn(`The App Service plan '${app.plan}' is ${sku}, not ${app.sku}: it stays as it is`);
    }
    yield { ...base, title: `App Service plan '${app.plan}' stays as it is`, effect: 'leave', do: 'nothing' };
    return;
  }
  yield* named('plan', app.plan);
  yield* allowed(scene, path, 'Microsoft.Web/serverfarms/write', `the App Service plan '${app.plan}'`);
  const size = skuOf(app);
  const tier = tierOf(size);
  if (tier === undefined || tier === 'Shared') {
    yield block(`'${size}' is not a size of a Linux plan: choose F1, B1, S1 or P0v3, for example`);
  }
  yield {
    ...base,
    title: `Create the App Service plan '${app.plan}'`,
    effect: 'create',
    changes: [{ what: 'size', to: `${size} (${tier ?? 'unknown'}), Linux` }],
    cost: servicePlanCost(size),
    do: 'put',
    path,
    apiVersion: apiVersions.web,
    body: {
      location: scene.target.location,
      kind: 'linux',
      sku: { name: size, tier: tier ?? '', capacity: 1 },
      // What makes it Linux.
      properties: { reserved: true },
      ...tagged(scene),
    },
  };
}

function* problems(scene: Scene, app: AppServiceChoices): Pieces {
  const site = found(scene, scene.ids.site);
  const plan = found(scene, scene.ids.servicePlan);
  const tier = textAt(plan, 'sku.tier') ?? tierOf(skuOf(app)) ?? '';
  if (app.alwaysOn === true && isFree(tier)) {
    yield warn(`Always on needs a plan from Basic (B1) on: '${app.name}' will sleep when nobody asks for it`);
  }
  if (app.slot !== undefined && found(scene, scene.ids.app) === undefined) {
    yield* named('slot', app.slot);
    if (isFree(tier) || isSameText(tier, 'Basic')) {
      yield block(
        plan === undefined
          ? `Slots need a plan from Standard on: choose 'sku: S1' in the place of ${skuOf(app)}, or no slot`
          : `Slots need a plan from Standard on: scale '${app.plan}' up to S1, or choose no slot`,
      );
    }
    if (site === undefined) {
      const own = (app.slotSettings ?? []).filter((name) => isOurs(scene, name));
      const rest = own.length === 0 ? '' : `, and lacks ${own.join(', ')} until you deploy to it`;
      yield warn(`'${app.name}' is not there yet: it gets the same image as its slot${rest}`);
    }
  }
  const unknown = (app.slotSettings ?? []).filter((name) => !isOurs(scene, name));
  if (unknown.length > 0) {
    yield warn(`'slotSettings' has names that are in neither 'env' nor 'secrets': ${unknown.join(', ')}`);
  }
  if (site === undefined) {
    yield* named('site', app.name);
    const taken = scene.facts.nameTaken.get('site');
    if (taken !== undefined) yield block(`The app cannot be called '${app.name}': choose another name (${taken})`);
    return;
  }
  const planOfSite = textAt(site, 'properties.serverFarmId');
  if (planOfSite !== undefined && !isSameText(planOfSite, scene.ids.servicePlan)) {
    const name = planOfSite.slice(planOfSite.lastIndexOf('/') + 1);
    yield block(`'${app.name}' runs in the plan '${name}', not in '${app.plan}': choose 'plan: ${name}'`);
  }
  if (at(site, 'properties.reserved') === false) {
    yield block(`'${app.name}' runs on Windows: choose another name for a Linux app`);
  }
  const runs = textAt(found(scene, `${scene.ids.app}/config/web`), 'properties.linuxFxVersion') ?? '';
  if (/^(COMPOSE\||sitecontainers)/i.test(runs)) {
    yield block(`'${app.name}' runs several containers, which Shipshape cannot update: choose another app`);
  } else if (runs !== '' && !/^DOCKER\|/i.test(runs)) {
    yield warn(`'${app.name}' runs '${shown(runs)}' now, and will run the image instead`);
  }
}

function isOurs({ target: { env, secrets } }: Scene, name: string): boolean {
  return Object.hasOwn(env, name) || Object.hasOwn(secrets, name);
}

function isFree(tier: string): boolean {
  return /^(free|shared)$/i.test(tier);
}

function tierOf(sku: string): string | undefined {
  const tiers: readonly (readonly [RegExp, string])[] = [
    [/^F1$/i, 'Free'],
    [/^D1$/i, 'Shared'],
    [/^B[1-3]$/i, 'Basic'],
    [/^S[1-3]$/i, 'Standard'],
    [/^P[1-3]v2$/i, 'PremiumV2'],
    [/^P[0-5]m?v3$/i, 'PremiumV3'],
    [/^P[0-5]m?v4$/i, 'PremiumV4'],
    [/^I[1-6]m?v2$/i, 'IsolatedV2'],
  ];
  return tiers.find(([pattern]) => pattern.test(sku))?.[1];
}
