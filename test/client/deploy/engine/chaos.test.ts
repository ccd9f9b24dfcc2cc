import { startAppService } from './app-service.ts';
import { chaosTests } from './chaos-tests.ts';

chaosTests({ what: 'to App Service', together: 4, seeds: 12, after: 'writes', begin: () => startAppService() });
