import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { at, textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import { acrPull } from '../../../client/src/azure/roles.ts';
import type { Times } from '../core.ts';
import { makePlan, startCalling, type Calling } from './calling.ts';
import { pushApp, until, type Pushed } from './images.ts';

export const site = 'Microsoft.Web/sites/shop';

export interface Shop {
  readonly calling: Calling;
  readonly registry: Pushed;
  readonly made: JsonObject;
  readonly url: string;
  readonly scm: string;
}

/** A site with an identity of its own that has no role yet. */
export async function startShop(
  context: TestContext,
  settings: Readonly<Record<string, string>> = {},
  times: Partial<Times> = {},
): Promise<Shop> {
  const calling = await startCalling(context, {
    times: { replication: 200, siteStart: 20_000, streamIdle: 20_000, ...times },
  });
  const registry = await pushApp(context, calling);
  const serverFarmId = await makePlan(calling);
  const made = await calling.done('PUT', site, {
    location: 'westeurope',
    identity: { type: 'SystemAssigned' },
    properties: {
      serverFarmId,
      siteConfig: {
        linuxFxVersion: `DOCKER|${registry.loginServer}/shop:1`,
        acrUseManagedIdentityCreds: true,
        appSettings: Object.entries({ WEBSITES_PORT: '8080', ...settings }).map(([name, value]) => ({ name, value })),
      },
    },
  });
  return { calling, registry, made, ...addressesOf(made) };
}

export function addressesOf(made: JsonObject): { readonly url: string; readonly scm: string } {
  const states = at(made, 'properties.hostNameSslStates') as readonly { name: string; hostType: string }[];
  const scm = states.find(({ hostType }) => hostType === 'Repository')?.name ?? '';
  return { url: `https://${textAt(made, 'properties.defaultHostName') ?? ''}/`, scm: `https://${scm}` };
}

export async function letPull({ calling, registry }: Shop, principalId: string | undefined): Promise<void> {
  const roleDefinitionId = `/subscriptions/${calling.azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/${acrPull.id}`;
  const path = `${registry.id}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
  const body = { properties: { roleDefinitionId, principalId: principalId ?? '', principalType: 'ServicePrincipal' } };
  await until(
    () => calling.call('PUT', path, body, '2022-04-01'),
    ({ status }) => status < 300,
  );
  await until(
    () =>
      Promise.resolve(
        calling.azure.core.directory.may(
          principalId ?? '',
          'Microsoft.ContainerRegistry/registries/pull/read',
          registry.id,
        ),
      ),
    (may) => may,
  );
}
