import { join } from 'node:path';
import { apiVersions } from '../../azure/api-versions.ts';
import { isAzureError } from '../../azure/azure-error.ts';
import { buildLocally, refresh, retry, showLog } from '../../azure/explanation.ts';
import { firstSentence } from '../../azure/first-sentence.ts';
import { throwIfCancelled } from '../../azure/http.ts';
import { Refused } from '../../azure/refused.ts';
import type { Arm } from '../../azure/arm.ts';
import { at, isObject, textAt, type Json, type JsonObject } from '../../azure/json.ts';
import type { BuildEvent, BuildFailure, BuildRequest } from '../../build/build.ts';
import { size, stepText } from '../../build/step-text.ts';
import type { ImageEvents } from '../../deploy/world.ts';
import { dockerfileOf } from '../../dockerfile-model.ts';
import type { Keeper } from '../../process/run.ts';
import { Cancelled } from '../../tools/command.ts';
import type { UserError } from '../../ui/user-error.ts';
import { buildFailed } from '../build-failed.ts';
import type { Http } from '../http.ts';
import { privateFolder } from '../login.ts';
import type { Registry } from '../registry.ts';
import { buildKitUses, unmountable } from './buildkit.ts';
import { followLog } from './log.ts';
import { contentsOf, pack } from './pack.ts';
import { createCloudLogReader } from './progress.ts';
import { runRequest, type CloudArgument } from './request.ts';
import { foreignName, type BuildSources } from './sources.ts';
import { whyNoCloudBuild } from './trouble.ts';
import { upload } from './upload.ts';

export interface CloudBuildOptions {
  readonly arm: Arm;
  readonly http: Http;
  readonly keeper: Keeper | undefined;
  readonly registry: Registry;
  readonly sources: BuildSources;
  readonly image: CloudImage;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** When the commit was made, in seconds; all files of the archive are as old as that. */
  readonly time?: number | undefined;
  readonly onEvent?: ((event: BuildEvent) => void) | undefined;
  /** What else can be done where Azure does not build for this subscription. */
  readonly instead?: UserError['action'];
}

export interface CloudImage {
  readonly repository: string;
  readonly tag: string;
  readonly target?: string;
  readonly platform: string;
  readonly arguments: readonly CloudArgument[];
}

/** Builds in the registry itself: sends the context, starts the build, follows its log. The digest, where Azure tells it. */
export async function buildInCloud(options: CloudBuildOptions, events: ImageEvents): Promise<string | undefined> {
  const { signal } = events;
  const builder = builderFor(options.sources);
  const sourceLocation = await send(options, builder, events);
  const run = await schedule(options, builder, sourceLocation, events);
  try {
    const reader = createCloudLogReader(builder, () => performance.now());
    const failure = await follow(options, run, reader, events);
    const result = await resultOf(options, run, signal);
    if (textAt(result, 'properties.status') === 'Succeeded') return digestIn(result, options.image);
    throw await whyFailed(options, result, failure);
  } catch (error) {
    if (!signal.aborted) throw error;
    await cancel(options, run);
    throw new Cancelled();
  }
}

/** BuildKit only where the Dockerfile cannot do without: Azure's usual build is by the classic builder. */
function builderFor({ text }: BuildSources): 'classic' | 'buildkit' {
  const dockerfile = dockerfileOf(text);
  const impossible = unmountable(dockerfile);
  if (impossible)
    throw new Refused(
      `${impossible.what} in line ${impossible.line} has nothing to mount in the cloud: build here`,
      buildLocally,
    );
  return buildKitUses(dockerfile).length > 0 ? 'buildkit' : 'classic';
}

async function send(
  { arm, http, keeper, registry, sources, time }: CloudBuildOptions,
  builder: 'classic' | 'buildkit',
  { signal, onProgress, onLog }: ImageEvents,
): Promise<string> {
  const contents = await contentsOf(sources, builder, signal);
  const amount = `${contents.files} ${contents.files === 1 ? 'file' : 'files'}, ${size(contents.bytes)}`;
  onProgress(`Packing ${amount}`);
  onLog(`Sending the context: ${amount}\n`);
  const folder = await privateFolder(keeper, 'context');
  try {
    const file = join(folder.path, 'context.tar.gz');
    await pack(contents, file, { time: time ?? contents.changedAt, signal });
    const place = await arm.send(
      {
        method: 'POST',
        path: `${registry.id}/listBuildSourceUploadUrl`,
        apiVersion: versionFor(registry),
      },
      { signal },
    );
    const address = textAt(place, 'uploadUrl');
    const sourceLocation = textAt(place, 'relativePath');
    if (address === undefined || sourceLocation === undefined)
      throw new Refused(`The registry '${registry.name}' gave no place for the context: try again`, retry);
    const onSent = (bytes: number, of: number): void => onProgress(`Uploading ${size(bytes)} of ${size(of)}`);
    await upload(file, address, { http, signal, onSent });
    return sourceLocation;
  } catch (error) {
    throw whyNoCloudBuild(error, registry);
  } finally {
    await folder.remove();
  }
}

interface Run {
  readonly path: string;
  readonly id: string;
}

