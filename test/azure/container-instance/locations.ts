import { regionOf } from '../app/ids.ts';
import { objectAt } from '../app/json-edit.ts';
import type { Call, Part, Route } from '../core.ts';
import { coresOf, quota } from './check-group.ts';
import { answered } from './contracts.ts';
import { apiVersions, inSubscription, type } from './ids.ts';

/** What a region has for container groups, and how much of it is used. */
export const containerInstanceLocations: Part = (core) => {
  const read = (name: string, action: string, model: string, value: (call: Call) => readonly object[]): Route => ({
    method: 'GET',
    path: `${inSubscription}/locations/{location}/${name}`,
    apiVersions,
    action: `Microsoft.ContainerInstance/locations/${action}/read`,
    answers: { 200: answered(model) },
    handle: (call) => ({ status: 200, body: { value: JSON.parse(JSON.stringify(value(call))) as [] } }),
  });
  return [
    read('usages', 'usages', 'UsageListResult', ({ at }) => {
      const groups = core.store
        .list(`/subscriptions/${at['subscription'] ?? ''}`, type)
        .filter((group) => regionOf(group) === at['location']?.replaceAll(' ', '').toLowerCase());
      const cores = groups.reduce((sum, group) => sum + coresOf(objectAt(group, 'properties')), 0);
      return [
        {
          unit: 'Count',
          currentValue: groups.length,
          limit: quota.ContainerGroups,
          name: { value: 'ContainerGroups', localizedValue: 'Container Groups' },
        },
        {
          unit: 'Count',
          currentValue: Math.ceil(cores),
          limit: quota.StandardCores,
          name: { value: 'StandardCores', localizedValue: 'Standard Cores' },
        },
      ];
    }),
    read('capabilities', 'capabilities', 'CapabilitiesListResult', ({ at }) => [
      {
        resourceType: 'containerGroups',
        osType: 'Linux',
        location: at['location'],
        ipAddressType: 'Public',
        gpu: 'None',
        capabilities: { maxMemoryInGB: 16, maxCpu: 4, maxGpuCount: 0 },
      },
    ]),
    read('cachedImages', 'cachedImages', 'CachedImagesListResult', () => [
      { osType: 'Linux', image: 'mcr.microsoft.com/azuredocs/aci-helloworld:latest' },
    ]),
  ];
};
