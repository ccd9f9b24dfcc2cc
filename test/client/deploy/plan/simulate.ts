import { at, isObject, keysOf, type Json, type JsonObject } from '../../../../client/src/azure/json.ts';
import { nameOf } from '../../../../client/src/azure/resource-id.ts';
import type { Facts } from '../../../../client/src/deploy/facts.ts';
import type { Plan } from '../../../../client/src/deploy/plan.ts';
import { shown } from '../../../../client/src/deploy/plan/scene.ts';
import { branches, withValue } from '../../../../client/src/deploy/run/edits.ts';
import { withoutReadOnly } from '../../../../client/src/deploy/run/read-only.ts';
import type { Step } from '../../../../client/src/deploy/step.ts';
import type { Value } from '../../../../client/src/deploy/value.ts';

/** What an Azure that does all it is told would say after the plan, and every body that it was sent. */
export interface Simulated {
  readonly facts: Facts;
  readonly sent: readonly {
    readonly step: string;
    readonly path: string;
    readonly method: string;
    readonly body: JsonObject;
  }[];
}

export function simulate(plan: Plan, facts: Facts): Simulated {
  const state = new Map(facts.resources);
  const settings = new Map(facts.settings);
  const providers = new Map(facts.providers);
  const roles = new Set(facts.roles);
  const sent: { step: string; path: string; method: string; body: JsonObject }[] = [];
  const fill = (value: Value): Json => filled(value, state, settings);

  const put = (path: string, body: JsonObject): void => {
    const key = path.toLowerCase();
    const answer = answerOf(path, body, state.get(key));
    state.set(key, answer);
    if (/\/microsoft\.web\/sites\//.test(key) && !key.includes('/config/')) {
      const config = at(body, 'properties.siteConfig');
      const { appSettings = [], connectionStrings: _, ...web } = isObject(config) ? config : {};
      state.set(`${key}/config/web`, { properties: { ...web } });
      state.set(`${key}/config/logs`, { properties: { httpLogs: { fileSystem: { enabled: false } } } });
      const pairs = appSettings as unknown as readonly { readonly name: string; readonly value: string }[];
      settings.set(key, Object.fromEntries(pairs.map(({ name, value }) => [name, value])));
    }
    if (key.includes('/containerapps/')) addRevision(key, state);
  };

  const run = (step: Step): void => {
    switch (step.do) {
      case 'put': {
        const body = fill(step.body) as JsonObject;
        sent.push({ step: step.id, path: step.path, method: 'PUT', body });
        put(step.path, body);
        return;
      }
      case 'update': {
        const key = step.path.toLowerCase();
        const before = state.get(key) ?? {};
        const edited = step.edits.reduce<Json>(
          (all, { at: where, to }) => withValue(all, where, to === undefined ? undefined : fill(to)),
          before,
        ) as JsonObject;
        const body = step.method === 'PATCH' ? branches(edited, step.send, []) : withoutReadOnly(edited);
        sent.push({ step: step.id, path: step.path, method: step.method, body });
        state.set(key, hidden({ ...edited, ...principalIn(nameOf(step.path), edited) }));
        if (key.includes('/containerapps/') && at(body, 'properties.template') !== undefined) addRevision(key, state);
        return;
      }
      case 'settings': {
        const key = step.path.toLowerCase();
        settings.set(key, { ...settings.get(key), ...(fill(step.set) as Readonly<Record<string, string>>) });
        return;
      }
      case 'delete':
        state.set(step.path.toLowerCase(), undefined);
        return;
      case 'role':
        roles.add(`${step.scope}|${shown(fill(step.principal))}|${step.role.id}`.toLowerCase());
        return;
      case 'register':
        providers.set(step.namespace.toLowerCase(), 'Registered');
        return;
      case 'post':
        if (step.body !== undefined) {
          sent.push({ step: step.id, path: step.path, method: 'POST', body: fill(step.body) as JsonObject });
        }
        return;
      case 'image':
      case 'settle':
      case 'answer':
      case 'references':
      case 'nothing':
    }
  };
  for (const step of plan.steps) if (step.effect !== 'leave') run(step);
  return { facts: { ...facts, resources: state, settings, providers, roles }, sent };
}

