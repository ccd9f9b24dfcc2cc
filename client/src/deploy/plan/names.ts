/** What Azure allows as names, as in its "Naming rules and restrictions for Azure resources"; proposals that keep to it. */
export type Named =
  | 'resourceGroup'
  | 'registry'
  | 'repository'
  | 'identity'
  | 'plan'
  | 'site'
  | 'slot'
  | 'environment'
  | 'workspace'
  | 'containerApp'
  | 'container'
  | 'containerInstance'
  | 'dnsLabel'
  | 'component'
  | 'secret';

interface Rule {
  readonly what: string;
  readonly pattern: RegExp;
  readonly least: number;
  readonly most: number;
  /** What the pattern means, for people. */
  readonly allowed: string;
}

const letters = 'letters, digits and hyphens';
const small = 'lower-case letters, digits and hyphens';

const rules: Readonly<Record<Named, Rule>> = {
  resourceGroup: {
    what: 'resource group',
    pattern: /^[\p{L}\p{N}_().-]*[\p{L}\p{N}_()-]$/u,
    least: 1,
    most: 90,
    allowed: 'letters, digits, (), -, _ and dots, not a dot at the end',
  },
  registry: { what: 'registry', pattern: /^[a-zA-Z0-9]+$/, least: 5, most: 50, allowed: 'letters and digits' },
  repository: {
    what: 'repository',
    pattern: /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/,
    least: 1,
    most: 255,
    allowed: 'lower-case letters, digits, single dots and underscores, hyphens and slashes between them',
  },
  identity: {
    what: 'identity',
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/,
    least: 3,
    most: 128,
    allowed: 'letters, digits, hyphens and underscores, a letter or digit first',
  },
  plan: { what: 'App Service plan', pattern: /^[a-zA-Z0-9-]+$/, least: 1, most: 60, allowed: letters },
  site: {
    what: 'app',
    pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
    least: 2,
    most: 60,
    allowed: `${letters}, no hyphen first or last`,
  },
  slot: {
    what: 'slot',
    pattern: /^(?!production$)[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/i,
    least: 2,
    most: 59,
    allowed: `${letters}, no hyphen first or last, and not 'production'`,
  },
  environment: {
    what: 'environment',
    pattern: /^[a-z](?!.*--)(?:[a-z0-9-]*[a-z0-9])?$/,
    least: 2,
    most: 60,
    allowed: `${small}, a letter first, no hyphen last or twice`,
  },
  workspace: {
    what: 'Log Analytics workspace',
    pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
    least: 4,
    most: 63,
    allowed: `${letters}, no hyphen first or last`,
  },
  containerApp: {
    what: 'container app',
    pattern: /^[a-z](?!.*--)(?:[a-z0-9-]*[a-z0-9])?$/,
    least: 2,
    most: 32,
    allowed: `${small}, a letter first, no hyphen last or twice`,
  },
  container: {
    what: 'container',
    pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    least: 1,
    most: 46,
    allowed: `${small}, no hyphen first or last`,
  },
  containerInstance: {
    what: 'container group',
    pattern: /^[a-z0-9](?!.*--)(?:[a-z0-9-]*[a-z0-9])?$/,
    least: 1,
    most: 63,
    allowed: `${small}, no hyphen first, last or twice`,
  },
  dnsLabel: {
    what: 'DNS label',
    pattern: /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/,
    least: 5,
    most: 63,
    allowed: `${small}, a letter first, no hyphen last`,
  },
  component: {
    what: 'Application Insights component',
    pattern: /^[^%&\\?/]*[^%&\\?/ .]$/,
    least: 1,
    most: 255,
    allowed: 'anything but %&\\?/, and no blank or dot at the end',
  },
  secret: {
    what: 'secret',
    pattern: /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/,
    least: 1,
    most: 253,
    allowed: 'lower-case letters, digits, hyphens and dots, a letter or digit first and last',
  },
};

/** Why a name cannot be, and what would do; `undefined` when it can. */
export function nameProblem(kind: Named, name: string): string | undefined {
  const { what, pattern, least, most, allowed } = rules[kind];
  if (name.length < least || name.length > most) {
    return `The ${what} '${name}' has ${name.length} characters: choose a name with ${least} to ${most}`;
  }
  return pattern.test(name) ? undefined : `'${name}' cannot name the ${what}: use ${allowed}`;
}

/**
 * A name of this kind for what is called `from`, such as the workspace's folder; always the same one. For names that must be unique in
 * all of Azure each further attempt gives another, always the same again.
 */
export function proposeName(kind: Named, from: string, attempt = 0): string {
  const { least, most, pattern } = rules[kind];
  const glue = kind === 'registry' ? '' : '-';
  const words = from
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const plain = words.join(glue);
  const start = /^[a-z]/.test(plain) ? plain : plain === '' ? 'app' : `app${glue}${plain}`;
  const end = `${suffixes[kind] ?? ''}${attempt === 0 ? '' : `${glue}${attempt + 1}`}`;
  const ending = kind === 'registry' ? end.replaceAll('-', '') : end;
  const cut = start.slice(0, Math.min(most, 24) - ending.length).replace(/-+$/, '');
  let name = `${cut}${ending}`;
  // Too short, or a word that Azure keeps to itself.
  while (name.length < least || !pattern.test(name)) name = `${name}${glue}app`;
  return name;
}

const suffixes: Readonly<Partial<Record<Named, string>>> = {
  registry: 'registry',
  identity: '-pull',
  plan: '-plan',
  environment: '-env',
  workspace: '-logs',
  component: '-insights',
};
