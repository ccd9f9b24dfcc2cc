import type { JsonObject } from '../../client/src/azure/json.ts';
import { Refusal, type Store } from './core.ts';

/** The store, and what only the local Azure's own parts and its tests do with it. */
export interface OwnStore extends Store {
  /** Puts whatever is given, asking for no parent: for tests. */
  readonly place: (id: string, resource: JsonObject) => void;
  readonly ids: () => readonly string[];
}

export interface ParsedId {
  readonly subscription: string | undefined;
  readonly group: string | undefined;
  /** `Microsoft.Web/sites/slots`. */
  readonly type: string;
  readonly name: string;
  /** `undefined` for a subscription. */
  readonly parent: string | undefined;
}

export function createStore(): OwnStore {
  const resources = new Map<string, { readonly id: string; readonly resource: JsonObject }>();
  const listeners: ((id: string, resource: JsonObject) => void)[] = [];
  const get = (id: string): JsonObject | undefined => resources.get(id.toLowerCase())?.resource;

  const set = (id: string, resource: JsonObject): JsonObject => {
    const kept = resources.get(id.toLowerCase())?.id ?? id;
    const { type, name } = parseId(kept);
    const whole = { id: kept, name, type, ...resource };
    resources.set(id.toLowerCase(), { id: kept, resource: whole });
    return whole;
  };

  const checkParents = (id: string): void => {
    const { subscription, group, parent } = parseId(id);
    if (subscription !== undefined && get(`/subscriptions/${subscription}`) === undefined) {
      throw notFound('SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
    }
    if (subscription !== undefined && group !== undefined) {
      const groupId = `/subscriptions/${subscription}/resourceGroups/${group}`;
      if (!isSame(id, groupId) && get(groupId) === undefined) {
        throw notFound('ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
      }
    }
    if (parent !== undefined && get(parent) === undefined) {
      const above = parseId(parent);
      throw notFound(
        'ParentResourceNotFound',
        `Failed to perform 'write' on resource(s) of type '${parseId(id).type}', because the parent resource '${parent}' of type '${above.type}' could not be found.`,
      );
    }
  };

  return {
    get,
    need: (id) => {
      const found = get(id);
      if (found !== undefined) return found;
      checkParents(id);
      const { type, name, group } = parseId(id);
      if (type === 'Microsoft.Resources/resourceGroups') {
        throw notFound('ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
      }
      throw notFound(
        'ResourceNotFound',
        `The Resource '${type}/${name}' under resource group '${group ?? '<null>'}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
      );
    },
    put: (id, resource) => {
      checkParents(id);
      return set(id, resource);
    },
    delete: (id) => {
      const below = `${id.toLowerCase()}/`;
      for (const [key, entry] of [...resources]) {
        if (key !== id.toLowerCase() && !key.startsWith(below)) continue;
        resources.delete(key);
        for (const listener of listeners) listener(entry.id, entry.resource);
      }
    },
    list: (below, type) =>
      [...resources.values()]
        .filter(({ id }) => id.toLowerCase().startsWith(`${below.toLowerCase()}/`) && isSame(parseId(id).type, type))
        .map(({ resource }) => resource),
    onDelete: (listener) => void listeners.push(listener),
    place: set,
    ids: () => [...resources.values()].map(({ id }) => id).sort((left, right) => (left < right ? -1 : 1)),
  };
}

/** Total: of what is no id of a resource, the type is empty. */
export function parseId(id: string): ParsedId {
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(id)?.[1];
  const group = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(id)?.[1];
  const place = { subscription, group };
  const last = id.toLowerCase().lastIndexOf('/providers/');
  if (last < 0) {
    const name = group ?? subscription ?? '';
    const type = `Microsoft.Resources/${group === undefined ? 'subscriptions' : 'resourceGroups'}`;
    const parent = group === undefined ? undefined : `/subscriptions/${subscription ?? ''}`;
    return { ...place, type: subscription === undefined ? '' : type, name, parent };
  }
  const [namespace = '', ...segments] = id.slice(last + '/providers/'.length).split('/');
  const type = [namespace, ...segments.filter((_, index) => index % 2 === 0)].join('/');
  const above = segments.length > 2 ? id.split('/').slice(0, -2).join('/') : id.slice(0, last);
  return { ...place, type, name: segments.at(-1) ?? '', parent: above === '' ? undefined : above };
}

function notFound(code: string, message: string): Refusal {
  return new Refusal(404, code, message);
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
