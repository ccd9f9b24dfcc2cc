import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Arm } from '../azure/arm.ts';
import { planAgain, refresh, retry } from '../azure/explanation.ts';
import { Refused } from '../azure/refused.ts';
import type { BuildEvent, BuildOutcome, BuildRequest, Step } from '../build/build.ts';
import { executeBuild } from '../build/execute.ts';
import { planBuild } from '../build/plan.ts';
import { stepText } from '../build/step-text.ts';
import type { ImageEvents, Images, ResolvedImage } from '../deploy/world.ts';
import type { Keeper } from '../process/run.ts';
import type { RegistryLogin } from '../scan/finding.ts';
import { Cancelled, NotStarted, type Run } from '../tools/command.ts';
import { tagImage } from '../tools/container/images.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import { UserError } from '../ui/user-error.ts';
import { buildFailed, ImageBuildFailed } from './build-failed.ts';
import type { CloudArgument } from './cloud-build/request.ts';
import { buildInCloud, requestOf, type CloudImage } from './cloud-build/run.ts';
import { commitTime, findSources, type BuildSources } from './cloud-build/sources.ts';
import { createHttp } from './http.ts';
import { withRegistryLogin } from './login.ts';
import { digestOf, type RegistryCalls } from './manifest.ts';
import { push } from './push.ts';
import { withoutRights } from './refusals.ts';
import { readRegistry, unknownRegistry, type Registry } from './registry.ts';
import { readState } from './source-state.ts';
import { actionsIn, createTokens, tokenUser } from './token.ts';

export interface ImagesOptions {
  readonly arm: Arm;
  /** The workspace's folder: Dockerfile and context are from there on. */
  readonly folder: string;
  readonly run: Run;
  readonly keeper?: Keeper | undefined;
  /** The container tool to build and push with; throws a `UserError` when there is none. */
  readonly tool: (signal?: AbortSignal) => Promise<ContainerTool>;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly httpClient?: HttpClient | undefined;
  /** For whoever shows a build here in more than lines of a log, which then has none of them. */
  readonly onBuildEvent?: ((event: BuildEvent) => void) | undefined;
  /** A build has ended, with the Dockerfile as it was built; the request holds no secret. */
  readonly onBuilt?: ((ended: EndedImageBuild) => void | Promise<void>) | undefined;
  /** An image that was built there is about to be deployed; throws `Cancelled` when it may not be. */
  readonly onCloudImage?: ((image: ImageThere) => Promise<void>) | undefined;
  /** Offered where Azure does not build for the subscription. */
  readonly buildHere?: (() => unknown) | undefined;
}

export interface EndedImageBuild {
  readonly from: ResolvedImage['from'];
  readonly request: BuildRequest;
  readonly text: string;
  readonly outcome: BuildOutcome;
}

export interface ImageThere {
  /** By its digest. */
  readonly image: string;
  /** To read it with. */
  readonly login: () => Promise<RegistryLogin>;
}

/** An image that is here already, and what it is to be called there. */
export interface ExistingImage extends Pick<ResolvedImage, 'registry' | 'loginServer' | 'repository' | 'tag'> {
  /** Its name or id here. */
  readonly image: string;
}

export interface ImagesHere extends Images {
  /** Pushes an image as it is; the digest that the registry has under this tag afterwards. */
  readonly push: (existing: ExistingImage, events: ImageEvents) => Promise<string>;
}

