import type { Instruction, JsonElement, Word } from '../syntax/dockerfile/tree.ts';
import type { Command } from '../syntax/shell/script.ts';
import { indentationAt, newlineOf } from '../text/lines.ts';
import type { Edit } from '../text/problem.ts';
import type { DependencyInstall } from './dependency-install.ts';
import type { Dockerfile, Stage } from './dockerfile.ts';
import { needsLocalFiles } from './manifest-text.ts';

/** The word by which a COPY or ADD takes the whole build context. */
export function wholeFolderCopy(instruction: Instruction): Word | JsonElement | undefined {
  const { keyword, flags, json, words, heredocs } = instruction;
  if (keyword !== 'COPY' && keyword !== 'ADD') return undefined;
  if (heredocs.length > 0 || flags.some(({ name }) => name === 'from')) return undefined;
  return (json ?? words).slice(0, -1).find(({ value }) => /^(?:\.|\.\/|\/|\/\.|\*|\.\/\*)$/.test(value));
}

/**
 * Edits that copy only the manifests where everything was copied, and the rest right after the install. `undefined` where that might change what the
 * build does: steps in between that may need the sources, manifests that refer to other files, commands before the install.
 */
export function manifestsFirst(
  dockerfile: Dockerfile,
  copy: Instruction,
  run: Instruction,
  install: DependencyInstall,
): readonly Edit[] | undefined {
  const { text } = dockerfile;
  const sources = copy.json ?? copy.words;
  const [source, destination] = sources;
  const isPlain =
    sources.length === 2 && !copy.json && !run.json && run.heredocs.length === 0 && copy.gaps.length === 0;
  const stage = dockerfile.stageOf(copy);
  if (!stage || !isPlain || copy.isTrigger || !source || !destination || !install.needsOnlyManifests) return undefined;
  if (run.range.start < copy.range.end || hasStepsBetween(dockerfile, copy, run)) return undefined;
  const target = resolvePath(folderAt(dockerfile, stage, copy), destination.value);
  const manifests = existingManifests(dockerfile, install, folderAt(dockerfile, stage, run), target);
  if (!manifests || movesElsewhere(install)) return undefined;
  const later = split(dockerfile, run, install);
  if (!later) return undefined;
  const newline = newlineOf(text);
  const indentation = indentationAt(text, copy.range.start);
  const keyword = text.slice(run.keywordRange.start, run.keywordRange.end);
  const copyLine = text.slice(copy.range.start, copy.range.end);
  return [
    { range: source.range, text: manifests.paths.join(' ') },
    {
      range: destination.range,
      text: asFolder(text.slice(destination.range.start, destination.range.end)) + manifests.folder,
    },
    {
      range: later.range,
      text: `${newline}${indentation}${copyLine}${later.runsMore ? `${newline}${indentation}${keyword} ` : ''}`,
    },
  ];
}

/** Where the copy of the rest goes: behind the RUN, or in the place of the `&&` that joins what needs the sources to the install. */
function split(dockerfile: Dockerfile, run: Instruction, install: DependencyInstall) {
  const { commands } = dockerfile.script(run);
  const own = commands.filter(({ runBy, inside }) => runBy === undefined && inside.length === 0);
  const index = own.indexOf(install.command);
  if (index < 0 || !own.slice(0, index).every(needsNoSources)) return undefined;
  const next = own[index + 1];
  if (!next) return { range: { start: run.range.end, end: run.range.end }, runsMore: false };
  const hasNested = commands.length !== own.length && commands.some(({ inside }) => inside.length > 0);
  if (next.joinedBy !== '&&' || hasNested) return undefined;
  return { range: { start: install.command.range.end, end: next.range.start }, runsMore: true };
}

const harmlessKeywords = new Set(
  'ENV ARG LABEL EXPOSE CMD ENTRYPOINT USER STOPSIGNAL HEALTHCHECK SHELL WORKDIR'.split(' '),
);

