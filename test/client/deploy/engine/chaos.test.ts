import { makePlan } from '../../../../client/src/deploy/plan/make-plan.ts';
import { startAppService } from './app-service.ts';
import { source, type Scenario } from './chaos.ts';
import { chaosTests } from './chaos-tests.ts';

chaosTests({ what: 'to App Service', together: 4, seeds: 12, after: 'writes', begin: () => startAppService() });

/** Another state of the source, with other settings, a secret more, and what watches the app. */
const update: Scenario['next'] = async (target, facts) => {
  const changed = {
    ...target,
    env: { COLOR: 'red', TONE: 'calm' },
    secrets: { ...target.secrets, KEY: { from: 'ask' } } as const,
    health: '/up',
    monitoring: { applicationInsights: `${target.app.name}-insights`, alertAbove5xx: 3 },
  };
  const commit = { short: '5e6f708', full: '5e6f708'.repeat(5), isDirty: false };
  return makePlan(changed, await facts(changed, { ...source, commit, contents: '0123456789abcdef' }));
};
chaosTests({
  what: 'a change of a slot',
  isUpdate: true,
  together: 4,
  seeds: 4,
  after: 'changes',
  begin: () => startAppService({}, update),
});
