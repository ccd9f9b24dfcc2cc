import { randomUUID } from 'node:crypto';
import { at as valueAt, isObject, textAt, type Json, type JsonObject } from '../../client/src/azure/json.ts';
import { contractOf } from './contract.ts';
import { Refusal, type Route } from './core.ts';
import { commonRoutes } from './crud.ts';
import { definedOnly, plainLocation } from './groups.ts';
import { handMade } from './hand-made.ts';
import type { OwnCore } from './own-core.ts';
import { parseId } from './store.ts';

const resource = { 'id-': 'String', 'name-': 'String', 'type-': 'String', 'location!': 'String', tags: 'String{}' };
const duration = 'PT1M|PT5M|PT15M|PT30M|PT1H|PT6H|PT12H|P1D';
const models = handMade({
  Component: {
    ...resource,
    'kind!': 'String',
    etag: 'String',
    'properties.Application_Type!': 'web|other',
    'properties.ApplicationId-': 'String',
    'properties.AppId-': 'String',
    'properties.Name-': 'String',
    'properties.Flow_Type': 'String',
    'properties.Request_Source': 'String',
    'properties.InstrumentationKey-': 'String',
    'properties.CreationDate-': 'DateTime',
    'properties.TenantId-': 'String',
    'properties.provisioningState-': 'String',
    'properties.SamplingPercentage': 'Number',
    'properties.ConnectionString-': 'String',
    'properties.RetentionInDays': 'Number',
    'properties.DisableIpMasking': 'Boolean',
    'properties.WorkspaceResourceId': 'String',
    'properties.publicNetworkAccessForIngestion': 'Enabled|Disabled',
    'properties.publicNetworkAccessForQuery': 'Enabled|Disabled',
    'properties.IngestionMode': 'ApplicationInsights|ApplicationInsightsWithDiagnosticSettings|LogAnalytics',
    'properties.DisableLocalAuth': 'Boolean',
  },
  Components: { 'value!': 'Component[]' },
  MetricAlert: {
    ...resource,
    etag: 'String',
    'properties.description': 'String',
    'properties.severity!': 'Number',
    'properties.enabled!': 'Boolean',
    'properties.scopes!': 'String[]',
    'properties.evaluationFrequency!': duration,
    'properties.windowSize!': duration,
    'properties.targetResourceType': 'String',
    'properties.targetResourceRegion': 'String',
    'properties.criteria!': 'Criteria',
    'properties.autoMitigate': 'Boolean',
    'properties.actions': 'AlertAction[]',
    'properties.lastUpdatedTime-': 'DateTime',
    'properties.isMigrated-': 'Boolean',
  },
  MetricAlerts: { 'value!': 'MetricAlert[]' },
  AlertAction: { actionGroupId: 'String', webHookProperties: 'String{}' },
  Criteria: {
    'odata\\.type!':
      'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria|Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria',
    'allOf!': 'MetricCriteria[]',
  },
  MetricCriteria: {
    'criterionType!': 'StaticThresholdCriterion',
    'name!': 'String',
    'metricName!': 'String',
    metricNamespace: 'String',
    'timeAggregation!': 'Average|Count|Minimum|Maximum|Total',
    'operator!': 'Equals|GreaterThan|GreaterThanOrEqual|LessThan|LessThanOrEqual',
    'threshold!': 'Number',
    dimensions: 'MetricDimension[]',
    skipMetricValidation: 'Boolean',
  },
  MetricDimension: { 'name!': 'String', 'operator!': 'String', 'values!': 'String[]' },
  ActionGroup: {
    ...resource,
    'properties.groupShortName!': 'String',
    'properties.enabled!': 'Boolean',
    'properties.emailReceivers': 'EmailReceiver[]',
    'properties.smsReceivers': 'any[]',
    'properties.webhookReceivers': 'any[]',
    'properties.itsmReceivers': 'any[]',
    'properties.azureAppPushReceivers': 'any[]',
    'properties.automationRunbookReceivers': 'any[]',
    'properties.voiceReceivers': 'any[]',
    'properties.logicAppReceivers': 'any[]',
    'properties.azureFunctionReceivers': 'any[]',
    'properties.armRoleReceivers': 'any[]',
    'properties.eventHubReceivers': 'any[]',
  },
  ActionGroups: { 'value!': 'ActionGroup[]' },
  EmailReceiver: { 'name!': 'String', 'emailAddress!': 'String', useCommonAlertSchema: 'Boolean', 'status-': 'String' },
});
const componentType = 'Microsoft.Insights/components';
const alertType = 'Microsoft.Insights/metricAlerts';
const actionGroupType = 'Microsoft.Insights/actionGroups';
const pathOf = (type: string): string =>
  `/subscriptions/{subscription}/resourceGroups/{group}/providers/${type}/{name}`;
const answer = (name: string): ReturnType<typeof contractOf> => contractOf(models, name, { answer: true });

