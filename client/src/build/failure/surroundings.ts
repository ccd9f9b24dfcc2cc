import { readdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { BuildFailure, BuildRequest } from '../build.ts';
import type { IgnoreFile, Surroundings } from './cause.ts';
import { explain, type Explanation } from './explain.ts';

/** More names than a person can misspell one of. */
const mostNames = 5_000;
/** Each round looks into the folders that the one before asked for. */
const mostRounds = 12;

/** Explains a failure with what lies in the context, of which only that is read that an explanation asks for. */
export async function explainWithFiles(
  failure: BuildFailure,
  text: string,
  request: BuildRequest,
): Promise<Explanation> {
  const isFolder = isAbsolute(request.context);
  const known = new Map<string, readonly string[] | undefined>();
  const asked = new Set<string>();
  const list = (folder: string): readonly string[] | undefined => {
    if (!known.has(folder)) asked.add(folder);
    return known.get(folder);
  };
  const ignore = isFolder ? await ignoreFile(request) : undefined;
  const ownFolder = ownFolderOf(request);
  const around: Surroundings = {
    request,
    list: isFolder ? list : () => undefined,
    ...(ignore && { ignore }),
    ...(ownFolder !== undefined && { ownFolder }),
  };
  for (let round = 0; round < mostRounds; round++) {
    asked.clear();
    const explanation = explain(failure, text, around);
    if (asked.size === 0) return explanation;
    await Promise.all(
      [...asked].map(async (folder) => known.set(folder, await namesIn(join(request.context, folder)))),
    );
  }
  return explain(failure, text, around);
}

/** What can be told of a failure by its own words, for a message beside the editor: what is wrong, then what to do. */
export function adviceFor(failure: BuildFailure, text: string, request: BuildRequest): Explanation {
  return explain(failure, text, { request, list: () => undefined });
}

/** BuildKit takes the one named after the Dockerfile before the one of the context. */
async function ignoreFile({ dockerfile, context }: BuildRequest): Promise<IgnoreFile | undefined> {
  for (const path of [`${dockerfile}.dockerignore`, join(context, '.dockerignore')]) {
    try {
      return { path, text: await readFile(path, 'utf8') };
    } catch {
      // The next one, then.
    }
  }
  return undefined;
}

function ownFolderOf({ dockerfile, context }: BuildRequest): string | undefined {
  if (!isAbsolute(context)) return undefined;
  const path = relative(context, dirname(dockerfile));
  return isAbsolute(path) || path.startsWith('..') ? undefined : path.split(sep).join('/');
}

async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  try {
    return (await readdir(folder)).slice(0, mostNames);
  } catch {
    return undefined;
  }
}