async function schedule(
  { arm, registry, image, instead, sources, wait }: CloudBuildOptions,
  builder: 'classic' | 'buildkit',
  sourceLocation: string,
  { signal, onLog, onProgress }: ImageEvents,
): Promise<Run> {
  const body = runRequest({
    ...image,
    dockerfile: sources.dockerfileInContext ?? foreignName(sources),
    sourceLocation,
    needsBuildKit: builder === 'buildkit',
    asCaller: registry.hasRepositoryPermissions,
  });
  try {
    const path = `${registry.id}/scheduleRun`;
    const answer = await untilAnswered({ signal, wait }, (late) =>
      arm.send({ method: 'POST', path, apiVersion: versionFor(registry), body }, { signal: late }),
    );
    const id = textAt(answer, 'properties.runId') ?? textAt(answer, 'name') ?? '';
    onProgress(`Waiting for the build ${id} to start`);
    return { path: `${registry.id}/runs/${id}`, id };
  } catch (error) {
    if (!signal.aborted) throw whyNoCloudBuild(error, registry, instead);
    const isRefused = isAzureError(error) && error.status > 0;
    if (!isRefused) onLog('Azure has not said whether it has begun the build: if so, it goes on there\n');
    throw new Cancelled();
  }
}

/** Not ended at once by a cancel: only the answer says what has begun, and is to be cancelled then. */
async function untilAnswered<Answer>(
  { signal, wait }: Pick<CloudBuildOptions, 'wait'> & Pick<ImageEvents, 'signal'>,
  ask: (late: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  throwIfCancelled(signal);
  const late = new AbortController();
  const endSoon = (): void => void wait(10_000, late.signal).then(() => late.abort());
  signal.addEventListener('abort', endSoon, { once: true });
  try {
    return await ask(late.signal);
  } finally {
    signal.removeEventListener('abort', endSoon);
    late.abort();
  }
}

/** Until the log is complete; what the builder said of a failure. */
async function follow(
  { arm, http, registry, wait, onEvent }: CloudBuildOptions,
  run: Run,
  reader: ReturnType<typeof createCloudLogReader>,
  { signal, onLog, onProgress }: ImageEvents,
): Promise<BuildFailure | undefined> {
  let failure: BuildFailure | undefined;
  const tell = (events: readonly BuildEvent[]): void => {
    for (const event of events) {
      if (event.kind === 'failure') failure = event.failure;
      if (event.kind === 'step' && event.step.state === 'running' && event.step.place)
        onProgress(`Building: ${stepText(event.step)}`);
      onEvent?.(event);
    }
  };
  const renew = async (): Promise<string> => {
    const request = { method: 'POST', path: `${run.path}/listLogSasUrl`, apiVersion: versionFor(registry) } as const;
    return textAt(await arm.send(request, { signal }), 'logLink') ?? '';
  };
  const complete = await followLog(await renew(), {
    http,
    signal,
    wait,
    renew,
    onText: (text) => {
      onLog(text);
      tell(reader.read(text));
    },
    isOver: async () => isOver(await arm.get(run.path, versionFor(registry), { signal })),
  });
  tell(reader.end(complete === 'successful'));
  return failure;
}

/** The log may be complete a moment before the run is. */
async function resultOf(
  { arm, registry, wait }: CloudBuildOptions,
  run: Run,
  signal: AbortSignal,
): Promise<JsonObject> {
  for (let round = 0; ; round++) {
    const result = await arm.get(run.path, versionFor(registry), { signal });
    if (isOver(result) || round === 30) return result;
    await wait(1000, signal);
    if (signal.aborted) throw new Cancelled();
  }
}

function isOver(run: JsonObject): boolean {
  return !/^(?:Queued|Started|Running)$/.test(textAt(run, 'properties.status') ?? '');
}

async function whyFailed(
  { registry, sources, image }: CloudBuildOptions,
  result: JsonObject,
  failure: BuildFailure | undefined,
): Promise<Error> {
  const status = textAt(result, 'properties.status') ?? 'Failed';
  const id = textAt(result, 'properties.runId') ?? '';
  const about = `The build '${id}' in the registry '${registry.name}'`;
  if (status === 'Canceled') return new Refused(`${about} was cancelled by somebody else: deploy again`, refresh);
  if (status === 'Timeout')
    return new Refused(`${about} took longer than an hour: make it faster, or build here`, buildLocally);
  if (status === 'Error') return new Refused(`${about} failed for a reason of Azure's own: try again`, retry);
  if (failure && failure.message !== noReason)
    return await buildFailed(sources.text, requestOf(sources, image), failure);
  const reason = textAt(result, 'properties.runErrorMessage');
  return new Refused(`${about} failed: ${reason === undefined ? 'its log says why' : firstSentence(reason)}`, showLog);
}

/** The reader's own words for nothing. */
const noReason = 'The builder gave no reason';

/** As a build here would have been; without secrets, as it is remembered. */
export function requestOf(sources: BuildSources, image: CloudImage): BuildRequest {
  const { repository, tag, target, platform } = image;
  return {
    dockerfile: sources.dockerfile,
    context: sources.context,
    ...(target !== undefined && { target }),
    platforms: [platform],
    arguments: image.arguments.flatMap(({ name, value, isSecret }) => (isSecret ? [] : [{ name, value }])),
    secrets: [],
    tags: [`${repository}:${tag}`],
    pull: false,
    useCache: true,
  };
}

function digestIn(result: JsonObject, { repository, tag }: CloudImage): string | undefined {
  const images: Json | undefined = at(result, 'properties.outputImages');
  if (!Array.isArray(images)) return undefined;
  const ours = (images as readonly Json[])
    .filter(isObject)
    .find((image) => image['repository'] === repository && image['tag'] === tag);
  return textAt(ours, 'digest');
}

async function cancel({ arm, registry }: CloudBuildOptions, run: Run): Promise<void> {
  const request = { method: 'POST', path: `${run.path}/cancel`, apiVersion: versionFor(registry) } as const;
  // It may have ended meanwhile; and nobody waits for it for long.
  await arm.send(request, { signal: AbortSignal.timeout(20_000) }).catch(() => undefined);
}

function versionFor({ hasRepositoryPermissions }: Registry): string {
  return hasRepositoryPermissions ? apiVersions.registryTasksOfCaller : apiVersions.registryTasks;
}
