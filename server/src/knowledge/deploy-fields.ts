/**
 * What `.shipshape/deploy.yaml` may hold: the one table behind reading, checking, completing and the JSON schema of the file.
 * It holds choices, never secrets.
 */
export type DeployField = { readonly about: string; readonly required?: true } & (
  | {
      readonly kind: 'text';
      /** What the text must look like, and in words. */
      readonly pattern?: RegExp;
      readonly means?: string;
      readonly values?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'number'; readonly least: number; readonly most: number; readonly whole: boolean }
  | { readonly kind: 'flag' }
  | { readonly kind: 'object'; readonly fields: DeployFields }
  /** Names chosen by the user, to values of one kind. */
  | { readonly kind: 'map'; readonly name?: RegExp; readonly of: DeployField }
  | { readonly kind: 'list'; readonly of: DeployField }
);
export type DeployFields = Readonly<Record<string, DeployField>>;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;
const inWorkspace = /^(?![/\\]|[A-Za-z]:)(?!(.*[/\\])?\.\.([/\\]|$)).+$/;
const guidText = { kind: 'text', pattern: guid, means: 'an id such as 11111111-2222-3333-4444-555555555555' } as const;
const pathText = {
  kind: 'text',
  pattern: inWorkspace,
  means: 'a path in this workspace, relative to its folder',
} as const;

/** Each target has exactly one of these. */
export const appKinds = ['appService', 'containerApp', 'containerInstance'] as const;

const cpu = { kind: 'number', least: 0.1, most: 32, whole: false } as const;
const count = { kind: 'number', least: 0, most: 1000, whole: true } as const;

const appService: DeployFields = {
  name: { kind: 'text', required: true, about: 'Name of the web app; part of its address.' },
  plan: { kind: 'text', required: true, about: 'Name of the App Service plan it runs on.' },
  sku: {
    kind: 'text',
    about: 'Size of the plan, if it has to be made. B1 by default.',
    values: {
      F1: 'Free, for trying things; no always-on, no slots.',
      B1: 'Basic: one core, 1.75 GB; no slots.',
      B2: 'Basic: two cores, 3.5 GB; no slots.',
      B3: 'Basic: four cores, 7 GB; no slots.',
      S1: 'Standard: one core, 1.75 GB; five slots.',
      P0v3: 'Premium: one core, 4 GB; twenty slots.',
      P1v3: 'Premium: two cores, 8 GB; twenty slots.',
      P2v3: 'Premium: four cores, 16 GB; twenty slots.',
    },
  },
  slot: { kind: 'text', about: 'Deploy into this slot, to be swapped into production later.' },
  slotSettings: {
    kind: 'list',
    of: { kind: 'text', pattern: variable, means: 'a name', about: 'Name of a variable in env or secrets.' },
    about: "Names from env and secrets that stay with their slot when it is swapped, such as a test database's.",
  },
  alwaysOn: { kind: 'flag', about: 'Keep the app loaded when nobody asks. On for a new app where the plan allows it.' },
};

const scaleRule: DeployField = {
  kind: 'object',
  about: 'When to add replicas.',
  fields: {
    kind: {
      kind: 'text',
      required: true,
      about: 'What is counted.',
      values: {
        http: 'Requests at the same time.',
        cpu: 'Load of the processor.',
        queue: 'Messages in an Azure Storage queue.',
      },
    },
    requests: { ...count, least: 1, about: 'With http: requests at the same time per replica.' },
    percent: { ...count, least: 1, most: 100, about: 'With cpu: load per replica.' },
    queue: { kind: 'text', about: 'With queue: its name.' },
    length: { ...count, least: 1, about: 'With queue: messages per replica.' },
    connection: { kind: 'text', about: 'With queue: the secret that holds the connection string.' },
  },
};

const containerApp: DeployFields = {
  name: { kind: 'text', required: true, about: 'Name of the container app; part of its address.' },
  environment: { kind: 'text', required: true, about: 'Name of the Container Apps environment.' },
  workspace: {
    kind: 'text',
    about: 'Name of the Log Analytics workspace for the logs, if the environment has to be made.',
  },
  container: { kind: 'text', about: 'Name of the container in the app. The image repository by default.' },
  cpu: { ...cpu, least: 0.25, about: 'Processor cores per replica. 0.5 for a new app.' },
  memory: { ...cpu, least: 0.5, most: 64, about: 'Memory per replica in GiB; twice the cores. 1 for a new app.' },
  external: { kind: 'flag', about: 'Whether the internet may ask it. True for a new app.' },
  minReplicas: { ...count, about: 'Replicas that always run; 0 lets it sleep. 0 for a new app.' },
  maxReplicas: { ...count, least: 1, about: 'Replicas at most. 5 for a new app.' },
  rules: { kind: 'list', of: scaleRule, about: 'When to add replicas. 50 requests at the same time for a new app.' },
  revisions: {
    kind: 'text',
    about: 'What happens to the revision before. Single for a new app.',
    values: {
      single: 'The new revision takes over.',
      multiple: 'Both run, and traffic is moved with the commands for it.',
    },
  },
};

