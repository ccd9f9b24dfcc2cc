import { at, type JsonObject, textAt } from '../../azure/json.ts';
import type { AppServiceChoices, ContainerAppChoices, ContainerInstanceChoices } from '../choices.ts';
import { placeholderImage } from './app-body.ts';
import { nameProblem, proposeName } from './names.ts';
import { isSameText, listAt } from './scene.ts';

/** What the choices do not say: a default where it is made new; what is there keeps what it has. */

export type NewApp = Required<ContainerAppChoices>;
export type NewGroup = Required<Omit<ContainerInstanceChoices, 'workspace' | 'dnsLabel'>> &
  Pick<ContainerInstanceChoices, 'workspace' | 'dnsLabel'>;

export function skuOf(app: AppServiceChoices): string {
  return app.sku ?? 'B1';
}

export function newApp(app: ContainerAppChoices): NewApp {
  const cpu = app.cpu ?? (app.memory === undefined ? 0.5 : app.memory / 2);
  return {
    external: true,
    minReplicas: 0,
    maxReplicas: Math.max(app.minReplicas ?? 0, 5),
    rules: [{ kind: 'http', name: 'http', requests: 50 }],
    revisions: 'single',
    ...app,
    cpu,
    memory: app.memory ?? cpu * 2,
  };
}

/** An app that was made for its identity and never got further is as good as new. */
export function saidOf(app: ContainerAppChoices, there: JsonObject | undefined): ContainerAppChoices {
  return there === undefined || runsPlaceholder(there) ? newApp(app) : app;
}

export function runsPlaceholder(there: JsonObject): boolean {
  return listAt(there, 'properties.template.containers').some((one) => textAt(one, 'image') === placeholderImage);
}

/** As they will be. */
export function revisionsOf(app: ContainerAppChoices, there: JsonObject | undefined): 'single' | 'multiple' {
  const mode = textAt(there, 'properties.configuration.activeRevisionsMode');
  return app.revisions ?? (isSameText(mode, 'Multiple') ? 'multiple' : 'single');
}

/** Who will be able to ask it; `nobody` where it takes no requests at all. */
export function reachOf(
  app: ContainerAppChoices,
  there: JsonObject | undefined,
): 'internet' | 'environment' | 'nobody' {
  const ingress = at(there, 'properties.configuration.ingress') ?? undefined;
  if (app.external === undefined && there !== undefined && ingress === undefined) return 'nobody';
  const isExternal = app.external ?? (there === undefined || at(ingress, 'external') === true);
  return isExternal ? 'internet' : 'environment';
}

/** Said by somebody who may not have thought of the app that is there. */
export function opens(app: ContainerAppChoices, there: JsonObject): boolean {
  const { external: _, ...before } = app;
  return reachOf(app, there) === 'internet' && reachOf(before, there) !== 'internet';
}

/** Also of one that has to be made anew, which then is as it was. */
export function newGroup(app: ContainerInstanceChoices, there?: JsonObject): NewGroup {
  const container = listAt(there, 'properties.containers').find((one) => one['name'] === app.name);
  const requests = at(container, 'properties.resources.requests');
  const [cpu, memory] = [at(requests, 'cpu'), at(requests, 'memoryInGB')];
  const restart = textAt(there, 'properties.restartPolicy');
  const label = there === undefined ? labelFor(app.name) : textAt(there, 'properties.ipAddress.dnsNameLabel');
  return {
    cpu: typeof cpu === 'number' ? cpu : 1,
    memory: typeof memory === 'number' ? memory : 1.5,
    restart: restarts.find((one) => isSameText(one, restart)) ?? 'Always',
    ...(label === undefined ? {} : { dnsLabel: label }),
    ...app,
  };
}

function labelFor(name: string): string {
  return nameProblem('dnsLabel', name) === undefined ? name : proposeName('dnsLabel', name);
}

const restarts = ['Always', 'OnFailure', 'Never'] as const;

/** One without an address, or with one in a network of its own, gets a public one only when it is asked for. */
export function isPublic(app: ContainerInstanceChoices, there: JsonObject | undefined): boolean {
  const type = textAt(there, 'properties.ipAddress.type');
  return there === undefined || app.dnsLabel !== undefined || isSameText(type, 'Public');
}
