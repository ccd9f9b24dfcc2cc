import { textAt, type JsonObject } from '../../../client/src/azure/json.ts';
import { exposedPorts } from '../containers.ts';
import { Refusal, type Core } from '../core.ts';
import { principalOf } from '../managed-identity.ts';
import { pullImage, PullRefused, readReference } from '../registry/pull.ts';
import { gibibytes } from './check-app.ts';
import { nameOf } from './ids.ts';
import { listAt, namesIn, numberAt, objectAt } from './json-edit.ts';
import { probesOf } from './probe.ts';
import type { ContainerPlan, ReplicaPlan } from './replica.ts';

/** Pulls the images of a template as the app's registries say; gives what Docker knows them by. */
export async function pullImages(
  core: Core,
  app: JsonObject,
  template: JsonObject,
  secrets: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const registries = listAt(objectAt(objectAt(app, 'properties'), 'configuration'), 'registries');
  const pulled = new Map<string, string>();
  for (const container of [...listAt(template, 'initContainers'), ...listAt(template, 'containers')]) {
    const image = textAt(container, 'image') ?? '';
    if (pulled.has(image)) continue;
    const registry = registries.find((one) => textAt(one, 'server') === readReference(image).host);
    const identity = textAt(registry, 'identity') ?? '';
    const username = textAt(registry, 'username');
    const password = secrets.get(textAt(registry, 'passwordSecretRef') ?? '') ?? '';
    try {
      const { id } = await pullImage(core, {
        image,
        ...(identity !== '' && { principalId: principalOf(app, identity) }),
        ...(identity === '' && username !== undefined && { credentials: { username, password } }),
      });
      pulled.set(image, id);
    } catch (error) {
      if (!(error instanceof PullRefused)) throw error;
      const name = textAt(container, 'name') ?? '';
      throw cannotProvision(
        app,
        `The following field(s) are either invalid or missing. Field 'template.containers.${name}.image' is invalid with details: 'Invalid value: "${image}": ${error.message}';.`,
      );
    }
  }
  return pulled;
}

/** What a replica of a revision is made of. */
export async function planReplica(
  app: JsonObject,
  revision: JsonObject,
  pulled: ReadonlyMap<string, string>,
  secrets: ReadonlyMap<string, string>,
): Promise<ReplicaPlan> {
  const template = objectAt(objectAt(revision, 'properties'), 'template');
  const planOf = (container: JsonObject): ContainerPlan => {
    const image = textAt(container, 'image') ?? '';
    const [command, args] = [namesIn(container, 'command'), namesIn(container, 'args')];
    return {
      name: textAt(container, 'name') ?? '',
      image,
      pulled: pulled.get(image) ?? image,
      environment: Object.fromEntries(
        listAt(container, 'env').map((variable) => {
          const reference = textAt(variable, 'secretRef') ?? '';
          const value = reference === '' ? textAt(variable, 'value') : secrets.get(reference);
          return [textAt(variable, 'name') ?? '', value ?? ''];
        }),
      ),
      // Kubernetes' words: `command` takes the place of ENTRYPOINT and leaves CMD out, `args` takes that of CMD.
      command: command.length > 0 ? command : undefined,
      args: args.length > 0 ? args : command.length > 0 ? [] : undefined,
      cpus: numberAt(objectAt(container, 'resources'), 'cpu') ?? 0.5,
      memoryInGiB: gibibytes(textAt(container, 'resources.memory') ?? '1Gi'),
      probes: probesOf(container),
    };
  };
  const containers = listAt(template, 'containers').map(planOf);
  return {
    revision: nameOf(revision),
    first: listAt(template, 'initContainers').map(planOf),
    containers,
    port: await portOf(app, containers[0]),
  };
}

export function cannotProvision(app: JsonObject, details: string): Refusal {
  return new Refusal(
    400,
    'ContainerAppOperationError',
    `Failed to provision revision for container app '${nameOf(app)}'. Error details: ${details}`,
  );
}

/** No target port means that the platform finds it. */
async function portOf(app: JsonObject, main: ContainerPlan | undefined): Promise<number | undefined> {
  const configuration = objectAt(objectAt(app, 'properties'), 'configuration');
  if (configuration['ingress'] === undefined) return undefined;
  const port = numberAt(objectAt(configuration, 'ingress'), 'targetPort') ?? 0;
  if (port > 0 || main === undefined) return port;
  return (await exposedPorts(main.pulled))[0] ?? 80;
}
