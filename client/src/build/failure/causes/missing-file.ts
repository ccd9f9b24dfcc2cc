import { nearest } from '../../../../../server/src/text/nearest.ts';
import { edit, type Advice, type Cause, type FailureFix, type Surroundings } from '../cause.ts';
import { exceptionFor, hidingLine } from '../dockerignore.ts';
import { cleanPath, missingPath } from '../messages.ts';
import { only } from '../token.ts';
import { sourcesOf, type Source } from '../sources.ts';

/** What means nothing but itself, in words and in JSON, to the builder and to its patterns. */
const plainPath = /^[\p{L}\p{N}_./@+-]+$/u;

/** COPY, ADD or a mount names a file that the context does not have: hidden, misspelt, or not there at all. */
export const missingFile: Cause = {
  id: 'missing-file',
  adviceOn: ({ failure, instruction, dockerfile, around }) => {
    const path = missingPath(failure);
    if (path === undefined || !instruction) return undefined;
    const source = only(sourcesOf(instruction, dockerfile).filter((known) => known.path === path));
    if (source?.from !== undefined) {
      const stage = dockerfile.findStage(source.from);
      const place = stage ? 'stage' : 'image';
      return {
        advice: `The ${place} '${short(source.from)}' has no '${short(`/${path}`)}': check what it makes and where`,
      };
    }
    if (/forbidden path outside/.test(failure.message) || (source && leavesContext(source.value)))
      return {
        advice: `'${short(source?.value ?? path)}' lies outside the context: build from a folder that holds it`,
      };
    return hidden(path, around) ?? misspelt(path, source, around) ?? absent(path, around);
  },
};

function hidden(path: string, { ignore, list }: Surroundings): Advice | undefined {
  if (!ignore || !exists(path, list)) return undefined;
  const line = hidingLine(ignore.text, path);
  if (!line) return undefined;
  const name = fileName(ignore.path);
  const exception = exceptionFor(path);
  const rule = line.text.length > 25 ? `${line.text.slice(0, 24)}…` : line.text;
  return {
    advice: `It is hidden by line ${line.number} of '${short(name)}' ('${rule}'): make an exception for it`,
    fixes:
      exception === undefined
        ? []
        : [
            {
              kind: 'append',
              title: `Add the exception '!${short(path)}' to '${name}'`,
              path: ignore.path,
              line: exception,
            },
          ],
    related: [{ path: ignore.path, text: ignore.text, range: line.range, message: `'${line.text}' hides it` }],
  };
}

function misspelt(path: string, source: Source | undefined, around: Surroundings): Advice | undefined {
  const meant = nearPath(path, around.list) ?? besideDockerfile(path, around);
  if (meant === undefined) return undefined;
  const written = source?.value;
  // Behind a variable or a pattern there is nothing to put another name in the place of.
  const isPlain = source && written !== undefined && source.range.end - source.range.start === written.length;
  const canReplace = isPlain && cleanPath(written) === path && !/[$*?[\\]/.test(written) && plainPath.test(meant);
  const replacement = written?.startsWith('./') ? `./${meant}` : meant;
  const fixes: readonly FailureFix[] = canReplace
    ? [edit(`Change to '${short(meant)}'`, source.range.start, replacement, source.range.end)]
    : [];
  return { advice: `There is no '${short(path)}' in the context: did you mean '${short(meant)}'?`, fixes };
}

function absent(path: string, { list }: Surroundings): Advice | undefined {
  // Nothing is known of a context that is no folder, as one from Git.
  if (list('') === undefined || exists(path, list)) return undefined;
  return { advice: `There is no '${short(path)}' in the context: check the path, and which folder you build from` };
}

/** The path with its first wrong part put right, when all after it is there, too. */
function nearPath(path: string, list: Surroundings['list']): string | undefined {
  const parts = path.split('/');
  let folder = '';
  for (const [index, part] of parts.entries()) {
    const names = list(folder);
    if (!names) return undefined;
    if (!names.includes(part)) {
      const other = nearest(part, names);
      if (other === undefined) return undefined;
      const meant = [folder, other, ...parts.slice(index + 1)].filter((name) => name !== '').join('/');
      return index === parts.length - 1 || exists(meant, list) ? meant : undefined;
    }
    folder = folder === '' ? part : `${folder}/${part}`;
  }
  return undefined;
}

/** Paths are those of the context, not those of the Dockerfile's folder: a common mix-up. */
function besideDockerfile(path: string, { ownFolder, list }: Surroundings): string | undefined {
  if (ownFolder === undefined || ownFolder === '') return undefined;
  const there = `${ownFolder}/${path}`;
  return exists(there, list) ? there : undefined;
}

function exists(path: string, list: Surroundings['list']): boolean {
  if (path === '') return true;
  const slash = path.lastIndexOf('/');
  return list(path.slice(0, Math.max(0, slash)))?.includes(path.slice(slash + 1)) ?? false;
}

function leavesContext(path: string): boolean {
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** The end of a path tells more than its start. */
function short(path: string): string {
  return path.length > 25 ? `…${path.slice(-24)}` : path;
}
