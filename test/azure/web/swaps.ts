import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Call, Core, Part } from '../core.ts';
import { read, stickyNames, write, type Names } from './config.ts';
import { answer, bodyOf } from './contracts.ts';
import { differencesBetween } from './differences.ts';
import { appIdOf, appNamed, field, forBoth, namesIn, productionOf, propertiesOf } from './ids.ts';
import type { Lives } from './live.ts';
import { refuse } from './refusals.ts';

/** Swaps of slots: at once, or in two phases with a look at the result in between. */
export const swaps =
  (lives: Lives): Part =>
  (core) => [
    ...forBoth({
      method: 'POST',
      below: '/slotsswap',
      action: 'Microsoft.Web/sites/slotsswap/action',
      body: bodyOf('CsmSlotEntity'),
      handle: (call) => {
        const pair = pairOf(core, call);
        lives.checkFree(pair.source);
        checkRunning(core, pair);
        const about = { provider: 'Microsoft.Web', resource: appIdOf(call) };
        const free = lives.lock(pair.source);
        // A test can have the operation fail before it does anything.
        const unless = setTimeout(free, core.times.operation + 1_000);
        const headers = core.operations.start('location', about, async () => {
          clearTimeout(unless);
          await swap(core, lives, pair).finally(free);
          return undefined;
        });
        return { status: 202, headers };
      },
    }),
    ...forBoth({
      method: 'POST',
      below: '/applySlotConfig',
      action: 'Microsoft.Web/sites/applySlotConfig/action',
      body: bodyOf('CsmSlotEntity'),
      handle: async (call) => {
        const pair = pairOf(core, call);
        lives.checkFree(pair.source);
        checkRunning(core, pair);
        await prepare(core, lives, pair);
        return { status: 200 };
      },
    }),
    ...forBoth({
      method: 'POST',
      below: '/resetSlotConfig',
      action: 'Microsoft.Web/sites/resetSlotConfig/action',
      handle: async (call) => {
        const id = appIdOf(call);
        core.store.need(id);
        lives.checkFree(id);
        const slots = namesIn(id).slot === undefined ? core.store.list(id, 'Microsoft.Web/sites/slots') : [];
        for (const app of [id, ...slots.map((slot) => field(slot, 'id'))]) await reset(core, lives, app);
        return { status: 200 };
      },
    }),
    ...forBoth({
      method: 'POST',
      below: '/slotsdiffs',
      action: 'Microsoft.Web/sites/slotsdiffs/action',
      body: bodyOf('CsmSlotEntity'),
      answers: { 200: answer('SlotDifferenceCollection') },
      handle: (call) => {
        const current = field(core.store.need(appIdOf(call)), 'id');
        const target = appNamed(core, productionOf(current), textAt(call.body, 'targetSlot') ?? '');
        return { status: 200, body: { value: [...differencesBetween(core, current, target)] } };
      },
    }),
  ];

/** `source` takes on the target's settings and warms up; `target` is production wherever that is one of the two. */
interface Pair {
  readonly source: string;
  readonly target: string;
}

function pairOf(core: Core, call: Call): Pair {
  const current = field(core.store.need(appIdOf(call)), 'id');
  const production = productionOf(current);
  const other = appNamed(core, production, textAt(call.body, 'targetSlot') ?? '');
  if (other.toLowerCase() === current.toLowerCase()) {
    throw refuse(400, 'BadRequest', 'The source and the target slot of a swap must not be the same.', '51021');
  }
  return current === production ? { source: other, target: current } : { source: current, target: other };
}

function checkRunning(core: Core, { source, target }: Pair): void {
  const stopped = [source, target].find((app) => textAt(core.store.need(app), 'properties.state') !== 'Running');
  if (stopped === undefined) return;
  const slot = slotName(stopped);
  throw refuse(
    409,
    'Conflict',
    `Cannot swap slots because the slot '${slot}' is not running. Start it first.`,
    '01004',
  );
}

/** Phase one: the source gets what stays with the target, and starts again with it. */
async function prepare(core: Core, lives: Lives, { source, target }: Pair): Promise<void> {
  const live = await lives.of(source);
  if (live.beforeSwap !== undefined) return;
  const sticky = stickyNames(core, productionOf(source));
  live.beforeSwap = {
    settings: read(core, source, 'config/appsettings'),
    strings: read(core, source, 'config/connectionstrings'),
  };
  const targets = {
    settings: read(core, target, 'config/appsettings'),
    strings: read(core, target, 'config/connectionstrings'),
  };
  write(core, source, 'config/appsettings', mixed(live.beforeSwap.settings, targets.settings, sticky.settings));
  write(core, source, 'config/connectionstrings', mixed(live.beforeSwap.strings, targets.strings, sticky.strings));
  setProperties(core, source, { targetSwapSlot: slotName(target) });
  live.book.platform('INFO', `Applying the settings of slot '${slotName(target)}' before the swap.`);
  live.worker.restart();
}

