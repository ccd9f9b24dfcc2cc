import { createHash } from 'node:crypto';
import { join, relative, sep } from 'node:path';
import { hidingLine } from '../build/failure/dockerignore.ts';
import { NotStarted, type Run } from '../tools/command.ts';
import {
  askChangedPaths,
  askCommit,
  askFilters,
  askFullCommit,
  askTop,
  readChangedPaths,
  readCommit,
  readFilters,
  readFullCommit,
  readTop,
} from '../tools/git/git.ts';
import { contentsOf, hashOf } from './cloud-build/pack.ts';
import type { BuildSources } from './cloud-build/sources.ts';

/** Which state of the sources a build would be of. */
export interface SourceState {
  /** `undefined` outside of Git. */
  readonly commit?: { readonly short: string; readonly full: string; readonly isDirty: boolean };
  /** Differs when what would be built does. */
  readonly contents: string;
}

export interface HowBuilt {
  readonly stage?: string;
  readonly platform: string;
  readonly arguments?: Readonly<Record<string, string>>;
}

export async function readState(
  sources: BuildSources,
  how: HowBuilt,
  run: Run,
  signal: AbortSignal,
): Promise<SourceState> {
  const commit = await commitOf(sources, run, signal);
  return { ...(commit && { commit }), contents: await hashOfBuild(sources, how, commit, signal) };
}

/** Dirty is only what goes into the image. */
async function commitOf(sources: BuildSources, run: Run, signal: AbortSignal): Promise<SourceState['commit']> {
  const folder = sources.context;
  const options = { signal, keep: 4_000_000 };
  try {
    const [full, short, top, filters] = await Promise.all([
      run(askFullCommit(folder), options).then(readFullCommit),
      run(askCommit(folder), options).then(readCommit),
      run(askTop(folder), options).then(readTop),
      run(askFilters(folder), options).then(readFilters),
    ]);
    if (full === undefined || short === undefined || top === undefined) return undefined;
    const command = filters && askChangedPaths(folder, filters);
    const changed = command && readChangedPaths(await run(command, options));
    // What cannot be asked safely is taken for dirty.
    return { short, full, isDirty: changed?.some((path) => isBuilt(join(top, path), sources)) ?? true };
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
  if (inside === '' || inside === '..' || inside.startsWith('../')) return false;
  return !isOurs(inside) && hidingLine(ignore, inside) === undefined;
}

/** What we write about deployments ourselves makes no other app. */
function isOurs(path: string): boolean {
  return /(?:^|\/)\.shipshape(?:\/|$)/.test(path);
}

/** Of a commit as it is, its name says all; else everything is read that a builder would be given. */
async function hashOfBuild(
  sources: BuildSources,
  { stage, platform, arguments: given = {} }: HowBuilt,
  commit: SourceState['commit'],
  signal: AbortSignal,
): Promise<string> {
  const how = JSON.stringify([stage ?? '', platform, Object.entries(given).sort()]);
  const files = commit?.isDirty === false ? commit.full : await hashOfFiles(sources, signal);
  return createHash('sha256').update(`${files}\n${how}`).digest('hex');
}

async function hashOfFiles(sources: BuildSources, signal: AbortSignal): Promise<string> {
  const contents = await contentsOf(sources, 'classic', signal);
  return await hashOf({ ...contents, entries: contents.entries.filter(({ path }) => !isOurs(path)) }, signal);
}
