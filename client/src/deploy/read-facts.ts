import type { Arm, SendOptions } from '../azure/arm.ts';
import { isAzureError } from '../azure/azure-error.ts';
import { at, isObject, type Json, type JsonObject, textAt } from '../azure/json.ts';
import { isSameId, nameOf, subscriptionId } from '../azure/resource-id.ts';
import { apiVersions } from '../azure/api-versions.ts';
import type { Target } from './choices.ts';
import type { Facts, SourceFacts } from './facts.ts';
import { type Lookups, lookupsOf, type Place, type QuotaLookup, type RoleLookup } from './plan/lookups.ts';
import { readMissingRights } from './read-rights.ts';

export interface ReadFactsOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: ((message: string) => void) | undefined;
  readonly now?: () => number;
}

/** How many questions are under way at once: Azure throttles whoever asks more. */
const atOnce = 6;

/** Reads exactly what a plan for the target depends on, and changes nothing. What may not be read, and is not needed, stays unknown. */
export async function readFacts(
  arm: Arm,
  target: Target,
  source: SourceFacts,
  { now = Date.now, ...send }: ReadFactsOptions = {},
): Promise<Facts> {
  const lookups = lookupsOf(target);
  const readAt = new Date(now()).toISOString();
  const reader: Reader = { arm, target, lookups, send, ask: limited(atOnce) };
  const [resources, lists, providers, vaults, quotas] = await Promise.all([
    readResources(reader),
    readLists(reader),
    readProviders(reader),
    readVaults(reader),
    readQuotas(reader),
  ]);
  const known = new Map([...resources, ...lists, ...vaults]);
  const [settings, connectionStrings, roles, nameTaken, missingRights] = await Promise.all([
    readSettings(reader, known),
    readConnectionStrings(reader, known),
    readRoles(reader, known),
    readNames(reader, known),
    readMissingRights(reader, known),
  ]);
  const { name, registrySuffix, portal } = arm.cloud;
  return {
    readAt,
    cloud: { registrySuffix, portal, hasListPrices: name === 'public' },
    resources: known,
    settings,
    connectionStrings,
    providers,
    nameTaken,
    missingRights,
    roles,
    quotas,
    source,
  };
}

export interface Reader {
  readonly arm: Arm;
  readonly target: Target;
  readonly lookups: Lookups;
  readonly send: SendOptions;
  readonly ask: <Answer>(question: () => Promise<Answer>) => Promise<Answer>;
}

type Found = ReadonlyMap<string, JsonObject | undefined>;

async function readResources({ arm, lookups, send, ask }: Reader): Promise<Found> {
  return await byId(lookups.resources, ({ path, apiVersion, older }) =>
    ask(async () => {
      try {
        return await arm.find(path, apiVersion, send);
      } catch (error) {
        if (older === undefined || !isAzureError(error) || error.status !== 400) throw error;
        return await arm.find(path, older, send);
      }
    }),
  );
}

async function readLists({ arm, lookups, send, ask }: Reader): Promise<Found> {
  return await byId(lookups.lists, ({ path, apiVersion }) =>
    ask(() => unlessMissing(async () => ({ value: await arm.list(path, apiVersion, {}, send) }))),
  );
}

/** Who may only read may not read settings, and gets a plan all the same. */
async function readSettings(reader: Reader, known: Found): Promise<Facts['settings']> {
  return await readDictionaries(reader, known, 'settings', (value) => (typeof value === 'string' ? value : undefined));
}

/** An empty one is none. */
async function readConnectionStrings(reader: Reader, known: Found): Promise<Facts['connectionStrings']> {
  return await readDictionaries(reader, known, 'connectionStrings', (value) =>
    (textAt(value, 'value') ?? '') === '' ? undefined : textAt(value, 'type'),
  );
}

async function readDictionaries(
  { arm, lookups, send, ask }: Reader,
  known: Found,
  what: 'settings' | 'connectionStrings',
  textOf: (value: Json) => string | undefined,
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const there = lookups[what].filter(({ path }) => known.get(path.toLowerCase()) !== undefined);
  const section = what === 'settings' ? 'appsettings' : 'connectionstrings';
  const found = await byId(there, ({ path, apiVersion }) =>
    ask(() =>
      ifAllowed(async () => {
        const request = { method: 'POST', path: `${path}/config/${section}/list`, apiVersion } as const;
        const properties = at(await arm.send(request, send), 'properties');
        return isObject(properties) ? properties : {};
      }),
    ),
  );
  const texts = new Map<string, Readonly<Record<string, string>>>();
  for (const [id, values] of found) {
    if (values === undefined) continue;
    const entries = Object.entries(values).map(([name, value]) => [name, textOf(value)] as const);
    const said = entries.filter((entry): entry is [string, string] => entry[1] !== undefined);
    texts.set(id, Object.fromEntries(said));
  }
  return texts;
}

async function readProviders({ arm, target, lookups, send, ask }: Reader): Promise<ReadonlyMap<string, string>> {
  const states = await Promise.all(
    lookups.providers.map(async (namespace): Promise<[string, string]> => {
      const path = `${subscriptionId(target.subscription)}/providers/${namespace}`;
      const provider = await ask(() => arm.find(path, apiVersions.resources, send));
      return [namespace.toLowerCase(), textAt(provider, 'registrationState') ?? 'NotRegistered'];
    }),
  );
  return new Map(states);
}