const containerInstance: DeployFields = {
  name: { kind: 'text', required: true, about: 'Name of the container group.' },
  cpu: { ...cpu, most: 4, about: 'Processor cores. 1 for a new group.' },
  memory: { ...cpu, least: 0.5, most: 16, about: 'Memory in GB. 1.5 for a new group.' },
  dnsLabel: { kind: 'text', about: 'First part of its address. Its name for a new group.' },
  restart: {
    kind: 'text',
    about: 'When the container is started again. Always for a new group.',
    values: { Always: 'Whenever it ends.', OnFailure: 'When it fails.', Never: 'Never: it runs once.' },
  },
  workspace: {
    kind: 'text',
    about: 'Name of the Log Analytics workspace that keeps its logs; made if it is not there. None by default.',
  },
};

const target: DeployFields = {
  tenant: { ...guidText, about: 'The directory to sign in to, if it is not your own.' },
  subscription: { ...guidText, required: true, about: 'The Azure subscription.' },
  resourceGroup: { kind: 'text', required: true, about: 'The resource group; made if it is not there.' },
  location: {
    kind: 'text',
    required: true,
    pattern: /^[a-z0-9]+$/,
    means: 'a region such as westeurope',
    about: 'The Azure region.',
  },
  registry: {
    kind: 'object',
    required: true,
    about: 'The Azure Container Registry that the image is pushed to.',
    fields: {
      name: { kind: 'text', required: true, about: 'Its name.' },
      resourceGroup: { kind: 'text', about: "Its resource group, if not the target's." },
      sku: {
        kind: 'text',
        about: 'Its size, if it has to be made. Basic by default.',
        values: { Basic: '10 GB.', Standard: '100 GB.', Premium: '500 GB, and private networks.' },
      },
    },
  },
  image: {
    kind: 'object',
    about: 'How the image is built.',
    fields: {
      repository: {
        kind: 'text',
        about: "Its name in the registry. The target's name by default.",
        pattern: /^[a-z0-9]+([._/-]+[a-z0-9]+)*$/,
        means: 'lower-case letters, digits, dots, dashes and slashes',
      },
      dockerfile: { ...pathText, about: 'The Dockerfile. Dockerfile by default.' },
      context: { ...pathText, about: "The build's folder. The workspace's by default." },
      stage: { kind: 'text', about: 'The stage to build. The last by default.' },
      arguments: {
        kind: 'map',
        name: variable,
        of: { kind: 'text', about: 'Value of a build argument.' },
        about: 'Build arguments. No secrets: they stay in the image.',
      },
      secretArguments: {
        kind: 'map',
        name: variable,
        of: {
          kind: 'text',
          pattern: /^(ask|environment:[A-Za-z_][A-Za-z0-9_]*)$/,
          means: "'ask' or 'environment:NAME'",
          about: "Where the value comes from: 'ask' (the editor asks once and keeps it) or 'environment:NAME'.",
        },
        about:
          'Build arguments whose values are in no log or command line; what the last stage uses can still be read in the image.',
      },
      build: {
        kind: 'text',
        about: 'Where it is built.',
        values: { local: 'On this machine, then pushed.', cloud: 'In Azure (ACR Tasks), without Docker here.' },
      },
      platform: {
        kind: 'text',
        about: 'Its platform. linux/amd64 by default.',
        values: { 'linux/amd64': 'What Azure runs by default.', 'linux/arm64': 'Only where the target runs it.' },
      },
    },
  },
  identity: {
    kind: 'text',
    about: "Name of the identity that pulls the image, or 'system' for the app's own. Made if it is not there.",
  },
  port: {
    kind: 'number',
    least: 1,
    most: 65_535,
    whole: true,
    about: 'Where the app listens. From EXPOSE, PORT or Compose by default.',
  },
  health: {
    kind: 'text',
    pattern: /^\/\S*$/,
    means: 'a path such as /healthz',
    about: 'Path that answers when all is well. From HEALTHCHECK by default.',
  },
  env: {
    kind: 'map',
    name: variable,
    of: { kind: 'text', about: 'Value of the variable.' },
    about: 'Environment variables. No secrets.',
  },
  secrets: {
    kind: 'map',
    name: variable,
    of: {
      kind: 'text',
      pattern: /^(ask|environment:[A-Za-z_][A-Za-z0-9_]*|https:\/\/\S+\/secrets\/\S+)$/,
      means: "'ask', 'environment:NAME' or the address of a Key Vault secret",
      about:
        "Where the value comes from: 'ask' (the editor asks once and keeps it), 'environment:NAME', or a Key Vault address.",
    },
    about: 'Environment variables whose values are secret.',
  },
  tags: { kind: 'map', of: { kind: 'text', about: 'Value of the tag.' }, about: 'Tags for everything that is made.' },
  monitoring: {
    kind: 'object',
    about: 'What watches over the app.',
    fields: {
      applicationInsights: {
        kind: 'text',
        about: 'Name of the Application Insights component; made if it is not there.',
      },
      alertAbove5xx: { ...count, about: 'Tell when this many requests fail within five minutes.' },
    },
  },
  appService: { kind: 'object', fields: appService, about: 'Run it as an App Service web app.' },
  containerApp: {
    kind: 'object',
    fields: containerApp,
    about: 'Run it as a container app: scales to zero, revisions, traffic split.',
  },
  containerInstance: { kind: 'object', fields: containerInstance, about: 'Run it as a single container group.' },
};

export const deployFields: DeployFields = {
  targets: {
    kind: 'map',
    required: true,
    name: /^[A-Za-z0-9][\w-]*$/,
    of: { kind: 'object', fields: target, about: 'One place to deploy to.' },
    about: 'Where this app is deployed to, by names of your own.',
  },
};
