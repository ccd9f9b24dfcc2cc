import { readDeployFile, type DeployFileTarget, type DeployValue } from '../../../server/src/model/deploy-file.ts';
import type { Problem } from '../../../server/src/text/problem.ts';
import type {
  AppChoices,
  AppServiceChoices,
  ContainerAppChoices,
  ContainerInstanceChoices,
  ScaleRule,
  SecretSource,
  Target,
} from './choices.ts';

export const deployFilePath = '.shipshape/deploy.yaml';

export interface Choices {
  readonly targets: readonly Target[];
  /** Targets that cannot be used as they stand, with the first thing that is wrong in each. */
  readonly broken: readonly {
    readonly name: string;
    readonly message: string;
    /** From 1. */
    readonly line: number;
  }[];
}

/** The targets of a `.shipshape/deploy.yaml`, with defaults for what is not said; of the app itself, those depend on whether it is there. */
export function readChoices(text: string): Choices {
  const { targets, problems } = readDeployFile(text);
  const inFile = problems.slice(0, targets.length === 0 ? 1 : 0);
  return {
    targets: targets.filter(({ problem }) => problem === undefined).map((target) => targetOf(target)),
    broken: [
      ...targets.flatMap(({ name, problem }) => (problem === undefined ? [] : { name, ...told(text, problem) })),
      ...inFile.map((problem) => ({ name: deployFilePath, ...told(text, problem) })),
    ],
  };
}

function told(text: string, { message, range }: Problem): { readonly message: string; readonly line: number } {
  return { message, line: text.slice(0, range.start).split(/\r\n|\n|\r/).length };
}

function targetOf({ name, values }: DeployFileTarget): Target {
  const all = new Values(values);
  const image = all.object('image');
  const registry = all.object('registry');
  const identity = all.text('identity') ?? `${appNameOf(all) ?? name}-identity`;
  const monitoring = all.object('monitoring');
  return {
    name,
    ...optional('tenant', all.text('tenant')),
    subscription: all.text('subscription') ?? '',
    resourceGroup: all.text('resourceGroup') ?? '',
    location: all.text('location') ?? '',
    image: {
      repository: image.text('repository') ?? repositoryOf(appNameOf(all) ?? name),
      dockerfile: image.text('dockerfile') ?? 'Dockerfile',
      context: image.text('context') ?? '.',
      ...optional('stage', image.text('stage')),
      arguments: image.texts('arguments'),
      ...(image.has('secretArguments') && { secretArguments: sourcesIn(image.texts('secretArguments')) }),
      build: image.text('build') === 'cloud' ? 'cloud' : 'local',
      platform: image.text('platform') ?? 'linux/amd64',
    },
    registry: {
      name: registry.text('name') ?? '',
      ...optional('resourceGroup', registry.text('resourceGroup')),
      sku: (registry.text('sku') ?? 'Basic') as Target['registry']['sku'],
    },
    identity: identity === 'system' ? { kind: 'system' } : { kind: 'user', name: identity },
    ...optional('port', all.number('port')),
    ...optional('health', all.text('health')),
    env: all.texts('env'),
    secrets: sourcesIn(all.texts('secrets')),
    app: appOf(all, name),
    monitoring: {
      ...optional('applicationInsights', monitoring.text('applicationInsights')),
      ...optional('alertAbove5xx', monitoring.number('alertAbove5xx')),
    },
    tags: all.texts('tags'),
  };
}

function appOf(all: Values, name: string): AppChoices {
  if (all.has('appService')) return appServiceOf(all.object('appService'));
  if (all.has('containerApp')) return containerAppOf(all.object('containerApp'), name);
  return containerInstanceOf(all.object('containerInstance'));
}

function appServiceOf(app: Values): AppServiceChoices {
  return {
    kind: 'appService',
    name: app.text('name') ?? '',
    plan: app.text('plan') ?? '',
    ...optional('sku', app.text('sku')),
    ...optional('slot', app.text('slot')),
    ...(app.has('slotSettings') && { slotSettings: app.words('slotSettings') }),
    ...optional('alwaysOn', app.flag('alwaysOn')),
  };
}

