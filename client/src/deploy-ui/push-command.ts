import { env, ProgressLocation, Uri, window, type WorkspaceFolder } from 'vscode';
import type { Arm } from '../azure/arm.ts';
import { isAzureError } from '../azure/azure-error.ts';
import { saveBeforeBuild } from '../build/prepare.ts';
import type { BuildTerminals } from '../build/terminals.ts';
import type { ImageChoices, Target } from '../deploy/choices.ts';
import { idsOf } from '../deploy/plan/ids.ts';
import { tagOf } from '../deploy/plan/image.ts';
import { proposeName } from '../deploy/plan/names.ts';
import { readSource } from '../deploy/read-source.ts';
import type { ImageEvents } from '../deploy/world.ts';
import { whyNotInAzure } from '../registry/platform.ts';
import { listRegistries, readRegistry, type Registry } from '../registry/registry.ts';
import { Cancelled } from '../tools/command.ts';
import { isUserError, UserError } from '../ui/user-error.ts';
import { choicesOf } from './choices-file.ts';
import { chooseImage, type Buildable, type ChosenImage } from './choose-image.ts';
import { chooseFolder, confirmOrCancel, isGivenTarget } from './choose-target.ts';
import type { Deploying } from './deploying.ts';
import { gateImage } from './gate.ts';
import { imageTerminal } from './image-terminal.ts';
import { imagesOf } from './images.ts';
import { pick } from './pick.ts';
import { secretsOf } from './secrets.ts';
import { whatToBuild } from './what-to-build.ts';

const titles = { local: 'Push image', cloud: 'Build in the cloud' } as const;

/** Gets an image into a registry, built here, built there, or one that is here already, and no further. */
export async function pushImage(
  deploying: Deploying,
  given: unknown,
  from: 'local' | 'cloud',
  terminals: BuildTerminals,
): Promise<void> {
  const title = titles[from];
  const folder = await chooseFolder(given);
  const place = await placeOf(deploying, folder, given, from);
  if (place !== undefined && !(await saveBeforeBuild(Uri.joinPath(folder.uri, place.image.dockerfile)))) return;
  const { arm, registry } = await registryFor(deploying, place?.target, title);
  const work: Work = { deploying, terminals, folder, arm, registry, title };
  const buildable = place && (await buildableOf(work, place.image));
  const chosen = from === 'cloud' ? 'build' : await chooseImage(deploying, title, buildable);
  if (chosen !== 'build') await pushExisting(work, chosen, buildable);
  else if (place !== undefined && buildable !== undefined) await buildAndPush(work, place, buildable, from);
}

interface Work {
  readonly deploying: Deploying;
  readonly terminals: BuildTerminals;
  readonly folder: WorkspaceFolder;
  readonly arm: Arm;
  readonly registry: Registry;
  readonly title: string;
}

interface Place {
  readonly image: ImageChoices;
  /** The one whose image this is. */
  readonly target?: Target;
}

/** What is to be built, as its target says; `undefined` where there is nothing, and what is here already may still be pushed. */
async function placeOf(
  { parts }: Deploying,
  folder: WorkspaceFolder,
  given: unknown,
  from: 'local' | 'cloud',
): Promise<Place | undefined> {
  const { targets } = await choicesOf(folder);
  const named = isGivenTarget(given) ? targets.find(({ name }) => name === given.target) : undefined;
  if (named) return { image: named.image, target: named };
  const built = await whatToBuild(parts, folder, given, titles[from]).catch((error: unknown) => {
    if (from === 'cloud' || !isUserError(error)) throw error;
    return undefined;
  });
  if (built === undefined) return undefined;
  const known = targets.filter(({ image }) => image.dockerfile === built.dockerfile);
  const [first] = known;
  if (first === undefined) {
    const repository = proposeName('repository', folder.name);
    return { image: { ...built, repository, arguments: {}, build: from, platform: 'linux/amd64' } };
  }
  const target =
    known.length === 1
      ? first
      : await pick<Target>({ title: titles[from], placeholder: 'For which target?' }, () =>
          Promise.resolve(known.map((value) => ({ label: value.name, description: value.registry.name, value }))),
        );
  return { image: target.image, target };
}

async function buildableOf({ deploying, folder, title }: Work, image: ImageChoices): Promise<Buildable> {
  const { run, parts } = deploying;
  return await window.withProgress({ location: ProgressLocation.Window, title }, async () => {
    const { signal } = new AbortController();
    const source = await readSource({ folder: folder.uri.fsPath, image, run, tool: parts.tool, signal });
    return {
      repository: image.repository,
      tag: tagOf(source),
      tags: [tagOf(source), ...(source.commit === undefined ? [] : [source.commit.short])],
      dockerfile: Uri.joinPath(folder.uri, image.dockerfile),
      path: image.dockerfile,
    };
  });
}

