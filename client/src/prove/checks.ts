import type { Check } from './check.ts';
import { noGit } from './checks/no-git.ts';
import { noPackageCache } from './checks/no-package-cache.ts';
import { noSecrets } from './checks/no-secrets.ts';
import { size } from './checks/size.ts';

/** Every check there is; its promise is left out of a proof while it has none. */
export const checks: readonly Check[] = [noSecrets, noGit, noPackageCache, size];