function filled(value: Value, state: Facts['resources'], settings: Facts['settings']): Json {
  const inner = (one: Value): Json => filled(one, state, settings);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly Value[]).map(inner);
  if ('$secret' in value) return `value of ${shown(value.$secret)}`;
  if ('$text' in value) return (value.$text as readonly Value[]).map((part) => shown(inner(part))).join('');
  if ('$read' in value) {
    const { path, get } = value.$read as { readonly path: string; readonly get: string };
    if (path.endsWith('/sharedKeys')) return 'key-of-the-workspace';
    if (path.endsWith('/config/azurestorageaccounts/list')) return 'key-of-the-storage';
    if (path.endsWith('/config/appsettings/list')) {
      return (
        settings.get(path.slice(0, -'/config/appsettings/list'.length).toLowerCase())?.[keysOf(get)[1] ?? ''] ?? ''
      );
    }
    const found = at(state.get(path.toLowerCase()), get);
    if (found === undefined) throw new Error(`Nothing at '${get}' of '${path}' when it is needed`);
    return found;
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(one)]));
}

/** What Azure adds to what it is given, and what it keeps to itself. */
function answerOf(path: string, body: JsonObject, before: JsonObject | undefined): JsonObject {
  const name = nameOf(path);
  const more: Readonly<Record<string, JsonObject>> = {
    registries: { loginServer: `${name}.azurecr.io` },
    userassignedidentities: { principalId: `principal-of-${name}`, clientId: `client-of-${name}` },
    sites: { defaultHostName: `${name}.azurewebsites.net` },
    slots: { defaultHostName: `shop-${name}.azurewebsites.net` },
    workspaces: { customerId: `customer-of-${name}` },
    components: { ConnectionString: `InstrumentationKey=key-of-${name}` },
    containergroups: { instanceView: { state: 'Running' } },
  };
  const type = path.split('/').at(-2)?.toLowerCase() ?? '';
  const { siteConfig: _, ...properties } = isObject(body['properties']) ? body['properties'] : {};
  return hidden({
    ...before,
    ...body,
    id: path,
    name,
    ...principalIn(name, body),
    properties: { ...properties, ...more[type], provisioningState: 'Succeeded' },
  });
}

/** Who has an identity of their own has a principal. */
function principalIn(name: string, resource: JsonObject): JsonObject {
  const identity = resource['identity'];
  if (!isObject(identity) || !/System/.test(shown(at(identity, 'type')))) return {};
  return { identity: { ...identity, principalId: `principal-of-${name}` } };
}

/** Secrets never come back. */
function hidden(resource: JsonObject): JsonObject {
  const clean = (value: Json): Json => {
    if (Array.isArray(value)) return (value as readonly Json[]).map(clean);
    if (!isObject(value)) return value;
    const { secureValue: _, sharedKey: __, workspaceKey: ___, ...rest } = value;
    return Object.fromEntries(Object.entries(rest).map(([key, one]) => [key, clean(one)]));
  };
  const all = clean(resource) as JsonObject;
  const secrets = at(all, 'properties.configuration.secrets');
  if (!Array.isArray(secrets)) return all;
  const bare = (secrets as readonly JsonObject[]).map(({ value: _, ...rest }) => rest);
  return withValue(all, 'properties.configuration.secrets', bare) as JsonObject;
}

function addRevision(key: string, state: Map<string, JsonObject | undefined>): void {
  const app = state.get(key) ?? {};
  const name = `${nameOf(key)}--${shown(at(app, 'properties.template.revisionSuffix') ?? 'first')}`;
  const list = at(state.get(`${key}/revisions`), 'value');
  const before = (Array.isArray(list) ? list : []) as readonly JsonObject[];
  if (before.some((one) => one['name'] === name)) throw new Error(`There is a revision '${name}' already`);
  const traffic = at(app, 'properties.configuration.ingress.traffic') ?? [{ latestRevision: true, weight: 100 }];
  state.set(`${key}/revisions`, { value: [...before, { name, properties: { active: true } }] });
  let next: Json = withValue(app, 'properties.latestRevisionName', name);
  next = withValue(next, 'properties.latestReadyRevisionName', name);
  next = withValue(next, 'properties.latestRevisionFqdn', `${name}.example.io`);
  next = withValue(next, 'properties.configuration.ingress.fqdn', `${nameOf(key)}.example.io`);
  state.set(key, withValue(next, 'properties.configuration.ingress.traffic', traffic) as JsonObject);
}
