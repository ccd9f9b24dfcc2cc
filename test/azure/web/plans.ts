import { at, isObject, textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import type { Call, Core, Part, Reply } from '../core.ts';
import { answer, bodyOf } from './contracts.ts';
import { apiVersions, field, planIdOf, planPath, propertiesOf, provider, regionOf, text } from './ids.ts';
import { elsewhere, refuse } from './refusals.ts';
import { tierOf } from './skus.ts';

/** App Service plans: Microsoft.Web/serverfarms. */
export const plans: Part = (core) => {
  const [read, write, list] = ['read', 'write', 'read'].map((what) => `Microsoft.Web/serverfarms/${what}`) as [
    string,
    string,
    string,
  ];
  const one = { 200: answer('AppServicePlan') };
  const many = { 200: answer('AppServicePlanCollection') };
  const listed = (below: string): Reply => ({
    status: 200,
    body: { value: core.store.list(below, 'Microsoft.Web/serverfarms').map((plan) => planAnswer(core, plan)) },
  });
  const inSubscription = '/subscriptions/{subscription}';
  return [
    {
      method: 'PUT',
      path: planPath,
      apiVersions,
      action: write,
      body: bodyOf('AppServicePlan'),
      answers: one,
      handle: (call: Call) => put(core, planIdOf(call), call.body),
    },
    {
      method: 'PATCH',
      path: planPath,
      apiVersions,
      action: write,
      body: bodyOf('AppServicePlanPatchResource'),
      answers: one,
      handle: (call: Call) => {
        const plan = core.store.need(planIdOf(call));
        const properties = { ...propertiesOf(plan), ...propertiesOf(call.body) };
        return put(core, planIdOf(call), { ...plan, ...call.body, properties });
      },
    },
    {
      method: 'GET',
      path: planPath,
      apiVersions,
      action: read,
      answers: one,
      handle: (call: Call) => ({ status: 200, body: planAnswer(core, core.store.need(planIdOf(call))) }),
    },
    {
      method: 'DELETE',
      path: planPath,
      apiVersions,
      action: 'Microsoft.Web/serverfarms/delete',
      handle: (call: Call) => remove(core, planIdOf(call)),
    },
    {
      method: 'GET',
      path: `${inSubscription}/resourceGroups/{group}${provider}/serverfarms`,
      apiVersions,
      action: list,
      answers: many,
      handle: ({ at: { subscription = '', group = '' } }: Call) =>
        listed(`/subscriptions/${subscription}/resourceGroups/${group}`),
    },
    {
      method: 'GET',
      path: `${inSubscription}${provider}/serverfarms`,
      apiVersions,
      action: list,
      answers: many,
      handle: ({ at: { subscription = '' } }: Call) => listed(`/subscriptions/${subscription}`),
    },
    {
      method: 'GET',
      path: `${planPath}/usages`,
      apiVersions,
      action: 'Microsoft.Web/serverfarms/usages/read',
      answers: { 200: answer('CsmUsageQuotaCollection') },
      handle: (call: Call) => {
        const plan = core.store.need(planIdOf(call));
        const name = { value: 'Workers', localizedValue: 'Workers' };
        const limit = tierOf(textAt(plan, 'sku.name') ?? '')?.workers ?? 0;
        return { status: 200, body: { value: [{ unit: 'Count', name, currentValue: 1, limit }] } };
      },
    },
  ];
};

/** Sites that run on a plan, without their slots. */
export function sitesOn(core: Core, plan: string): readonly JsonObject[] {
  return core.store
    .list('', 'Microsoft.Web/sites')
    .filter((site) => textAt(site, 'properties.serverFarmId')?.toLowerCase() === plan.toLowerCase());
}

export function slotsOf(core: Core, site: string): readonly JsonObject[] {
  return core.store.list(site, 'Microsoft.Web/sites/slots');
}

function put(core: Core, id: string, body: JsonObject): Reply {
  const before = core.store.get(id);
  const location = body['location'] ?? '';
  if (before !== undefined && regionOf(before['location']) !== regionOf(location)) {
    throw elsewhere(field(before, 'name'), field(before, 'location'), text(location));
  }
  const asked = isObject(body['sku']) ? body['sku'] : before?.['sku'];
  const size = textAt(asked, 'name') ?? 'F1';
  const tier = tierOf(size);
  if (tier === undefined)
    throw refuse(400, 'BadRequest', `The value '${size}' of parameter sku.name is invalid.`, '51021');
  const given = propertiesOf(body);
  const isLinux = (before === undefined ? given['reserved'] : propertiesOf(before)['reserved']) === true;
  if (isLinux && tier.name === 'Shared') {
    throw refuse(409, 'Conflict', 'Linux workers are not available in the tier Shared.', '59314');
  }
  const tooMany = sitesOn(core, id).find((site) => slotsOf(core, field(site, 'id')).length > tier.slots);
  if (tooMany !== undefined) {
    throw refuse(
      409,
      'Conflict',
      `Cannot change the plan to '${tier.name}': '${field(tooMany, 'name')}' has more slots than it allows.`,
    );
  }
  const capacity = Number(at(asked, 'capacity') ?? 1);
  if (capacity > tier.workers) {
    throw refuse(
      400,
      'BadRequest',
      `The parameter sku.capacity has an invalid value: at most ${tier.workers} in ${tier.name}.`,
    );
  }
  const stored = core.store.put(id, {
    location,
    kind: isLinux ? 'linux' : 'app',
    ...(isObject(body['tags']) && { tags: body['tags'] }),
    sku: { name: size, tier: tier.name, size, family: size.slice(0, 1).toUpperCase(), capacity },
    properties: {
      ...given,
      // What makes it Linux; cannot be changed afterwards.
      reserved: isLinux,
      subscription: core.subscription,
      status: 'Ready',
      maximumNumberOfWorkers: tier.workers,
      numberOfWorkers: capacity,
      geoRegion: location,
      resourceGroup: id.split('/')[4] ?? '',
      provisioningState: 'Succeeded',
    },
  });
  return { status: 200, body: planAnswer(core, stored) };
}

function remove(core: Core, id: string): Reply {
  const plan = core.store.get(id);
  if (plan === undefined) return { status: 204 };
  const [first] = sitesOn(core, id);
  if (first !== undefined) {
    const name = textAt(plan, 'name') ?? '';
    throw refuse(
      409,
      'Conflict',
      `Server farm '${name}' cannot be deleted because it has web app(s) ${field(first, 'name')} assigned to it.`,
      '11003',
    );
  }
  core.store.delete(id);
  return { status: 200 };
}

function planAnswer(core: Core, plan: JsonObject): JsonObject {
  const numberOfSites = sitesOn(core, field(plan, 'id')).length;
  return { ...plan, properties: { ...propertiesOf(plan), numberOfSites } };
}
