import { basename, dirname, join, relative, isAbsolute } from 'node:path';
import type { FolderEntry } from '../../../server/src/model/project.ts';
import { dockerfileOf } from '../dockerfile-model.ts';
import { Cancelled, NotStarted, type Command, type Ended, type Run } from '../tools/command.ts';
import { askChanges, askCommit, askFilters, readChanges, readCommit, readFilters } from '../tools/git/git.ts';
import { UserError } from '../ui/user-error.ts';
import type { BuildArgument, BuildSecret } from './build.ts';
import { composeFileName, serviceBuildsOf } from './service-builds.ts';
import { isPattern, missingIn, sourcesOf, type List, type Sources } from './sources.ts';
import { targetsOf } from './targets.ts';

/** What a build may be made of, as the project tells it; nothing here was changed by finding it out. */
export interface BuildFacts {
  /** The Dockerfile's absolute path. */
  readonly dockerfile: string;
  readonly text: string;
  /** Absent outside of a Git repository, without Git, and before the first commit. */
  readonly commit?: { readonly id: string; readonly isDirty: boolean };
  /** What may be the context, the likeliest first; never empty. */
  readonly contexts: readonly BuildContext[];
  /** The stages in their order: the last one is built unless told otherwise. Empty where the file has none. */
  readonly targets: readonly BuildTarget[];
}

export interface BuildContext {
  readonly folder: string;
  /** What a Compose service says of its build; absent when the folder was found by what is in it. */
  readonly service?: ServiceBuild;
  /** What COPY and ADD name and the folder does not have. */
  readonly missing: readonly string[];
}

export interface ServiceBuild {
  readonly name: string;
  /** The Compose file's absolute path. */
  readonly file: string;
  readonly target?: string;
  readonly platforms: readonly string[];
  /** Only those whose value is known. */
  readonly arguments: readonly BuildArgument[];
  readonly secrets: readonly BuildSecret[];
}

export interface BuildTarget {
  /** What `--target` takes: the stage's name, or its number where it has none. */
  readonly name: string;
  readonly isFinal: boolean;
  /** ARGs of the stages it needs, without those that the builder sets itself. */
  readonly arguments: readonly DeclaredArgument[];
  /** What its RUNs mount with `type=secret`. */
  readonly secrets: readonly DeclaredSecret[];
}

export interface DeclaredArgument {
  readonly name: string;
  /** Absent when the build has to give it. */
  readonly default?: string;
}

export interface DeclaredSecret {
  readonly id: string;
  /** The build fails without it. */
  readonly isRequired: boolean;
}

export interface FactsRequest {
  readonly dockerfile: string;
  readonly workspaceFolder?: string;
  /** The text of a file, by its absolute path; `undefined` when there is none. */
  readonly readFile: (path: string) => Promise<string | undefined>;
  /** What a folder holds, by its absolute path; `undefined` when there is none. */
  readonly list: (folder: string) => Promise<readonly FolderEntry[] | undefined>;
  readonly run: Run;
}

/** Reads what there is to know; rejects with `Cancelled`, or a `UserError` when there is no such Dockerfile. */
export async function gatherFacts(request: FactsRequest, signal: AbortSignal): Promise<BuildFacts> {
  const { dockerfile, readFile, run } = request;
  const list = remembering(request.list);
  const [text, commit] = await Promise.all([readFile(dockerfile), readGit(dirname(dockerfile), run, signal)]);
  if (text === undefined) throw new UserError(`'${basename(dockerfile)}' cannot be read: it may have been moved`);
  const model = dockerfileOf(text);
  const sources = sourcesOf(model);
  const folders = foldersAround(request);
  const services = await serviceContexts(dockerfile, folders, sources, list, readFile);
  const found = await folderContexts(
    folders.filter((folder) => services.every((other) => other.folder !== folder)),
    sources,
    list,
  );
  if (signal.aborted) throw new Cancelled();
  return {
    dockerfile,
    text,
    ...(commit && { commit }),
    contexts: [...services, ...found],
    targets: targetsOf(model),
  };
}

