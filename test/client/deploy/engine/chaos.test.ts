import { startLocalAzure } from '../../../azure/start.ts';
import { placeholder, scenarioOf } from './chaos.ts';
import { chaosTests } from './chaos-tests.ts';
import { target } from './support.ts';

// The image is in no registry, so that nothing is run: what Azure has in the end is what counts.
chaosTests({
  what: 'to App Service',
  together: 4,
  seeds: 12,
  begin: async () => {
    const azure = await startLocalAzure({ times: { replication: 20, operation: 5, retryAfter: 0 } });
    const scenario = await scenarioOf(azure, {
      ...target,
      subscription: azure.subscription,
      resourceGroup: `shop-${placeholder}`,
      registry: { name: `shop${placeholder}`, sku: 'Basic' },
      env: { COLOR: 'blue' },
      secrets: { DATABASE: { from: 'ask' } },
      tags: { team: 'shop' },
      app: {
        kind: 'appService',
        name: `shop-${placeholder}`,
        plan: 'shop-plan',
        sku: 'S1',
        slot: 'staging',
        alwaysOn: true,
      },
    });
    return { azure, scenario };
  },
});