/** Application Insights, alerts on metrics, and whom alerts call. */
export function insights(core: OwnCore): readonly Route[] {
  const { store } = core;
  const components = { type: componentType, apiVersions: ['2020-02-02'] };
  const alerts = { type: alertType, apiVersions: ['2018-03-01'] };
  const actionGroups = { type: actionGroupType, apiVersions: ['2023-01-01'] };
  return [
    ...commonRoutes(core, { ...components, one: answer('Component'), list: answer('Components') }),
    ...commonRoutes(core, { ...alerts, one: answer('MetricAlert'), list: answer('MetricAlerts') }),
    ...commonRoutes(core, { ...actionGroups, one: answer('ActionGroup'), list: answer('ActionGroups') }),
    {
      method: 'PUT',
      path: pathOf(componentType),
      apiVersions: components.apiVersions,
      action: `${componentType}/write`,
      body: contractOf(models, 'Component'),
      answers: { 200: answer('Component') },
      handle: ({ id, at, body }) => {
        const linked = textAt(body, 'properties.WorkspaceResourceId');
        if (linked !== undefined && store.get(linked) === undefined) {
          throw new Refusal(400, 'BadRequest', `The workspace '${linked}' of 'WorkspaceResourceId' does not exist.`);
        }
        const existing = store.get(id);
        const location = plainLocation(textAt(body, 'location') ?? '');
        const key = textAt(existing, 'properties.InstrumentationKey') ?? randomUUID();
        const application = textAt(existing, 'properties.AppId') ?? randomUUID();
        const made = store.put(id, {
          kind: body['kind'] ?? 'web',
          location,
          tags: body['tags'] ?? {},
          properties: {
            Flow_Type: 'Bluefield',
            Request_Source: 'rest',
            RetentionInDays: 90,
            publicNetworkAccessForIngestion: 'Enabled',
            publicNetworkAccessForQuery: 'Enabled',
            IngestionMode: linked === undefined ? 'ApplicationInsights' : 'LogAnalytics',
            CreationDate: new Date().toISOString(),
            ...propertiesOf(existing),
            ...propertiesOf(body),
            ApplicationId: at['name'] ?? '',
            Name: at['name'] ?? '',
            AppId: application,
            InstrumentationKey: key,
            ConnectionString: `InstrumentationKey=${key};IngestionEndpoint=https://${location}-1.in.applicationinsights.azure.com/;LiveEndpoint=https://${location}.livediagnostics.monitor.azure.com/;ApplicationId=${application}`,
            TenantId: core.tenant,
            provisioningState: 'Succeeded',
          },
        });
        return { status: 200, body: made };
      },
    },
    {
      method: 'PUT',
      path: pathOf(alertType),
      apiVersions: alerts.apiVersions,
      action: `${alertType}/write`,
      body: contractOf(models, 'MetricAlert'),
      answers: { 200: answer('MetricAlert') },
      handle: ({ id, body }) => {
        checkAlert(core, body);
        const properties = { autoMitigate: true, ...propertiesOf(body), isMigrated: false };
        return {
          status: 200,
          body: store.put(id, { location: 'global', ...definedOnly({ tags: body['tags'] }), properties }),
        };
      },
    },
    {
      method: 'PUT',
      path: pathOf(actionGroupType),
      apiVersions: actionGroups.apiVersions,
      action: `${actionGroupType}/write`,
      body: contractOf(models, 'ActionGroup'),
      answers: { 200: answer('ActionGroup'), 201: answer('ActionGroup') },
      handle: ({ id, body }) => {
        if ((textAt(body, 'properties.groupShortName') ?? '').length > 12) {
          throw new Refusal(400, 'InvalidGroupShortName', 'The short name must have at most 12 characters.');
        }
        const isNew = store.get(id) === undefined;
        const made = store.put(id, {
          location: 'Global',
          ...definedOnly({ tags: body['tags'] }),
          properties: propertiesOf(body),
        });
        return { status: isNew ? 201 : 200, body: made };
      },
    },
    {
      method: 'GET',
      path: '/{scope}/providers/Microsoft.Insights/metrics',
      apiVersions: ['2023-10-01'],
      action: 'Microsoft.Insights/metrics/read',
      handle: ({ at, query, id }) => {
        const scope = at['scope'] ?? '';
        const { type } = parseId(textAt(store.need(scope), 'id') ?? '');
        const names = (query.get('metricnames') ?? '').split(',').filter((name) => name !== '');
        const value = names.map((name) => ({
          id: `${id}/${name}`,
          type: 'Microsoft.Insights/metrics',
          name: { value: name, localizedValue: name },
          unit: 'Count',
          timeseries: [{ metadatavalues: [], data: [{ timeStamp: new Date().toISOString(), total: 0 }] }],
          errorCode: 'Success',
        }));
        const timespan = query.get('timespan') ?? 'PT1H';
        return { status: 200, body: { cost: 0, timespan, interval: 'PT1M', value, namespace: type } };
      },
    },
  ];
}

function checkAlert(core: OwnCore, body: JsonObject): void {
  const bad = (message: string): Refusal => new Refusal(400, 'BadRequest', message);
  if (plainLocation(textAt(body, 'location') ?? '') !== 'global') {
    throw bad('Alert rules on metrics are global: the location must be "global".');
  }
  const severity = valueAt(body, 'properties.severity');
  if (typeof severity !== 'number' || severity < 0 || severity > 4) throw bad('The severity must be from 0 to 4.');
  for (const scope of listAt(body, 'properties.scopes')) {
    if (typeof scope !== 'string' || core.store.get(scope) === undefined) {
      throw new Refusal(
        404,
        'ResourceNotFound',
        `The target resource '${JSON.stringify(scope)}' of the alert was not found.`,
      );
    }
    for (const criterion of listAt(body, 'properties.criteria.allOf')) {
      const namespace = textAt(criterion, 'metricNamespace') ?? parseId(scope).type;
      if (namespace.toLowerCase() !== parseId(scope).type.toLowerCase()) {
        throw bad(`Couldn't find a metric named ${textAt(criterion, 'metricName') ?? ''} in namespace ${namespace}.`);
      }
    }
  }
  for (const action of listAt(body, 'properties.actions')) {
    const group = textAt(action, 'actionGroupId') ?? '';
    if (core.store.get(group) === undefined) throw bad(`The action group '${group}' was not found.`);
  }
}

function propertiesOf(of: JsonObject | undefined): JsonObject {
  return isObject(of?.['properties']) ? of['properties'] : {};
}

function listAt(value: Json, path: string): readonly Json[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}
