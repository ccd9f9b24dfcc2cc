import type { Target } from '../../../../client/src/deploy/choices.ts';
import { planText } from '../../../../client/src/deploy/describe.ts';
import type { Facts, SourceFacts } from '../../../../client/src/deploy/facts.ts';
import type { JsonObject } from '../../../../client/src/azure/json.ts';
import { providersOf } from '../../../../client/src/deploy/plan/lookups.ts';
import type { Plan } from '../../../../client/src/deploy/plan.ts';
import { group } from '../targets.ts';

export {
  bareContainerApp,
  bareContainerGroup,
  bareWebApp,
  containerApp,
  containerGroup,
  group,
  subscription,
  targetOf,
  webApp,
} from '../targets.ts';

export const registryId = `${group}/providers/Microsoft.ContainerRegistry/registries/shopreg`;
export const identityId = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shop-pull`;
export const siteId = `${group}/providers/Microsoft.Web/sites/shop`;
export const appId = `${group}/providers/Microsoft.App/containerApps/shop`;
export const groupId = `${group}/providers/Microsoft.ContainerInstance/containerGroups/shop`;

export const source: SourceFacts = {
  exposed: [8080],
  commit: { short: '1a2b3c4', full: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d', isDirty: false },
  contents: 'c0ffee0123456789',
  hasDocker: true,
};

/** An empty subscription with all providers registered. */
export function factsOf(target: Target, more: Partial<Facts> = {}): Facts {
  return {
    readAt: '2026-01-02T03:04:05.000Z',
    cloud: { registrySuffix: '.azurecr.io', portal: 'https://portal.azure.com', hasListPrices: true },
    resources: new Map(),
    settings: new Map(),
    connectionStrings: new Map(),
    providers: new Map(providersOf(target).map((provider) => [provider.toLowerCase(), 'Registered'])),
    nameTaken: new Map(),
    missingRights: new Map(),
    roles: new Set(),
    quotas: [],
    source,
    ...more,
  };
}

export function withSource(facts: Facts, more: Partial<SourceFacts>): Facts {
  return { ...facts, source: { ...facts.source, ...more } };
}

/** With this resource, or what it is changed to. */
export function withResource(
  facts: Facts,
  id: string,
  change: JsonObject | ((there: JsonObject) => JsonObject) | undefined,
): Facts {
  const key = id.toLowerCase();
  const there = facts.resources.get(key) ?? {};
  return {
    ...facts,
    resources: new Map([...facts.resources, [key, typeof change === 'function' ? change(there) : change]]),
  };
}

/** The plan as it is shown, without its head. */
export function drawn(plan: Plan): string {
  return planText(plan).split('\n').slice(3).join('\n').trim();
}

/** Only what is done: `+ registry`, `~ site:image`. */
export function outline(plan: Plan): string {
  const marks = { create: '+', change: '~', run: '>', leave: '=' };
  return plan.steps.map(({ effect, id }) => `${marks[effect]} ${id}`).join('\n');
}

/** A drawing in a test's source, without its indentation. */
export function text(drawing: string): string {
  const lines = drawing.replace(/^\n/, '').trimEnd().split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join('\n');
}
