import { startAppService } from './app-service.ts';
import { planUpdate, type Scenario } from './chaos.ts';
import { chaosTests } from './chaos-tests.ts';

chaosTests({ what: 'to App Service', together: 4, seeds: 12, after: 'writes', begin: () => startAppService() });

const update: Scenario['next'] = (target, facts) => {
  const monitoring = { applicationInsights: `${target.app.name}-insights`, alertAbove5xx: 3 };
  return planUpdate({ ...target, health: '/up', monitoring }, facts);
};
chaosTests({
  what: 'a change of a slot',
  isUpdate: true,
  together: 4,
  seeds: 4,
  after: 'changes',
  begin: () => startAppService({}, update),
});
