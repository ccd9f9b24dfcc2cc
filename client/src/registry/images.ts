import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Arm } from '../azure/arm.ts';
import { refresh, retry } from '../azure/explanation.ts';
import { Refused } from '../azure/refused.ts';
import type { BuildEvent, BuildOutcome, BuildRequest, Step } from '../build/build.ts';
import { executeBuild } from '../build/execute.ts';
import { planBuild } from '../build/plan.ts';
import { stepText } from '../build/step-text.ts';
import type { ImageEvents, Images, ResolvedImage } from '../deploy/world.ts';
import type { Keeper } from '../process/run.ts';
import { Cancelled, NotStarted, type Run } from '../tools/command.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import { askCommitTime, readCommitTime } from '../tools/git/git.ts';
import { UserError } from '../ui/user-error.ts';
import { buildFailed, ImageBuildFailed } from './build-failed.ts';
import type { CloudArgument } from './cloud-build/request.ts';
import { buildInCloud, requestOf, type CloudImage } from './cloud-build/run.ts';
import { findSources, type BuildSources } from './cloud-build/sources.ts';
import { createHttp } from './http.ts';
import { withRegistryLogin } from './login.ts';
import { digestOf, type RegistryCalls } from './manifest.ts';
import { push } from './push.ts';
import { withoutRights } from './refusals.ts';
import { readRegistry, type Registry } from './registry.ts';
import { readState } from './source-state.ts';
import { actionsIn, createTokens } from './token.ts';

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
  /** For whoever shows the build in more than lines of a log. */
  readonly onBuildEvent?: ((event: BuildEvent) => void) | undefined;
  /** A build here has ended, or one in the cloud has failed, with the Dockerfile as it was built; the request holds no secret. */
  readonly onBuilt?: ((ended: EndedImageBuild) => void | Promise<void>) | undefined;
  /** Offered where Azure does not build for the subscription. */
  readonly buildHere?: (() => unknown) | undefined;
}

export interface EndedImageBuild {
  readonly request: BuildRequest;
  readonly text: string;
  readonly outcome: BuildOutcome;
}

export function createImages(options: ImagesOptions): Images {
  const { arm, httpClient } = options;
  const http = createHttp(httpClient);
  const calls: RegistryCalls = { http, tokens: createTokens({ arm, http }) };
  const known = new Map<string, Registry>();

  return {
    async deliver(work, given) {
      const events = calm(given);
      const registry = await readRegistry(arm, work.registry, { signal: events.signal });
      if (registry.loginServer !== work.loginServer)
        throw new Refused(`The registry '${registry.name}' has another address than planned: plan again`, refresh);
      known.set(registry.loginServer, registry);
      const sources = await findSources(options.folder, work);
      await assertAsPlanned(options.run, sources, work, events.signal);
      const told =
        work.from === 'cloud'
          ? await deliverFromCloud(options, { http, registry, sources, work, events })
          : await deliverFromHere(options, { calls, registry, sources, work, events });
      return await confirmed(calls, registry, work, told, events);
    },

    async digest(loginServer, repository, tag, signal) {
      const registry = known.get(loginServer) ?? strange(loginServer);
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
    throw new Refused('Files of the app have changed since the deployment was planned: plan it again', refresh);
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
  const { run, keeper } = options;
  const { signal, onProgress, onLog } = events;
  // Told before the build, which may take long.
  await assertMayPush(calls, registry, work.repository, signal);
  const tool = await options.tool(signal);
  const name = `${registry.loginServer}/${work.repository}:${work.tag}`;
  onProgress('Building');
  await build(options, tool, name, { registry, sources, work, events });
  onProgress('Pushing');
  const token = await calls.tokens.refresh(registry, 'push', signal);
  const place = { run, tool, registry, signal };
  return await withRegistryLogin({ ...place, keeper, token }, (login) =>
    push(name, { ...place, place: login, onLog, onProgress }),
  );
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
    if (event.kind === 'line') onLog(`${event.text}\n`);
    if (event.kind === 'step' && event.step.state === 'running' && event.step.place)
      onProgress(`Building: ${stepText(event.step)}`);
    options.onBuildEvent?.(event);
  };
  const outcome = await executeBuild(plan, { run: options.run, signal, onEvent }).catch((error: unknown) => {
    throw error instanceof NotStarted ? new UserError(error.message) : error;
  });
  if (outcome.kind === 'cancelled') throw new Cancelled();
  await options.onBuilt?.({ request, text: sources.text, outcome });
  if (outcome.kind === 'failed') throw await buildFailed(sources.text, request, outcome.failure);
}

async function deliverFromCloud(
  options: ImagesOptions,
  { http, registry, sources, work, events }: Delivery & { readonly http: ReturnType<typeof createHttp> },
): Promise<string | undefined> {
  const { arm, keeper, wait, onBuildEvent, buildHere } = options;
  const time = await commitTime(options, sources, events.signal);
  const started = performance.now();
  const steps = new Map<string, Step>();
  const onEvent = (event: BuildEvent): void => {
    if (event.kind === 'step') steps.set(event.step.id, event.step);
    onBuildEvent?.(event);
  };
  const image = cloudImage(work);
  const instead = buildHere && { title: 'Build here', run: buildHere };
  try {
    const build = { arm, http, keeper, registry, sources, wait, time, image, onEvent };
    return await buildInCloud({ ...build, ...(instead && { instead }) }, events);
  } catch (error) {
    if (error instanceof ImageBuildFailed) {
      const { text, request, failure } = error;
      const seconds = (performance.now() - started) / 1000;
      await options.onBuilt?.({
        request,
        text,
        outcome: { kind: 'failed', failure, steps: [...steps.values()], seconds },
      });
    }
    throw error;
  }
}

async function confirmed(
  calls: RegistryCalls,
  registry: Registry,
  { repository, tag }: ResolvedImage,
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

async function commitTime(
  { run }: ImagesOptions,
  { context }: BuildSources,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    return readCommitTime(await run(askCommitTime(context), { signal, keep: 1000 }));
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return undefined;
  }
}

/** One of which nothing is known but its address, which a plan has read from Resource Manager. */
function strange(loginServer: string): Registry {
  const name = loginServer.replace(/[.:].*$/s, '');
  return { id: '', name, loginServer, takesArmTokens: undefined, hasRepositoryPermissions: false };
}
