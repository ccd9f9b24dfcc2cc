import { apiVersions } from '../../azure/api-versions.ts';
import { nameOf } from '../../azure/resource-id.ts';
import type { Target } from '../choices.ts';
import { alertCost, workspaceCost } from '../prices.ts';
import type { ReadPlace, ValueObject } from '../value.ts';
import { lacksRight } from './access.ts';
import { allowed, named } from './foundation.ts';
import { readWorkspaceKey } from './lookups.ts';
import { block, found, listAt, type Pieces, readLater, type Scene, tagged, warn } from './scene.ts';
import { at } from '../../azure/json.ts';

/** The setting that the libraries of Application Insights look for. */
export const connectionSetting = 'APPLICATIONINSIGHTS_CONNECTION_STRING';

/** Log Analytics, which a container app's environment, a container group and Application Insights write to. */
export function* workspace(scene: Scene): Pieces {
  const path = scene.ids.workspace;
  // An environment or a component that is there has its own workspace already.
  const user = scene.ids.environment ?? (keepsLogs(scene.target) ? undefined : scene.ids.component);
  if (path === undefined || (found(scene, user) !== undefined && found(scene, path) === undefined)) return;
  const name = nameOf(path);
  const base = { id: 'workspace', resource: path };
  if (found(scene, path) !== undefined) {
    if (lacksRight(scene, path, readWorkspaceKey) && needsKey(scene)) {
      yield block(`You may not read the key of '${name}': ask its owner for 'Log Analytics Contributor'`);
    }
    yield { ...base, title: `Log Analytics workspace '${name}' stays as it is`, effect: 'leave', do: 'nothing' };
    return;
  }
  yield* named('workspace', name);
  yield* allowed(scene, path, 'Microsoft.OperationalInsights/workspaces/write', `the workspace '${name}'`);
  yield {
    ...base,
    title: `Create the Log Analytics workspace '${name}'`,
    effect: 'create',
    changes: [{ what: 'logs are kept', to: '30 days' }],
    cost: workspaceCost(),
    do: 'put',
    path,
    apiVersion: apiVersions.workspaces,
    body: {
      location: scene.target.location,
      properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 },
      ...tagged(scene),
    },
  };
}

/** A group is told to which workspace it writes; nobody else knows its key. */
function keepsLogs({ app }: Target): boolean {
  return app.kind === 'containerInstance' && app.workspace !== undefined;
}

/** An environment that is there has been given it. */
function needsKey(scene: Scene): boolean {
  const { environment } = scene.ids;
  return keepsLogs(scene.target) || (environment !== undefined && found(scene, environment) === undefined);
}

/** What Log Analytics says of itself to who may write to it, one of it secret. */
export function workspacePlaces(scene: Scene): { readonly id: string | ReadPlace; readonly key: ReadPlace } {
  const path = scene.ids.workspace ?? '';
  const name = nameOf(path);
  return {
    id: readLater(scene, {
      label: `id of the workspace '${name}'`,
      method: 'GET',
      path,
      apiVersion: apiVersions.workspaces,
      get: 'properties.customerId',
    }),
    key: {
      $read: {
        label: `key of the workspace '${name}'`,
        method: 'POST',
        path: `${path}/sharedKeys`,
        apiVersion: apiVersions.sharedKeys,
        get: 'primarySharedKey',
        secret: true,
      },
    },
  };
}

/** Application Insights. */
export function* component(scene: Scene): Pieces {
  const path = scene.ids.component;
  if (path === undefined) return;
  const name = nameOf(path);
  const base = { id: 'component', resource: path };
  if (found(scene, path) !== undefined) {
    yield { ...base, title: `Application Insights '${name}' stays as it is`, effect: 'leave', do: 'nothing' };
    return;
  }
  yield* named('component', name);
  yield* allowed(scene, path, 'Microsoft.Insights/components/write', `Application Insights '${name}'`);
  yield {
    ...base,
    title: `Create Application Insights '${name}'`,
    effect: 'create',
    because: `It costs what its logs cost in the workspace '${nameOf(scene.ids.workspace ?? '')}'`,
    do: 'put',
    path,
    apiVersion: apiVersions.components,
    body: {
      location: scene.target.location,
      kind: 'web',
      properties: {
        Application_Type: 'web',
        Flow_Type: 'Bluefield',
        Request_Source: 'rest',
        WorkspaceResourceId: scene.ids.workspace ?? '',
      },
      ...tagged(scene),
    },
  };
}

