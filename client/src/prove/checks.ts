import type { Check } from './check.ts';
import { healthy } from './checks/healthy.ts';
import { limits } from './checks/limits.ts';
import { noGit } from './checks/no-git.ts';
import { noPackageCache } from './checks/no-package-cache.ts';
import { noPrivileges } from './checks/no-privileges.ts';
import { noSecrets } from './checks/no-secrets.ts';
import { noZombies } from './checks/no-zombies.ts';
import { nonRoot } from './checks/non-root.ts';
import { port } from './checks/port.ts';
import { readOnly } from './checks/read-only.ts';
import { size } from './checks/size.ts';
import { stops } from './checks/stops.ts';
import { unhealthyWhenStopped } from './checks/unhealthy-when-stopped.ts';

/** Every check there is, in the order in which their verdicts are shown; a promise without one is left out of a proof. */
export const checks: readonly Check[] = [
  nonRoot,
  readOnly,
  noPrivileges,
  limits,
  port,
  healthy,
  unhealthyWhenStopped,
  stops,
  noZombies,
  noSecrets,
  noGit,
  noPackageCache,
  size,
];