/** Far more than a path has in practice. */
const mostFolders = 30;

/** The Dockerfile's folder and those it lies in, up to the workspace's. */
function foldersAround({ dockerfile, workspaceFolder }: FactsRequest): readonly string[] {
  const own = dirname(dockerfile);
  const folders = [own];
  if (workspaceFolder === undefined) return folders;
  const inside = relative(workspaceFolder, own);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) return folders;
  const depth = Math.min(inside.split(/[\\/]/).length, mostFolders);
  for (let i = 0; i < depth; i++) folders.push(dirname(folders.at(-1) ?? own));
  return folders;
}

async function serviceContexts(
  dockerfile: string,
  folders: readonly string[],
  sources: Sources,
  list: List,
  readFile: FactsRequest['readFile'],
): Promise<readonly BuildContext[]> {
  const files = await Promise.all(
    folders.map(async (folder) => {
      const names = ((await list(folder)) ?? []).filter(
        ({ name, isFolder }) => !isFolder && composeFileName.test(name),
      );
      // `compose.yaml` before `compose.override.yaml`, whatever the alphabet says.
      return names.map(({ name }) => join(folder, name)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
    }),
  );
  const builds = await Promise.all(
    files.flat().map(async (file) => {
      const text = await readFile(file);
      return text === undefined ? [] : serviceBuildsOf(file, text, dockerfile);
    }),
  );
  return Promise.all(
    builds.flat().map(async ({ folder, service }) => ({
      folder,
      service,
      missing: (await missingIn(folder, sources.paths, list)).filter((path) => !isPattern(path)),
    })),
  );
}

async function folderContexts(
  folders: readonly string[],
  sources: Sources,
  list: List,
): Promise<readonly BuildContext[]> {
  const scored = await Promise.all(
    folders.map(async (folder, distance) => {
      const missing = await missingIn(folder, sources.paths, list);
      const needed = missing.filter((path) => !isPattern(path));
      // Where everything is copied, a folder with nothing but Dockerfiles in it is not what is meant.
      const isBare = sources.takesAll && ((await list(folder)) ?? []).every(({ name }) => isAboutDocker(name));
      return { folder, missing: needed, score: [needed.length, missing.length, isBare ? 1 : 0, distance] };
    }),
  );
  return scored.sort((a, b) => compareScores(a.score, b.score)).map(({ folder, missing }) => ({ folder, missing }));
}

function isAboutDocker(name: string): boolean {
  return /^(?:.*\.)?(?:dockerfile|containerfile)(?:\..*)?$|\.?dockerignore$/i.test(name) || composeFileName.test(name);
}

function compareScores(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, i) => value !== b[i]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

/** The same folder is looked into for each source. */
function remembering(list: List): List {
  const known = new Map<string, ReturnType<List>>();
  return (folder) => {
    const found = known.get(folder) ?? list(folder);
    known.set(folder, found);
    return found;
  };
}

async function readGit(folder: string, run: Run, signal: AbortSignal): Promise<BuildFacts['commit']> {
  const ask = (command: Command): Promise<Ended> => run(command, { signal, keep: 100_000 });
  try {
    const [commit, filters] = await Promise.all([ask(askCommit(folder)), ask(askFilters(folder))]);
    const id = readCommit(commit);
    if (id === undefined) return undefined;
    const harmful = readFilters(filters);
    const command = harmful && askChanges(folder, harmful);
    // What cannot be asked safely is taken for dirty: nobody is then told that an image is of a commit when it is not.
    return { id, isDirty: command === undefined || readChanges(await ask(command)) };
  } catch (error) {
    // Without Git there is no commit to tell of.
    if (error instanceof NotStarted) return undefined;
    throw error;
  }
}