export function createImages(options: ImagesOptions): ImagesHere {
  const { arm, httpClient } = options;
  const http = createHttp(httpClient);
  const calls: RegistryCalls = { http, tokens: createTokens({ arm, http }) };
  const known = new Map<string, Registry>();

  const registryOf = async (
    { registry: id, loginServer }: Pick<ResolvedImage, 'registry' | 'loginServer'>,
    signal: AbortSignal,
  ): Promise<Registry> => {
    const registry = await readRegistry(arm, id, { signal });
    if (registry.loginServer !== loginServer)
      throw new Refused(`The registry '${registry.name}' has another address than planned: plan again`, planAgain);
    known.set(registry.loginServer, registry);
    return registry;
  };

  return {
    async deliver(work, given) {
      const events = calm(given);
      const registry = await registryOf(work, events.signal);
      const sources = await findSources(options.folder, work);
      await assertAsPlanned(options.run, sources, work, events.signal);
      const told =
        work.from === 'cloud'
          ? await deliverFromCloud(options, { http, registry, sources, work, events })
          : await deliverFromHere(options, { calls, registry, sources, work, events });
      return await confirmed(calls, registry, work, told, events);
    },

    async admit(work, digest, { signal }) {
      if (work.from !== 'cloud' || options.onCloudImage === undefined) return;
      const login = async (): Promise<RegistryLogin> => {
        const registry = await registryOf(work, signal);
        return { user: tokenUser, password: await calls.tokens.refresh(registry, 'pull', signal) };
      };
      await options.onCloudImage({ image: `${work.loginServer}/${work.repository}@${digest}`, login });
    },

    async push(existing, given) {
      const events = calm(given);
      const registry = await registryOf(existing, events.signal);
      await assertMayPush(calls, registry, existing.repository, events.signal);
      const tool = await options.tool(events.signal);
      const named = await options.run(tagImage(tool, existing.image, nameThere(existing)), { signal: events.signal });
      if (named.code !== 0) throw new UserError(`The image '${existing.image}' is not there any more: build it again`);
      const told = await pushNamed(options, calls, { tool, registry, image: existing, events });
      return await confirmed(calls, registry, existing, told, events);
    },

    async digest(loginServer, repository, tag, signal) {
      const registry = known.get(loginServer) ?? unknownRegistry(loginServer);
      return await digestOf(calls, registry, repository, tag, signal);
    },
  };
}

/** A tag says which state it is of. */
async function assertAsPlanned(
  run: Run,
  sources: BuildSources,
  work: ResolvedImage,
  signal: AbortSignal,
): Promise<void> {
  if (work.contents === undefined) return;
  const { contents } = await readState(sources, work, run, signal);
  if (contents !== work.contents)
    throw new Refused('Files of the app have changed since the deployment was planned: plan again', planAgain);
}

/** Says nothing twice. */
function calm(events: ImageEvents): ImageEvents {
  let told: string | undefined;
  return {
    ...events,
    onProgress: (message) => {
      if (message === told) return;
      told = message;
      events.onProgress(message);
    },
  };
}

interface Delivery {
  readonly registry: Registry;
  readonly sources: BuildSources;
  readonly work: ResolvedImage;
  readonly events: ImageEvents;
}

async function deliverFromHere(
  options: ImagesOptions,
  { calls, registry, sources, work, events }: Delivery & { readonly calls: RegistryCalls },
): Promise<string | undefined> {
  const { signal, onProgress } = events;
  // Told before the build, which may take long.
  await assertMayPush(calls, registry, work.repository, signal);
  const tool = await options.tool(signal);
  onProgress('Building');
  await build(options, tool, nameThere(work), { registry, sources, work, events });
  return await pushNamed(options, calls, { tool, registry, image: work, events });
}

interface NamedImage {
  readonly tool: ContainerTool;
  readonly registry: Registry;
  readonly image: NameParts;
  readonly events: ImageEvents;
}

type NameParts = Pick<ResolvedImage, 'loginServer' | 'repository' | 'tag'>;

/** What has this name here already. */
async function pushNamed(
  { run, keeper }: ImagesOptions,
  calls: RegistryCalls,
  { tool, registry, image, events: { signal, onLog, onProgress } }: NamedImage,
): Promise<string | undefined> {
  onProgress('Pushing');
  const token = await calls.tokens.refresh(registry, 'push', signal);
  const place = { run, tool, registry, signal };
  return await withRegistryLogin({ ...place, keeper, token }, (login) =>
    push(nameThere(image), { ...place, place: login, onLog, onProgress }),
  );
}

function nameThere({ loginServer, repository, tag }: NameParts): string {
  return `${loginServer}/${repository}:${tag}`;
}