/** Both phases. The target's container answers until the source's, which is warm by then, takes its place. */
async function swap(core: Core, lives: Lives, pair: Pair): Promise<undefined> {
  const { source, target } = pair;
  await prepare(core, lives, pair);
  const [from, to] = [await lives.of(source), await lives.of(target)];
  const before = from.beforeSwap;
  if ((await from.worker.settled()) === 'failed' || before === undefined) {
    await reset(core, lives, source);
    throw refuse(
      409,
      'Conflict',
      `Cannot swap slots for site '${namesIn(source).site}' because the application initialization in '${slotName(source)}' slot either took too long or failed. Please check AppInit module configuration or try using Swap with Preview if application initialization time is very long.`,
      '51032',
    );
  }
  await to.worker.settled();
  const sticky = stickyNames(core, productionOf(source));
  const was = {
    web: read(core, target, 'config/web'),
    settings: read(core, target, 'config/appsettings'),
    strings: read(core, target, 'config/connectionstrings'),
    mounts: read(core, target, 'config/azurestorageaccounts'),
  };
  const mounts = read(core, source, 'config/azurestorageaccounts');
  const sourceWeb = read(core, source, 'config/web');
  write(core, target, 'config/web', mixed(sourceWeb, was.web, staysWithSlot));
  write(core, target, 'config/appsettings', read(core, source, 'config/appsettings'));
  write(core, target, 'config/connectionstrings', read(core, source, 'config/connectionstrings'));
  write(core, target, 'config/azurestorageaccounts', mixed(mounts, was.mounts, sticky.mounts));
  write(core, source, 'config/azurestorageaccounts', mixed(was.mounts, mounts, sticky.mounts));
  write(core, source, 'config/web', mixed(was.web, sourceWeb, staysWithSlot));
  write(core, source, 'config/appsettings', mixed(was.settings, before.settings, sticky.settings));
  write(core, source, 'config/connectionstrings', mixed(was.strings, before.strings, sticky.strings));
  const slotSwapStatus = {
    timestampUtc: new Date().toISOString(),
    sourceSlotName: slotName(source),
    destinationSlotName: slotName(target),
  };
  from.beforeSwap = undefined;
  setProperties(core, source, { slotSwapStatus }, ['targetSwapSlot']);
  setProperties(core, target, { slotSwapStatus });
  to.worker.exchange(from.worker);
  to.book.platform('INFO', `Swapped with slot '${slotName(source)}'.`);
  from.worker.restart();
  return undefined;
}

async function reset(core: Core, lives: Lives, app: string): Promise<void> {
  const live = await lives.of(app);
  const before = live.beforeSwap;
  if (before === undefined) return;
  live.beforeSwap = undefined;
  write(core, app, 'config/appsettings', before.settings);
  write(core, app, 'config/connectionstrings', before.strings);
  setProperties(core, app, {}, ['targetSwapSlot']);
  live.worker.restart();
}

/** `own` without what is named, and that from `other`. */
function mixed(own: JsonObject, other: JsonObject, names: Names): JsonObject {
  const moving = Object.entries(own).filter(([name]) => !names.has(name));
  const staying = Object.entries(other).filter(([name]) => names.has(name));
  return Object.fromEntries([...moving, ...staying]);
}

/**
 * What of config/web is not swapped, by the documentation: scaling, always on, restrictions, CORS, networks, TLS, and managed identities
 * "and related settings".
 */
const staysWithSlot: Names = new Set([
  'alwaysOn',
  'numberOfWorkers',
  'acrUseManagedIdentityCreds',
  'acrUserManagedIdentityID',
  'keyVaultReferenceIdentity',
  'autoSwapSlotName',
  'cors',
  'ipSecurityRestrictions',
  'ipSecurityRestrictionsDefaultAction',
  'scmIpSecurityRestrictions',
  'scmIpSecurityRestrictionsDefaultAction',
  'scmIpSecurityRestrictionsUseMain',
  'minTlsVersion',
  'scmMinTlsVersion',
  'minTlsCipherSuite',
  'ftpsState',
  'vnetName',
  'vnetRouteAllEnabled',
  'publicNetworkAccess',
  'httpLoggingEnabled',
]);

function setProperties(core: Core, app: string, more: JsonObject, less: readonly string[] = []): void {
  const site = core.store.need(app);
  const kept = Object.entries(propertiesOf(site)).filter(([key]) => !less.includes(key));
  core.store.put(app, { ...site, properties: { ...Object.fromEntries(kept), ...more } });
}

function slotName(app: string): string {
  return namesIn(app).slot ?? 'Production';
}
