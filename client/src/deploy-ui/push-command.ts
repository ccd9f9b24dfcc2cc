import { env, ProgressLocation, window } from 'vscode';
import type { Target } from '../deploy/choices.ts';
import { readSource } from '../deploy/read-source.ts';
import { proposeName } from '../deploy/plan/names.ts';
import { tagOf } from '../deploy/plan/image.ts';
import { listRegistries, readRegistry, type Registry } from '../registry/registry.ts';
import { idsOf } from '../deploy/plan/ids.ts';
import type { Arm } from '../azure/arm.ts';
import { Cancelled } from '../tools/command.ts';
import { choicesOf } from './choices-file.ts';
import { chooseFolder } from './choose-target.ts';
import { whatToBuild } from './deploy-command.ts';
import type { Deploying } from './deploying.ts';
import { imagesOf } from './images.ts';
import { pick } from './pick.ts';

/** Gets the image into a registry, from here or built there, and no further. */
export async function pushImage(deploying: Deploying, given: unknown, from: 'local' | 'cloud'): Promise<void> {
  const { run, parts, output } = deploying;
  const folder = await chooseFolder(given);
  const { targets } = await choicesOf(folder);
  const built = await whatToBuild(folder, given);
  const known = targets.find(({ image }) => image.dockerfile === built.dockerfile);
  const image: Target['image'] = known?.image ?? {
    ...built,
    repository: proposeName('repository', folder.name),
    arguments: {},
    build: from,
    platform: 'linux/amd64',
  };
  const title = from === 'cloud' ? 'Build in the cloud' : 'Push image';
  const { arm, registry } = await registryFor(deploying, known, title);
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  const done = await window.withProgress(options, async (progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    const { signal } = controller;
    const source = await readSource({ folder: folder.uri.fsPath, image, run, tool: parts.tool, signal });
    const name = `${registry.loginServer}/${image.repository}:${tagOf(source)}`;
    output.info(`${title}: ${name}`);
    const { repository, dockerfile, context, stage, platform } = image;
    const images = imagesOf(deploying, { arm, folder, dockerfile, signal }, true);
    const digest = await images.deliver(
      {
        from,
        registry: registry.id,
        loginServer: registry.loginServer,
        repository,
        tag: tagOf(source),
        dockerfile,
        context,
        platform,
        arguments: image.arguments,
        ...(stage !== undefined && { stage }),
      },
      { signal, onLog: (text) => output.append(text), onProgress: (message) => progress.report({ message }) },
    );
    if (signal.aborted) throw new Cancelled();
    return { name, digest };
  });
  const copy = 'Copy its name';
  output.info(`${done.name}@${done.digest}`);
  const answer = await window.showInformationMessage(`'${done.name}' is in the registry`, copy);
  if (answer === copy) await env.clipboard.writeText(done.name);
}

/** That of the target which builds this Dockerfile, else the one that is picked. */
async function registryFor(
  { session }: Deploying,
  target: Target | undefined,
  title: string,
): Promise<{ readonly arm: Arm; readonly registry: Registry }> {
  if (target !== undefined) {
    const arm = await session.arm(target.tenant);
    return { arm, registry: await readRegistry(arm, idsOf(target).registry) };
  }
  const { arm, subscription } = await session.pickSubscription({
    title,
    placeholder: 'Which subscription has the registry?',
  });
  const registry = await pick<Registry>({ title, placeholder: 'Which registry?' }, async (signal) => {
    const last = session.remembered.get('registry');
    const found = await listRegistries(arm, subscription, { signal });
    return found
      .toSorted((a, b) => Number(b.id === last) - Number(a.id === last) || a.name.localeCompare(b.name))
      .map((value) => ({ label: value.name, description: value.loginServer, value }));
  });
  await session.remembered.set('registry', registry.id);
  return { arm, registry };
}
