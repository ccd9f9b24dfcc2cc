import { readdir, readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Stage } from '../../../server/src/model/dockerfile.ts';
import { gatherFacts, type BuildFacts } from '../build/facts.ts';
import { dockerfileOf } from '../dockerfile-model.ts';
import { findSources, type BuildSources } from '../registry/cloud-build/sources.ts';
import { readState } from '../registry/source-state.ts';
import { Cancelled, type Run } from '../tools/command.ts';
import { isUserError, UserError } from '../ui/user-error.ts';
import type { ImageChoices } from './choices.ts';
import type { SourceFacts } from './facts.ts';
import { containerPort } from './source/compose-port.ts';
import { asPort, environmentValue, healthOf } from './source/health.ts';

export interface SourceOptions {
  /** The workspace's folder: Dockerfile and context are from there on. */
  readonly folder: string;
  readonly image: ImageChoices;
  readonly run: Run;
  /** The container tool; throws a `UserError` when none answers. */
  readonly tool: (signal?: AbortSignal) => Promise<unknown>;
  readonly signal: AbortSignal;
}

/** What the workspace says of the app, as it is on disk; changes nothing. */
export async function readSource({ folder, image, run, tool, signal }: SourceOptions): Promise<SourceFacts> {
  const sources = await findSources(folder, image);
  const [built, state, hasDocker] = await Promise.all([
    gatherFacts({ dockerfile: sources.dockerfile, workspaceFolder: folder, readFile: textOf, list, run }, signal),
    readState(sources, image, run, signal),
    answers(tool, signal),
  ]);
  const composePort = await portInCompose(built, sources, image.stage);
  return {
    ...appFacts(sources.text, image),
    ...(composePort !== undefined && { composePort }),
    ...state,
    hasDocker,
  };
}

/** What the Dockerfile alone says of the stage that is built. */
export function appFacts(
  text: string,
  { stage: wanted, dockerfile: name }: Pick<ImageChoices, 'stage' | 'dockerfile'>,
): Pick<SourceFacts, 'exposed' | 'portVariable' | 'health'> {
  const dockerfile = dockerfileOf(text);
  const stage: Stage | undefined = wanted === undefined ? dockerfile.finalStage : dockerfile.findStage(wanted);
  if (!stage) {
    const what = wanted === undefined ? `'${name}' has no FROM` : `'${name}' has no stage '${wanted}'`;
    throw new UserError(`${what}: correct it, or the target in '.shipshape/deploy.yaml'`);
  }
  const { ports } = dockerfile.runtimeOf(stage);
  const portVariable = asPort(environmentValue(dockerfile, stage, 'PORT'));
  const health = healthOf(dockerfile, stage);
  return {
    exposed: [...new Set(ports.flatMap(({ port, protocol }) => (protocol === 'tcp' ? [port] : [])))],
    ...(portVariable !== undefined && { portVariable }),
    ...(health && { health }),
  };
}

/** The service that builds just this; else one that builds the same file. */
async function portInCompose(
  { contexts }: BuildFacts,
  { context }: BuildSources,
  stage: string | undefined,
): Promise<number | undefined> {
  const services = contexts.flatMap(({ folder, service }) => (service ? [{ folder, service }] : []));
  const score = ({ folder, service }: (typeof services)[number]): number =>
    Number(relative(folder, context) === '') * 2 + Number(service.target?.toLowerCase() === stage?.toLowerCase());
  for (const { service } of services.toSorted((a, b) => score(b) - score(a))) {
    const port = containerPort((await textOf(service.file)) ?? '', service.name);
    if (port !== undefined) return port;
  }
  return undefined;
}

async function answers(tool: SourceOptions['tool'], signal: AbortSignal): Promise<boolean> {
  try {
    await tool(signal);
    return true;
  } catch (error) {
    if (error instanceof Cancelled || !isUserError(error)) throw error;
    return false;
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

async function list(
  folder: string,
): Promise<readonly { readonly name: string; readonly isFolder: boolean }[] | undefined> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    return undefined;
  }
}