/** Key vaults are known by name only; their group is looked up. Who may not see them has their secrets fail by name later. */
async function readVaults({ arm, target, lookups, send, ask }: Reader): Promise<Found> {
  if (lookups.vaults.length === 0) return new Map();
  const path = `${subscriptionId(target.subscription)}/resources`;
  const $filter = "resourceType eq 'Microsoft.KeyVault/vaults'";
  const listed = await ask(() => ifAllowed(() => arm.list(path, apiVersions.resources, { $filter }, send)));
  const wanted = (listed ?? [])
    .map((vault) => textAt(vault, 'id') ?? '')
    .filter((id) => lookups.vaults.some((name) => isSameId(name, nameOf(id))));
  return await byId(
    wanted.map((id) => ({ path: id, apiVersion: apiVersions.vaults })),
    ({ path: id, apiVersion }) => ask(() => ifAllowed(() => arm.find(id, apiVersion, send))),
  );
}

/** A quota that Azure does not tell is found out when it is hit. */
async function readQuotas({ arm, lookups, send, ask }: Reader): Promise<Facts['quotas']> {
  const of = async ({ path, apiVersion, what }: QuotaLookup): Promise<Facts['quotas']> => {
    const usages = await ask(() => ifAllowed(() => arm.list(path, apiVersion, {}, send)));
    return (usages ?? []).flatMap((usage) => {
      const name = what[textAt(usage, 'name.value') ?? ''];
      const [used, limit] = [at(usage, 'currentValue'), at(usage, 'limit')];
      return name === undefined || typeof used !== 'number' || typeof limit !== 'number'
        ? []
        : [{ what: name, used, limit }];
    });
  };
  return (await Promise.all(lookups.quotas.map(of))).flat();
}

async function readRoles({ arm, lookups, send, ask }: Reader, known: Found): Promise<ReadonlySet<string>> {
  const questions = new Map<string, { readonly scope: string; readonly principal: string }>();
  for (const lookup of lookups.roles) {
    const scope = scopeOf(lookup, known);
    const principal = textAt(known.get(lookup.principal.path.toLowerCase()), lookup.principal.get);
    // Nothing holds where there is nothing, and nobody has what is not there.
    if (scope !== undefined && principal !== undefined) questions.set(`${scope}|${principal}`, { scope, principal });
  }
  const found = await Promise.all(
    [...questions.values()].map(async ({ scope, principal }) => {
      const path = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
      const query = { $filter: `principalId eq '${principal}'` };
      const all = await ask(() => ifAllowed(() => arm.list(path, apiVersions.roleAssignments, query, send)));
      return (all ?? []).flatMap((assignment) => {
        // One with a condition holds for some of what is there only.
        if (textAt(assignment, 'properties.condition') !== undefined) return [];
        const role = nameOf(textAt(assignment, 'properties.roleDefinitionId') ?? '');
        const place = textAt(assignment, 'properties.scope') ?? scope;
        const who = textAt(assignment, 'properties.principalId') ?? '';
        return [`${place}|${who}|${role}`.toLowerCase()];
      });
    }),
  );
  return new Set(found.flat());
}

function scopeOf({ scope }: RoleLookup, known: Found): string | undefined {
  if (!scope.startsWith('vault:')) return known.get(scope.toLowerCase()) === undefined ? undefined : scope;
  const name = scope.slice('vault:'.length);
  return [...known.keys()].find((id) => /\/microsoft\.keyvault\/vaults\/[^/]+$/.test(id) && isSameId(nameOf(id), name));
}

async function readNames({ arm, lookups, send, ask }: Reader, known: Found): Promise<Facts['nameTaken']> {
  const isThere = (id: string): boolean => known.get(id.toLowerCase()) !== undefined;
  const asked = lookups.names.filter(
    ({ resource, needs }) => !isThere(resource) && (needs === undefined || isThere(needs)),
  );
  const answers = await Promise.all(
    asked.map(async ({ kind, request }) => {
      // Of a provider that is not registered Azure does not tell; a name that is taken then shows when it is used.
      const answer = await ask(() => ifAllowed(() => arm.send(request, send)));
      return [kind, takenBecause(answer)] as const;
    }),
  );
  return new Map(answers);
}

function takenBecause(answer: Json | undefined): string | undefined {
  if (at(answer, 'nameAvailable') !== false) return undefined;
  return textAt(answer, 'message') ?? textAt(answer, 'reason') ?? 'it is taken';
}

async function byId(
  places: readonly Place[],
  read: (place: Place) => Promise<JsonObject | undefined>,
): Promise<Map<string, JsonObject | undefined>> {
  const entries = await Promise.all(
    places.map(async (place) => [place.path.toLowerCase(), await read(place)] as const),
  );
  return new Map(entries);
}

async function unlessMissing<Answer>(question: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await question();
  } catch (error) {
    if (isAzureError(error) && error.status === 404 && !/^Subscription/.test(error.code)) return undefined;
    throw error;
  }
}

/** For what is nice to know: no right to read it, or an Azure that does not have it, is no reason not to plan. */
export async function ifAllowed<Answer>(question: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await question();
  } catch (error) {
    const isRefused = isAzureError(error) && error.status >= 400 && error.status !== 401;
    if (isRefused && !/^Subscription/.test(error.code)) return undefined;
    throw error;
  }
}

/** At most so many at once, in the order in which they came. */
function limited(most: number): Reader['ask'] {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (question) => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go));
    running++;
    try {
      return await question();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}
