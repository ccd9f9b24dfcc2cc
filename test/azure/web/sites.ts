import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Call, Core, Part, Reply } from '../core.ts';
import { blueprintOf } from './blueprint.ts';
import { answer, bodyOf } from './contracts.ts';
import {
  apiVersions,
  appIdOf,
  field,
  forBoth,
  namesIn,
  planIdOf,
  planPath,
  productionOf,
  provider,
  siteIdOf,
  sitePath,
} from './ids.ts';
import type { Lives } from './live.ts';
import { sitesOn } from './plans.ts';
import { restart } from './settings.ts';
import { setSite, siteAnswer, whyNotNamed } from './site-resource.ts';

/** Microsoft.Web/sites and their slots. */
export const sites =
  (lives: Lives): Part =>
  (core) => {
    const one = { 200: answer('Site') };
    const many = { 200: answer('WebAppCollection') };
    const inSubscription = '/subscriptions/{subscription}';
    const listed = async (found: readonly JsonObject[]): Promise<Reply> => {
      const value: JsonObject[] = [];
      for (const site of found) value.push(await shown(core, lives, field(site, 'id')));
      return { status: 200, body: { value } };
    };
    const set = async (call: Call, how: 'PUT' | 'PATCH'): Promise<Reply> => {
      const id = appIdOf(call);
      if (how === 'PATCH') core.store.need(id);
      lives.checkFree(id);
      const before = core.store.get(id) === undefined ? undefined : JSON.stringify(blueprintOf(core, id));
      setSite(core, id, call.body, how, call.caller);
      // A new one starts by itself.
      await lives.of(id);
      if (before !== undefined && before !== JSON.stringify(blueprintOf(core, id))) await restart(core, lives, id);
      return { status: 200, body: await shown(core, lives, id) };
    };

    return [
      ...forBoth({
        method: 'PUT',
        below: '',
        action: 'Microsoft.Web/sites/write',
        body: bodyOf('Site'),
        answers: one,
        handle: (call) => set(call, 'PUT'),
      }),
      ...forBoth({
        method: 'PATCH',
        below: '',
        action: 'Microsoft.Web/sites/write',
        body: bodyOf('SitePatchResource'),
        answers: one,
        handle: (call) => set(call, 'PATCH'),
      }),
      ...forBoth({
        method: 'GET',
        below: '',
        action: 'Microsoft.Web/sites/read',
        answers: one,
        handle: async (call) => ({ status: 200, body: await shown(core, lives, appIdOf(call)) }),
      }),
      ...forBoth({
        method: 'DELETE',
        below: '',
        action: 'Microsoft.Web/sites/delete',
        handle: (call) => remove(core, appIdOf(call), call.query.get('deleteEmptyServerFarm') !== 'false'),
      }),
      {
        method: 'GET',
        path: `${sitePath}/slots`,
        apiVersions,
        action: 'Microsoft.Web/sites/slots/read',
        answers: many,
        handle: (call) => {
          core.store.need(siteIdOf(call));
          return listed(core.store.list(siteIdOf(call), 'Microsoft.Web/sites/slots'));
        },
      },
      {
        method: 'GET',
        path: `${inSubscription}/resourceGroups/{group}${provider}/sites`,
        apiVersions,
        action: 'Microsoft.Web/sites/read',
        answers: many,
        handle: ({ at: { subscription = '', group = '' } }) =>
          listed(core.store.list(`/subscriptions/${subscription}/resourceGroups/${group}`, 'Microsoft.Web/sites')),
      },
      {
        method: 'GET',
        path: `${inSubscription}${provider}/sites`,
        apiVersions,
        action: 'Microsoft.Web/sites/read',
        answers: many,
        handle: ({ at: { subscription = '' } }) =>
          listed(core.store.list(`/subscriptions/${subscription}`, 'Microsoft.Web/sites')),
      },
      {
        method: 'GET',
        path: `${planPath}/sites`,
        apiVersions,
        action: 'Microsoft.Web/serverfarms/sites/read',
        answers: many,
        handle: (call) => {
          core.store.need(planIdOf(call));
          return listed(sitesOn(core, planIdOf(call)));
        },
      },
      {
        method: 'POST',
        path: `${inSubscription}${provider}/checknameavailability`,
        apiVersions,
        action: 'Microsoft.Web/checknameavailability/read',
        body: bodyOf('ResourceNameAvailabilityRequest'),
        answers: { 200: answer('ResourceNameAvailability') },
        handle: ({ body }) => {
          const problem = whyNotNamed(core, textAt(body, 'name') ?? '');
          return {
            status: 200,
            body: problem === undefined ? { nameAvailable: true } : { nameAvailable: false, ...problem },
          };
        },
      },
    ];
  };

/** Opened first where a test has put it there: only then it has names. */
async function shown(core: Core, lives: Lives, id: string): Promise<JsonObject> {
  core.store.need(id);
  await lives.of(id);
  return siteAnswer(core, core.store.need(id));
}

/** With the last site goes its plan, unless the caller says no: so it is documented, and so it surprises. */
function remove(core: Core, id: string, withPlan: boolean): Reply {
  const site = core.store.get(id);
  if (site === undefined) {
    // What it would have been in must be there.
    core.store.need(id.split('/').slice(0, 5).join('/'));
    if (namesIn(id).slot !== undefined) core.store.need(productionOf(id));
    return { status: 204 };
  }
  const plan = textAt(site, 'properties.serverFarmId') ?? '';
  core.store.delete(id);
  const isLast = sitesOn(core, plan).length === 0;
  if (withPlan && isLast && namesIn(id).slot === undefined) core.store.delete(plan);
  return { status: 200 };
}