function hasStepsBetween(dockerfile: Dockerfile, copy: Instruction, run: Instruction): boolean {
  return dockerfile.instructions.some((step) => {
    if (step.range.start <= copy.range.start || step.range.start >= run.range.start) return false;
    if (harmlessKeywords.has(step.keyword)) return false;
    const { commands, errors } = dockerfile.script(step);
    return step.keyword !== 'RUN' || commands.length === 0 || errors.length > 0 || !commands.every(needsNoSources);
  });
}

/** Commands that set up the system or a package manager. */
function needsNoSources({ program = '', arguments: words, redirections }: Command): boolean {
  if (redirections.length > 0) return false;
  const values = words.map(({ value }) => value);
  if (/^(?:apt-get|apt|apk|dnf|yum|microdnf|set|corepack|export|true|update-ca-certificates)$/.test(program))
    return true;
  if (program === 'rm') return values.every((value) => value.startsWith('-') || value.startsWith('/var/'));
  if (program === 'npm') return values.includes('-g') || values.includes('--global') || values[0] === 'config';
  if (!/^(?:pip[\d.]*|python[\d.]*)$/.test(program)) return false;
  return (
    values.includes('install') && !values.some((value) => /^-[re]|^--(?:requirement|editable)|[/\\]|^\.$/.test(value))
  );
}

/** The folder that an instruction works in; what the base image sets is a name that no path has. */
function folderAt(dockerfile: Dockerfile, stage: Stage, at: Instruction): string {
  let folder = '/?';
  for (const { keyword, range, words } of stage.lineage.toReversed().flatMap(({ instructions }) => instructions)) {
    if (range.start >= at.range.start) break;
    const [word] = words;
    if (keyword === 'WORKDIR' && word) folder = resolvePath(folder, dockerfile.expand(word.text, at) ?? word.text);
  }
  return folder;
}

function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The manifests as paths in the build context, and the folder under the copied one that the install looks for them in. */
function existingManifests(
  { project }: Dockerfile,
  { manifests }: DependencyInstall,
  folder: string,
  target: string,
): { readonly paths: readonly string[]; readonly folder: string } | undefined {
  const places = manifests.map((manifest) => resolvePath(folder, manifest));
  const prefix = target === '/' ? '/' : `${target}/`;
  if (!places.every((place) => place.startsWith(prefix))) return undefined;
  const paths = places.map((place) => place.slice(prefix.length));
  const folders = new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1)));
  const [inside = ''] = folders;
  if (folders.size !== 1 || paths.some((path) => needsLocalFiles(project, path))) return undefined;
  const names = project.list(inside === '' ? '.' : inside.slice(0, -1))?.map(({ name }) => inside + name);
  if (!names || names.length === 0)
    return paths.some((path) => path.includes('*')) ? undefined : { paths: unknownManifests(paths), folder: inside };
  const known = [...paths, ...(paths[0]?.endsWith('package.json') === true ? [`${inside}.npmrc`] : [])];
  const existing = known.filter((path) => names.some((name) => matches(name, path)));
  return existing[0] === paths[0] ? { paths: existing, folder: inside } : undefined;
}

/** Where it is not known what there is: the manifest, and its lock file by a pattern, which may match nothing. */
function unknownManifests([first = '', ...others]: readonly string[]): readonly string[] {
  if (others.some((path) => path.endsWith('package-lock.json')))
    return [first.replace('package.json', 'package*.json')];
  return [first, ...others.map((path) => (/lock|sum/.test(path) ? `${path}*` : path))];
}

/** `npm --prefix client ci`: the manifest is not where everything was copied to. */
function movesElsewhere({ command }: DependencyInstall): boolean {
  return command.arguments.some(({ value }) =>
    /^(?:--prefix|--cwd|-C|--dir|--working-dir|-d|--manifest-path|--project)(?:=|$)/.test(value),
  );
}

/** COPY of several files needs a folder, which a slash at the end says. */
function asFolder(destination: string): string {
  if (destination === '.') return './';
  return destination.endsWith('/') ? destination : `${destination}/`;
}

function matches(name: string, path: string): boolean {
  const star = path.indexOf('*');
  return star < 0 ? name === path : name.startsWith(path.slice(0, star)) && name.endsWith(path.slice(star + 1));
}
