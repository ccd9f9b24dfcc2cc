import { type JsonObject } from '../../client/src/azure/json.ts';
import type { Call, Contract, Reply, Route } from './core.ts';
import type { OwnCore } from './own-core.ts';

/** The routes that every kind of resource has: read one, list them, delete one. */
export function commonRoutes(
  core: OwnCore,
  about: {
    /** `Microsoft.OperationalInsights/workspaces`. */
    readonly type: string;
    readonly apiVersions: readonly string[];
    readonly one: Contract;
    readonly list: Contract;
    readonly shown?: (resource: JsonObject) => JsonObject;
  },
): readonly Route[] {
  const { store } = core;
  const { type, apiVersions, one, list, shown = (resource: JsonObject) => resource } = about;
  const inGroup = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${type}`;
  const below = (prefix: string): Reply => ({ status: 200, body: { value: store.list(prefix, type).map(shown) } });
  const read = { apiVersions, action: `${type}/read` };
  return [
    {
      ...read,
      method: 'GET',
      path: `/subscriptions/{subscription}/providers/${type}`,
      answers: { 200: list },
      handle: ({ at }) => below(`/subscriptions/${at['subscription'] ?? ''}`),
    },
    {
      ...read,
      method: 'GET',
      path: inGroup,
      answers: { 200: list },
      handle: ({ id }) => below(id.slice(0, id.lastIndexOf('/providers/'))),
    },
    {
      ...read,
      method: 'GET',
      path: `${inGroup}/{name}`,
      answers: { 200: one },
      handle: ({ id }) => ({ status: 200, body: shown(store.need(id)) }),
    },
    {
      method: 'DELETE',
      path: `${inGroup}/{name}`,
      apiVersions,
      action: `${type}/delete`,
      handle: ({ id }: Call) => {
        if (store.get(id) === undefined) return { status: 204 };
        store.delete(id);
        return { status: 200 };
      },
    },
  ];
}
