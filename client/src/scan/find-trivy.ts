import { join } from 'node:path';
import { NotStarted, type Run } from '../tools/command.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import { scanEnvironment } from '../tools/trivy/arguments.ts';
import { containedCommand, containerImage } from '../tools/trivy/container.ts';
import { pinnedVersion } from '../tools/trivy/release.ts';
import type { Databases, InstalledTrivy, Trivy } from '../tools/trivy/trivy.ts';
import { readTrivyVersion, versionArguments, type TrivyAnswer } from '../tools/trivy/version.ts';
import { UserError } from '../ui/user-error.ts';

export interface WantedTrivy {
  /** The setting `shipshape.trivy.path`. */
  readonly path?: string;
  /** `globalStorageUri`/trivy: where `installTrivy` puts it. */
  readonly installFolder?: string;
  /** Given when the user agreed to run Trivy in a container. */
  readonly containerTool?: ContainerTool;
}

/**
 * The Trivy to scan with: the one of the setting, on PATH, that we installed, then the container.
 * `undefined` when there is none: the user is then asked whether to install it or to run the container.
 * A `UserError` when there is one that cannot be used: too old, broken, or a path that is wrong.
 */
export async function findTrivy(run: Run, wanted: WantedTrivy, signal?: AbortSignal): Promise<Trivy | undefined> {
  const { path, installFolder, containerTool } = wanted;
  if (path !== undefined && path !== '') {
    const answer = await ask(run, path, signal);
    if (answer) return installed(path, answer);
    throw new UserError(`'${path}' was not found: correct the setting 'shipshape.trivy.path'`);
  }
  const onPath = await ask(run, 'trivy', signal);
  if (onPath?.kind === 'ready') return installed('trivy', onPath);
  const ours = installFolder === undefined ? undefined : installedProgram(installFolder);
  const answer = ours === undefined ? undefined : await ask(run, ours, signal);
  // The one that we installed may be new enough where the user's own is not.
  if (ours !== undefined && answer?.kind === 'ready') return installed(ours, answer);
  if (onPath) return installed('trivy', onPath);
  return containerTool && contained(run, containerTool, signal);
}

/** Where the pinned release is, once it is installed. */
function installedProgram(folder: string): string {
  return join(folder, pinnedVersion, process.platform === 'win32' ? 'trivy.exe' : 'trivy');
}

/** What has been downloaded by now, such as after a scan. */
export async function databasesOf(run: Run, trivy: Trivy, signal?: AbortSignal): Promise<Databases> {
  if (trivy.kind === 'contained') return (await contained(run, trivy.tool, signal)).databases;
  const answer = await ask(run, trivy.program, signal);
  return answer?.kind === 'ready' ? answer.databases : {};
}

function installed(program: string, answer: TrivyAnswer): InstalledTrivy {
  switch (answer.kind) {
    case 'ready':
      return { kind: 'installed', program, version: answer.version, databases: answer.databases };
    case 'unusable':
      throw new UserError(answer.message);
    case 'strange':
      throw new UserError(`'${program}' does not work as Trivy: ${answer.reason.slice(0, 80)}`);
  }
}

async function ask(run: Run, program: string, signal: AbortSignal | undefined): Promise<TrivyAnswer | undefined> {
  try {
    const command = { program, args: versionArguments, environment: scanEnvironment };
    return readTrivyVersion(await run(command, signal && { signal }));
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    return error.isMissing ? undefined : { kind: 'strange', reason: error.message };
  }
}

/** Asked only when its image is here already: fetching it belongs to the first scan, which can tell how far it is. */
async function contained(run: Run, tool: ContainerTool, signal: AbortSignal | undefined): Promise<Trivy> {
  const image = containerImage(pinnedVersion);
  const options = signal && { signal };
  const found = await run({ program: tool.program, args: ['image', 'inspect', '--format', '{{.Id}}', image] }, options);
  if (found.code !== 0) return { kind: 'contained', tool, image, version: pinnedVersion, databases: {} };
  const name = `shipshape-trivy-version-${process.pid}-${Date.now()}`;
  const command = containedCommand({ tool, image, name, args: versionArguments, mounts: [], isOffline: true });
  const answer = readTrivyVersion(await run(command, options));
  const databases = answer.kind === 'ready' ? answer.databases : {};
  return { kind: 'contained', tool, image, version: pinnedVersion, databases };
}