function containerAppOf(app: Values, name: string): ContainerAppChoices {
  const environment = app.text('environment') ?? '';
  return {
    kind: 'containerApp',
    name: app.text('name') ?? '',
    environment,
    workspace: app.text('workspace') ?? `${environment}-logs`,
    container: app.text('container') ?? repositoryOf(app.text('name') ?? name),
    ...optional('cpu', app.number('cpu')),
    ...optional('memory', app.number('memory')),
    ...optional('external', app.flag('external')),
    ...optional('minReplicas', app.number('minReplicas')),
    ...optional('maxReplicas', app.number('maxReplicas')),
    ...(app.has('rules') && { rules: app.list('rules').map((rule, index) => ruleOf(rule, index)) }),
    ...optional('revisions', app.text('revisions') as ContainerAppChoices['revisions']),
  };
}

function containerInstanceOf(app: Values): ContainerInstanceChoices {
  return {
    kind: 'containerInstance',
    name: app.text('name') ?? '',
    ...optional('cpu', app.number('cpu')),
    ...optional('memory', app.number('memory')),
    ...optional('dnsLabel', app.text('dnsLabel')),
    ...optional('restart', app.text('restart') as ContainerInstanceChoices['restart']),
    ...optional('workspace', app.text('workspace')),
  };
}

function ruleOf(rule: Values, index: number): ScaleRule {
  const kind = rule.text('kind');
  const name = `${kind ?? 'http'}${index === 0 ? '' : `-${index + 1}`}`;
  if (kind === 'cpu') return { kind, name, percent: rule.number('percent') ?? 70 };
  if (kind === 'queue') {
    const [queue, connection] = [rule.text('queue') ?? '', rule.text('connection') ?? ''];
    return { kind, name, queue, connection, length: rule.number('length') ?? 10 };
  }
  return { kind: 'http', name, requests: rule.number('requests') ?? 50 };
}

function sourcesIn(texts: Readonly<Record<string, string>>): Readonly<Record<string, SecretSource>> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, sourceOf(text)]));
}

/** As the file writes it: `ask`, `environment:NAME`, or the address of a Key Vault secret. */
function sourceOf(text: string): SecretSource {
  if (text.startsWith('environment:')) return { from: 'environment', variable: text.slice('environment:'.length) };
  return text === 'ask' ? { from: 'ask' } : { from: 'keyVault', url: text };
}

function appNameOf(all: Values): string | undefined {
  return ['appService', 'containerApp', 'containerInstance'].flatMap((kind) => all.object(kind).text('name') ?? [])[0];
}

/** Names of repositories and containers are lower case. */
function repositoryOf(name: string): string {
  const safe = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return safe.replace(/^-+|-+$/g, '') || 'app';
}

function optional<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, T>);
}

/** The values of a mapping that is known to be right. */
class Values {
  readonly #values: Readonly<Record<string, DeployValue>>;

  constructor(values: Readonly<Record<string, DeployValue>>) {
    this.#values = values;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#values, key);
  }

  text(key: string): string | undefined {
    const value = this.#values[key];
    return typeof value === 'string' ? value : undefined;
  }

  number(key: string): number | undefined {
    const value = this.#values[key];
    return typeof value === 'number' ? value : undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.#values[key];
    return typeof value === 'boolean' ? value : undefined;
  }

  texts(key: string): Readonly<Record<string, string>> {
    const entries = Object.entries(recordOf(this.#values[key]));
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  }

  object(key: string): Values {
    return new Values(recordOf(this.#values[key]));
  }

  words(key: string): readonly string[] {
    const value = this.#values[key];
    return Array.isArray(value) ? value.filter((each: DeployValue): each is string => typeof each === 'string') : [];
  }

  list(key: string): readonly Values[] {
    const value = this.#values[key];
    return Array.isArray(value) ? value.map((each: DeployValue) => new Values(recordOf(each))) : [];
  }
}

function recordOf(value: DeployValue | undefined): Readonly<Record<string, DeployValue>> {
  return typeof value === 'object' && !Array.isArray(value) ? (value as Readonly<Record<string, DeployValue>>) : {};
}
