import { createHash } from 'node:crypto';
import { textAt } from '../../../client/src/azure/json.ts';
import type { Core } from '../core.ts';
import { read, settingsOf } from './config.ts';
import { identityOf } from './identity.ts';
import { namesIn } from './ids.ts';
import { referencesOf } from './key-vault.ts';

/** What a site or slot is to run, read off its configuration when it starts. */
export interface Blueprint {
  /** Undefined: nothing to run yet; the platform shows a page of its own. */
  readonly image: string | undefined;
  readonly pull: PullAs;
  readonly environment: Readonly<Record<string, string>>;
  /** Undefined: what the image exposes, else 80. */
  readonly port: number | undefined;
  /** Milliseconds until something must listen. */
  readonly startLimit: number;
}

export type PullAs =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'identity'; readonly principalId: string }
  | { readonly kind: 'user'; readonly username: string; readonly password: string }
  | { readonly kind: 'impossible'; readonly reason: string };

// Documented: 230 seconds, at most 1800 by WEBSITES_CONTAINER_START_TIME_LIMIT.
const usualStartLimit = 230_000;
const highestStartLimit = 1_800_000;

export function blueprintOf(core: Core, app: string): Blueprint {
  const settings = settingsOf(core, app);
  const port = portIn(settings['WEBSITES_PORT']) ?? portIn(settings['PORT']);
  return {
    image: imageOf(core, app),
    pull: pullAs(core, app, settings),
    environment: environmentOf(core, app, settings),
    port,
    startLimit: limitIn(settings['WEBSITES_CONTAINER_START_TIME_LIMIT']) ?? core.times.siteStart ?? usualStartLimit,
  };
}

export function imageOf(core: Core, app: string): string | undefined {
  const version = read(core, app, 'config/web')['linuxFxVersion'];
  return typeof version === 'string' ? /^DOCKER\|(.+)$/i.exec(version)?.[1] : undefined;
}

/** With `acrUseManagedIdentityCreds` the identity whose client id is named, else the system's; without it, user and password of the settings. */
function pullAs(core: Core, app: string, settings: Readonly<Record<string, string>>): PullAs {
  const web = read(core, app, 'config/web');
  if (web['acrUseManagedIdentityCreds'] !== true) {
    const username = settings['DOCKER_REGISTRY_SERVER_USERNAME'];
    const password = settings['DOCKER_REGISTRY_SERVER_PASSWORD'];
    if (username === undefined || password === undefined) return { kind: 'nobody' };
    return { kind: 'user', username, password };
  }
  const { system, assigned } = identityOf(core.store.get(app));
  const chosen = textAt(web, 'acrUserManagedIdentityID');
  if (chosen !== undefined && chosen !== '') {
    const found = assigned.find(({ clientId }) => clientId.toLowerCase() === chosen.toLowerCase());
    if (found !== undefined) return { kind: 'identity', principalId: found.principalId };
    return { kind: 'impossible', reason: `the identity with client id '${chosen}' is not assigned to the app` };
  }
  if (system !== undefined) return { kind: 'identity', principalId: system };
  return { kind: 'impossible', reason: 'the app has no system-assigned identity' };
}

function environmentOf(
  core: Core,
  app: string,
  settings: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { site, slot } = namesIn(app);
  const secrets = referencesOf(core, app).flatMap(({ setting, value }) =>
    value === undefined ? [] : [[setting, value]],
  );
  const strings = Object.entries(read(core, app, 'config/connectionstrings')).map(([name, one]) => [
    `${prefixes[textAt(one, 'type') ?? ''] ?? 'CUSTOMCONNSTR_'}${name}`,
    textAt(one, 'value') ?? '',
  ]);
  return {
    WEBSITE_SITE_NAME: site,
    WEBSITE_SLOT_NAME: slot ?? 'Production',
    WEBSITE_HOSTNAME: textAt(core.store.get(app), 'properties.defaultHostName') ?? '',
    WEBSITE_INSTANCE_ID: instanceOf(app),
    ...settings,
    ...(Object.fromEntries(strings) as Readonly<Record<string, string>>),
    ...(Object.fromEntries(secrets) as Readonly<Record<string, string>>),
  };
}

export function instanceOf(app: string): string {
  return createHash('sha256').update(app.toLowerCase()).digest('hex');
}

const prefixes: Readonly<Record<string, string>> = {
  MySql: 'MYSQLCONNSTR_',
  SQLServer: 'SQLCONNSTR_',
  SQLAzure: 'SQLAZURECONNSTR_',
  PostgreSQL: 'POSTGRESQLCONNSTR_',
};

function portIn(text: string | undefined): number | undefined {
  const port = Number(text);
  return text !== undefined && Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

function limitIn(seconds: string | undefined): number | undefined {
  const limit = Number(seconds);
  return seconds === undefined || !(limit > 0) ? undefined : Math.min(1000 * limit, highestStartLimit);
}
