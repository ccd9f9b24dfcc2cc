import { startLocalAzure } from '../../../azure/start.ts';
import type { LocalAzure } from '../../../azure/local-azure.ts';
import type { Target } from '../../../../client/src/deploy/choices.ts';
import { webApp } from '../targets.ts';
import { placeholder, scenarioOf, type Scenario } from './chaos.ts';
import { target } from './support.ts';

/** The image is in no registry, so that nothing is run: what Azure has in the end is what counts. */
export async function startAppService(
  more: Partial<Target> = {},
  next?: Scenario['next'],
): Promise<{ readonly azure: LocalAzure; readonly scenario: Scenario }> {
  const azure = await startLocalAzure({ times: { replication: 20, operation: 5, retryAfter: 0 } });
  const scenario = await scenarioOf(azure, {
    ...target,
    subscription: azure.subscription,
    resourceGroup: `shop-${placeholder}`,
    registry: { name: `shop${placeholder}`, sku: 'Basic' },
    env: { COLOR: 'blue' },
    secrets: { DATABASE: { from: 'ask' } },
    tags: { team: 'shop' },
    app: { ...webApp, name: `shop-${placeholder}`, sku: 'S1', slot: 'staging' },
    ...more,
  });
  return { azure, scenario: { ...scenario, ...(next && { next }) } };
}