async function buildAndPush(
  work: Work,
  { image, target }: Place,
  { repository, tag, dockerfile: uri }: Buildable,
  from: 'local' | 'cloud',
): Promise<void> {
  const { deploying, arm, folder, registry } = work;
  const name = `${registry.loginServer}/${repository}:${tag}`;
  const { dockerfile, context, stage, platform } = image;
  const secretArguments = await secretArgumentsOf(deploying, image, target);
  await inFrontOf(work, { key: `${uri.toString()}#${from}`, name }, async ({ onBuildEvent, ...events }) => {
    const shown = from === 'local' ? { onBuildEvent } : {};
    const images = imagesOf(deploying, { arm, folder, dockerfile, leaving: 'push', signal: events.signal, ...shown });
    return await images.deliver(
      {
        ...{ from, registry: registry.id, loginServer: registry.loginServer, repository, tag },
        ...{ dockerfile, context, platform, arguments: image.arguments, secretArguments },
        ...(stage !== undefined && { stage }),
      },
      events,
    );
  });
}

async function secretArgumentsOf(
  { parts }: Deploying,
  image: ImageChoices,
  target: Target | undefined,
): Promise<Readonly<Record<string, string>>> {
  if (target === undefined) return {};
  const secret = secretsOf(target, parts.context.secrets);
  const found: Record<string, string> = {};
  // One question after the other.
  for (const name of Object.keys(image.secretArguments ?? {})) found[name] = await secret(name);
  return found;
}

async function pushExisting(
  work: Work,
  { image, repository, tag }: ChosenImage,
  buildable: Buildable | undefined,
): Promise<void> {
  const { deploying, arm, folder, registry } = work;
  const { loginServer } = registry;
  const name = `${loginServer}/${repository}:${tag}`;
  await inFrontOf(work, { key: `${folder.uri.toString()}#push`, name }, async ({ signal, ...events }) => {
    const images = imagesOf(deploying, { arm, folder, dockerfile: '', leaving: 'push', signal });
    // By its own id or commit it is the same; a name that somebody made up may be taken.
    const there = await images.digest(loginServer, repository, tag, signal);
    if (there !== undefined && tag !== buildable?.tag && !tag.startsWith('id-'))
      await confirmOrCancel(`'${repository}:${tag}' is in the registry already`, `It is ${there} now`, 'Replace');
    const trouble = await whyNotInAzure(deploying.run, await deploying.parts.tool(signal), image, signal);
    if (trouble !== undefined) await confirmOrCancel(trouble.message, trouble.detail, 'Push');
    const gated = { image: image.name, dockerfile: buildable?.dockerfile ?? folder.uri, leaving: 'push' } as const;
    await gateImage(deploying, gated, signal);
    return await images.push(
      { image: image.id, registry: registry.id, loginServer, repository, tag },
      { ...events, signal },
    );
  });
}

type Shown = ImageEvents & Pick<ReturnType<typeof imageTerminal>, 'onBuildEvent'>;

/** With a notification and a terminal, either of which cancels; tells the digest at the end. */
async function inFrontOf(
  { deploying, terminals, title }: Work,
  { key, name }: { readonly key: string; readonly name: string },
  run: (shown: Shown) => Promise<string>,
): Promise<void> {
  const { output } = deploying;
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  const digest = await window.withProgress(options, async (progress, token) => {
    const controller = new AbortController();
    const cancel = (): void => controller.abort();
    token.onCancellationRequested(cancel);
    const { signal } = controller;
    output.info(`${title}: ${name}`);
    const terminal = imageTerminal(terminals, { key, title, name }, cancel);
    const { onBuildEvent, onLog } = terminal;
    try {
      const found = await run({ signal, onBuildEvent, onLog, onProgress: (message) => progress.report({ message }) });
      if (signal.aborted) throw new Cancelled();
      terminal.succeed(name, found);
      return found;
    } catch (error) {
      terminal.fail(signal.aborted ? new Cancelled() : error);
      throw error;
    }
  });
  output.info(`${name}@${digest}`);
  void tellPushed(name, digest);
}

/** Nobody waits for the answer. */
async function tellPushed(name: string, digest: string): Promise<void> {
  const [plain, exact] = ['Copy name', 'Copy with digest'];
  const answer = await window.showInformationMessage(`'${name}' is in the registry: ${digest}`, plain, exact);
  if (answer === plain) await env.clipboard.writeText(name);
  if (answer === exact) await env.clipboard.writeText(`${name}@${digest}`);
}

/** That of the target which builds this Dockerfile, else the one that is picked. */
async function registryFor(
  { session }: Deploying,
  target: Target | undefined,
  title: string,
): Promise<{ readonly arm: Arm; readonly registry: Registry }> {
  if (target !== undefined) {
    const arm = await session.arm(target.tenant);
    const registry = await readRegistry(arm, idsOf(target).registry).catch((error: unknown) => {
      if (!isAzureError(error) || error.status !== 404) throw error;
      throw new UserError(`The registry '${target.registry.name}' is not there yet: deploy '${target.name}' first`);
    });
    return { arm, registry };
  }
  const { arm, subscription } = await session.pickSubscription({
    title,
    placeholder: 'Which subscription has the registry?',
  });
  const registry = await pick<Registry>({ title, placeholder: 'Which registry?' }, async (signal) => {
    const last = session.remembered.get('registry');
    const found = await listRegistries(arm, subscription, { signal });
    if (found.length === 0) throw new UserError('There is no registry in this subscription: deploying makes one');
    return found
      .toSorted((a, b) => Number(b.id === last) - Number(a.id === last) || a.name.localeCompare(b.name))
      .map((value) => ({ label: value.name, description: value.loginServer, value }));
  });
  await session.remembered.set('registry', registry.id);
  return { arm, registry };
}
