import * as mappers from '@azure/arm-resources/dist-esm/src/models/mappers.js';
import { textAt, type JsonObject } from '../../client/src/azure/json.ts';
import { contractOf } from './contract.ts';
import type { Route } from './core.ts';
import type { OwnCore } from './own-core.ts';
import { FrontDoorRefusal } from './refusals.ts';

const apiVersions = ['2024-03-01', '2021-04-01'];
const path = '/subscriptions/{subscription}/providers/{namespace}';
const provider = contractOf(mappers, 'Provider', { answer: true });

/** What deployments use, and the types of each. */
export const knownProviders: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.App': ['containerApps', 'managedEnvironments'],
  'Microsoft.ContainerInstance': ['containerGroups'],
  'Microsoft.ContainerRegistry': ['registries'],
  'Microsoft.Insights': ['components', 'metricAlerts', 'actionGroups'],
  'Microsoft.KeyVault': ['vaults'],
  'Microsoft.ManagedIdentity': ['userAssignedIdentities'],
  'Microsoft.OperationalInsights': ['workspaces'],
  'Microsoft.Web': ['serverfarms', 'sites', 'sites/slots'],
};

/** Registration of resource providers: without it, a subscription may make nothing of theirs. */
export function providers(core: OwnCore): readonly Route[] {
  const describe = (subscription: string, asked: string): JsonObject => {
    const namespace = Object.keys(knownProviders).find((one) => one.toLowerCase() === asked.toLowerCase());
    if (namespace === undefined) {
      throw new FrontDoorRefusal(404, 'InvalidResourceNamespace', `The resource namespace '${asked}' is invalid.`);
    }
    const from = core.registrations.get(namespace.toLowerCase())?.from;
    const state = from === undefined ? 'NotRegistered' : from <= Date.now() ? 'Registered' : 'Registering';
    return {
      id: `/subscriptions/${subscription}/providers/${namespace}`,
      namespace,
      registrationPolicy: 'RegistrationRequired',
      registrationState: state,
      resourceTypes: (knownProviders[namespace] ?? []).map((resourceType) => ({
        resourceType,
        locations: core.locations.map(({ displayName }) => displayName),
        apiVersions: ['2023-12-01'],
        capabilities: 'SupportsTags, SupportsLocation',
      })),
    };
  };

  return [
    {
      method: 'GET',
      path: '/subscriptions/{subscription}/providers',
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/providers/read',
      answers: { 200: contractOf(mappers, 'ProviderListResult', { answer: true }) },
      handle: ({ at }) => ({
        status: 200,
        body: { value: Object.keys(knownProviders).map((namespace) => describe(at['subscription'] ?? '', namespace)) },
      }),
    },
    {
      method: 'GET',
      path,
      apiVersions,
      action: 'Microsoft.Resources/subscriptions/providers/read',
      answers: { 200: provider },
      handle: ({ at }) => ({ status: 200, body: describe(at['subscription'] ?? '', at['namespace'] ?? '') }),
    },
    {
      method: 'POST',
      path: `${path}/register`,
      apiVersions,
      action: '',
      body: contractOf(mappers, 'ProviderRegistrationRequest'),
      answers: { 200: provider },
      handle: ({ at, caller }) => {
        const subscription = at['subscription'] ?? '';
        const namespace = textAt(describe(subscription, at['namespace'] ?? ''), 'namespace') ?? '';
        const [action, scope] = [`${namespace}/register/action`, `/subscriptions/${subscription}`];
        if (!core.directory.may(caller, action, scope)) {
          throw new FrontDoorRefusal(
            403,
            'AuthorizationFailed',
            `The client '${core.directory.find(caller)?.name ?? ''}' with object id '${caller}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
          );
        }
        const key = namespace.toLowerCase();
        if (!core.registrations.has(key)) {
          core.registrations.set(key, { namespace, from: Date.now() + core.times.operation });
        }
        return { status: 200, body: describe(subscription, namespace) };
      },
    },
  ];
}
