import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Stage } from '../../../server/src/model/dockerfile.ts';
import { hidingLine } from '../build/failure/dockerignore.ts';
import { gatherFacts, type BuildFacts } from '../build/facts.ts';
import { dockerfileOf } from '../dockerfile-model.ts';
import { contentsOf, hashOf } from '../registry/cloud-build/pack.ts';
import { findSources, type BuildSources } from '../registry/cloud-build/sources.ts';
import { Cancelled, NotStarted, type Run } from '../tools/command.ts';
import {
  askChangedPaths,
  askFilters,
  askFullCommit,
  askTop,
  readChangedPaths,
  readFilters,
  readFullCommit,
  readTop,
} from '../tools/git/git.ts';
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
  const [built, commit, hasDocker] = await Promise.all([
    gatherFacts({ dockerfile: sources.dockerfile, workspaceFolder: folder, readFile: textOf, list, run }, signal),
    readCommit(sources, run, signal),
    answers(tool, signal),
  ]);
  const contents = await hashOfBuild(sources, image, commit, signal);
  const composePort = await portInCompose(built, sources, image.stage);
  return {
    ...appFacts(sources.text, image),
    ...(composePort !== undefined && { composePort }),
    ...(commit && { commit: { ...commit, short: built.commit?.id ?? commit.short } }),
    contents,
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

/** Dirty is only what goes into the image; our own file about deployments does not count. */
async function readCommit(sources: BuildSources, run: Run, signal: AbortSignal): Promise<SourceFacts['commit']> {
  const folder = sources.context;
  const options = { signal, keep: 4_000_000 };
  try {
    const [full, top, filters] = await Promise.all([
      run(askFullCommit(folder), options).then(readFullCommit),
      run(askTop(folder), options).then(readTop),
      run(askFilters(folder), options).then(readFilters),
    ]);
    if (full === undefined || top === undefined) return undefined;
    const command = filters && askChangedPaths(folder, filters);
    const changed = command && readChangedPaths(await run(command, options));
    // What cannot be asked safely is taken for dirty.
    const isDirty = changed?.some((path) => isBuilt(join(top, path), sources)) ?? true;
    return { short: full.slice(0, 7), full, isDirty };
  } catch (error) {
    // Without Git there is no commit to tell of.
    if (error instanceof NotStarted) return undefined;
    throw error;
  }
}

function isBuilt(path: string, { context, dockerfile, ignore }: BuildSources): boolean {
  if (path === dockerfile || path === `${dockerfile}.dockerignore`) return true;
  const inside = relative(context, path).split(sep).join('/');
  if (inside === '.dockerignore') return true;
  if (inside === '' || inside.startsWith('../') || inside === '..') return false;
  return !/(?:^|\/)\.shipshape\/deploy\.yaml$/.test(inside) && hidingLine(ignore, inside) === undefined;
}

/** Of a commit as it is, its name says all; else everything is read that a builder would be given. */
async function hashOfBuild(
  sources: BuildSources,
  { stage, platform, arguments: given }: ImageChoices,
  commit: SourceFacts['commit'],
  signal: AbortSignal,
): Promise<string> {
  const isClean = commit?.isDirty === false;
  const files = isClean ? commit.full : await hashOf(await contentsOf(sources, 'classic', signal), signal);
  const how = JSON.stringify([stage ?? '', platform, Object.entries(given).sort()]);
  return createHash('sha256').update(`${files}\n${how}`).digest('hex');
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