/** Who has it can write to the component: Azure does not call it a secret, we do. */
export function connectionString(scene: Scene): ReadPlace | undefined {
  const path = scene.ids.component;
  if (path === undefined) return undefined;
  return {
    $read: {
      label: `connection string of '${nameOf(path)}'`,
      method: 'GET',
      path,
      apiVersion: apiVersions.components,
      get: 'properties.ConnectionString',
      secret: true,
    },
  };
}

/** The alert on failed requests; the deployment does not depend on it. */
export function* alert(scene: Scene): Pieces {
  const { app, monitoring } = scene.target;
  const threshold = monitoring.alertAbove5xx;
  if (threshold === undefined) return;
  const path = scene.ids.alert;
  if (path === undefined) {
    yield warn('Container Instances count no failed requests: there will be no alert');
    return;
  }
  const name = nameOf(path);
  const there = found(scene, path);
  const base = { id: 'alert', resource: path };
  const before = at(listAt(there, 'properties.criteria.allOf')[0], 'threshold');
  if (there !== undefined && before === threshold) {
    yield { ...base, title: `Alert '${name}' stays as it is`, effect: 'leave', do: 'nothing' };
    return;
  }
  const to = `more than ${threshold} in 5 minutes`;
  if (there !== undefined) {
    const at = 'properties.criteria.allOf[name=failures].threshold';
    const isOurs = listAt(there, 'properties.criteria.allOf').some((one) => one['name'] === 'failures');
    if (!isOurs || typeof before !== 'number') {
      yield warn(`The alert '${name}' is not one of ours: it stays as it is`);
      return;
    }
    yield {
      ...base,
      title: `Change the alert '${name}'`,
      effect: 'change',
      changes: [{ what: 'failed requests (5xx)', from: `more than ${before} in 5 minutes`, to }],
      optional: true,
      do: 'update',
      path,
      apiVersion: apiVersions.metricAlerts,
      method: 'PUT',
      edits: [{ at, from: before, to: threshold }],
      send: [],
    };
    return;
  }
  yield {
    ...base,
    title: `Create the alert '${name}'`,
    effect: 'create',
    changes: [{ what: 'failed requests (5xx)', to }],
    cost: alertCost(),
    optional: true,
    do: 'put',
    path,
    apiVersion: apiVersions.metricAlerts,
    body: {
      location: 'global',
      properties: {
        description: `'${app.name}' fails: ${to} ended with 5xx`,
        severity: 2,
        enabled: true,
        scopes: [scene.ids.app],
        evaluationFrequency: 'PT1M',
        windowSize: 'PT5M',
        criteria: {
          'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
          allOf: [criterion(scene, threshold)],
        },
        actions: [],
      },
      ...tagged(scene),
    },
  };
}

function criterion(scene: Scene, threshold: number): ValueObject {
  const isApp = scene.target.app.kind === 'containerApp';
  const isSlot = scene.target.app.kind === 'appService' && scene.target.app.slot !== undefined;
  return {
    criterionType: 'StaticThresholdCriterion',
    name: 'failures',
    metricName: isApp ? 'Requests' : 'Http5xx',
    metricNamespace: isApp ? 'Microsoft.App/containerApps' : `Microsoft.Web/sites${isSlot ? '/slots' : ''}`,
    timeAggregation: 'Total',
    operator: 'GreaterThan',
    threshold,
    dimensions: isApp ? [{ name: 'statusCodeCategory', operator: 'Include', values: ['5xx'] }] : [],
  };
}