async function build(
  options: ImagesOptions,
  tool: ContainerTool,
  name: string,
  { sources, work, events }: Delivery,
): Promise<void> {
  const { signal, onLog, onProgress } = events;
  const plain = requestOf(sources, cloudImage(work));
  const request = { ...plain, tags: [name] };
  const secret = argumentsOf(work).filter(({ isSecret }) => isSecret);
  const plan = planBuild({ ...request, arguments: [...request.arguments, ...secret] }, tool);
  if (plan.kind === 'impossible') throw new UserError(plan.reason);
  const onEvent = (event: BuildEvent): void => {
    if (event.kind === 'line' && options.onBuildEvent === undefined) onLog(`${event.text}\n`);
    if (event.kind === 'step' && event.step.state === 'running' && event.step.place)
      onProgress(`Building: ${stepText(event.step)}`);
    options.onBuildEvent?.(event);
  };
  const outcome = await executeBuild(plan, { run: options.run, signal, onEvent }).catch((error: unknown) => {
    throw error instanceof NotStarted ? new UserError(error.message) : error;
  });
  if (outcome.kind === 'cancelled') throw new Cancelled();
  await options.onBuilt?.({ from: 'local', request, text: sources.text, outcome });
  if (outcome.kind === 'failed') throw await buildFailed(sources.text, request, outcome.failure);
}

async function deliverFromCloud(
  options: ImagesOptions,
  { http, registry, sources, work, events }: Delivery & { readonly http: ReturnType<typeof createHttp> },
): Promise<string | undefined> {
  const { arm, keeper, wait, onBuildEvent, buildHere } = options;
  const time = await commitTime(options.run, sources, events.signal);
  const started = performance.now();
  const steps = new Map<string, Step>();
  const onEvent = (event: BuildEvent): void => {
    if (event.kind === 'step') steps.set(event.step.id, event.step);
    onBuildEvent?.(event);
  };
  const image = cloudImage(work);
  const instead = buildHere && { title: 'Build here', run: buildHere };
  const tell = async (outcome: BuildOutcome): Promise<void> =>
    options.onBuilt?.({ from: 'cloud', request: requestOf(sources, image), text: sources.text, outcome });
  const ended = (): Pick<Extract<BuildOutcome, { kind: 'built' }>, 'steps' | 'seconds'> => ({
    steps: [...steps.values()],
    seconds: (performance.now() - started) / 1000,
  });
  try {
    const build = { arm, http, keeper, registry, sources, wait, time, image, onEvent };
    const digest = await buildInCloud({ ...build, ...(instead && { instead }) }, events);
    // No name, as it is called so there and not here.
    await tell({ kind: 'built', image: { tags: [] }, ...ended() });
    return digest;
  } catch (error) {
    if (error instanceof ImageBuildFailed) await tell({ kind: 'failed', failure: error.failure, ...ended() });
    throw error;
  }
}

async function confirmed(
  calls: RegistryCalls,
  registry: Registry,
  { repository, tag }: NameParts,
  told: string | undefined,
  { signal }: ImageEvents,
): Promise<string> {
  const found = await digestOf(calls, registry, repository, tag, signal);
  if (found === undefined)
    throw new Refused(`'${repository}:${tag}' is not in the registry after all: try again`, retry);
  if (told !== undefined && told !== found)
    throw new Refused(`'${repository}:${tag}' was replaced by somebody else meanwhile: deploy again`, refresh);
  return found;
}

/** The registry says itself what its token is good for. */
async function assertMayPush(
  { tokens }: RegistryCalls,
  registry: Registry,
  repository: string,
  signal: AbortSignal,
): Promise<void> {
  const token = await tokens.access(registry, `repository:${repository}:pull,push`, 'push', signal);
  const actions = actionsIn(token, repository);
  if (actions?.some((action) => action === 'push' || action === '*') === false) throw withoutRights(registry, 'push');
}

function argumentsOf(work: ResolvedImage): readonly CloudArgument[] {
  const entries = (from: Readonly<Record<string, string>> = {}, isSecret = false): readonly CloudArgument[] =>
    Object.entries(from).map(([name, value]) => ({ name, value, isSecret }));
  return [...entries(work.arguments), ...entries(work.secretArguments, true)];
}

function cloudImage(work: ResolvedImage): CloudImage {
  const { repository, tag, stage, platform } = work;
  return { repository, tag, platform, arguments: argumentsOf(work), ...(stage !== undefined && { target: stage }) };
}
