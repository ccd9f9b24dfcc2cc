import type {
  AppChoices,
  AppServiceChoices,
  ContainerAppChoices,
  ContainerInstanceChoices,
  ImageChoices,
  Target,
} from '../../../client/src/deploy/choices.ts';

// The targets that tests deploy to; each says only what is special about its own.

export const subscription = '11111111-2222-3333-4444-555555555555';
export const group = `/subscriptions/${subscription}/resourceGroups/shop`;

export const image: ImageChoices = {
  repository: 'shop',
  dockerfile: 'Dockerfile',
  context: '.',
  arguments: {},
  build: 'local',
  platform: 'linux/amd64',
};

export const webApp: AppServiceChoices = {
  kind: 'appService',
  name: 'shop',
  plan: 'shop-plan',
  sku: 'B1',
  alwaysOn: true,
};

export const containerApp: ContainerAppChoices = {
  kind: 'containerApp',
  name: 'shop',
  environment: 'shop-env',
  workspace: 'shop-logs',
  container: 'web',
  cpu: 0.5,
  memory: 1,
  external: true,
  minReplicas: 0,
  maxReplicas: 5,
  rules: [],
  revisions: 'single',
};

export const containerGroup: ContainerInstanceChoices = {
  kind: 'containerInstance',
  name: 'shop',
  cpu: 1,
  memory: 1.5,
  dnsLabel: 'shop-label',
  restart: 'Always',
};

/** With nothing said but what must be. */
export const bareWebApp: AppServiceChoices = { kind: 'appService', name: 'shop', plan: 'shop-plan' };
export const bareContainerApp: ContainerAppChoices = {
  kind: 'containerApp',
  name: 'shop',
  environment: 'shop-env',
  workspace: 'shop-logs',
  container: 'web',
};
export const bareContainerGroup: ContainerInstanceChoices = { kind: 'containerInstance', name: 'shop' };

export function targetOf(app: AppChoices, more: Partial<Target> = {}): Target {
  return {
    name: 'production',
    subscription,
    resourceGroup: 'shop',
    location: 'westeurope',
    image,
    registry: { name: 'shopreg', sku: 'Basic' },
    identity: { kind: 'user', name: 'shop-pull' },
    env: {},
    secrets: {},
    app,
    monitoring: {},
    tags: {},
    ...more,
  };
}
