import type { Command } from '../command.ts';
import type { ContainerTool } from '../container/tool.ts';
import { asList, scanEnvironment } from './arguments.ts';

/** The official image of the release that we install, too. */
export function containerImage(version: string): string {
  return `ghcr.io/aquasecurity/trivy:${version}`;
}

export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly isWritable?: boolean;
}

export interface Contained {
  readonly tool: ContainerTool;
  readonly image: string;
  /** Of the container, so that it can be removed whatever happens. */
  readonly name: string;
  readonly args: readonly string[];
  readonly mounts: readonly Mount[];
  readonly folder?: string;
  readonly isOffline?: boolean;
  /** Variables of which nobody may read the values. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Databases stay in it from scan to scan. */
const cacheVolume = 'shipshape-trivy-cache';

/** Trivy sees what is mounted, read only, and neither the engine's socket nor what else root may do. */
export function containedCommand({
  tool,
  image,
  name,
  args,
  mounts,
  folder,
  isOffline,
  secrets = {},
}: Contained): Command {
  const environment = Object.entries({ ...scanEnvironment, TRIVY_CACHE_DIR: '/cache' });
  return {
    program: tool.program,
    args: [
      'run',
      '--rm',
      '--name',
      name,
      '--cap-drop',
      'ALL',
      // Root without it could not read what belongs to the user alone, nor write the report.
      '--cap-add',
      'DAC_OVERRIDE',
      '--security-opt',
      'no-new-privileges',
      // Files of the user carry no label that SELinux would let a container read.
      '--security-opt',
      'label=disable',
      ...(isOffline === true ? ['--network', 'none'] : []),
      ...environment.flatMap(([key, value]) => ['--env', `${key}=${value}`]),
      // By name only: a proxy's address may have a password in it.
      ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', ...Object.keys(secrets)].flatMap((key) => ['--env', key]),
      '--mount',
      `type=volume,src=${cacheVolume},dst=/cache`,
      ...mounts.flatMap((mount) => ['--mount', mountOf(mount)]),
      ...(folder === undefined ? [] : ['--workdir', folder]),
      image,
      ...args,
    ],
    ...(Object.keys(secrets).length > 0 && { environment: secrets }),
  };
}

export function removeContainer(tool: ContainerTool, name: string): Command {
  return { program: tool.program, args: ['rm', '--force', name] };
}

/** A line of CSV, which unlike `--volume` can say any path. */
function mountOf({ source, target, isWritable }: Mount): string {
  return asList(['type=bind', `src=${source}`, `dst=${target}`, ...(isWritable === true ? [] : ['readonly'])]);
}
