import type { Instruction, JsonElement, Word } from '../syntax/dockerfile/tree.ts';
import { indentationAt, newlineOf } from '../text/lines.ts';
import type { Edit } from '../text/problem.ts';
import type { DependencyInstall } from './dependency-install.ts';
import type { Dockerfile } from './dockerfile.ts';

/** The word by which a COPY or ADD takes the whole build context. */
export function wholeFolderCopy(instruction: Instruction): Word | JsonElement | undefined {
  const { keyword, flags, json, words, heredocs } = instruction;
  if (keyword !== 'COPY' && keyword !== 'ADD') return undefined;
  if (heredocs.length > 0 || flags.some(({ name }) => name === 'from')) return undefined;
  return (json ?? words).slice(0, -1).find(({ value }) => /^(?:\.|\.\/|\/|\/\.|\*|\.\/\*)$/.test(value));
}

/**
 * Edits that copy only the manifests where everything was copied, and the rest right after the install. `undefined` where that might change what the
 * build does: other steps in between, manifests in other folders, commands before the install.
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
  if (!isPlain || !source || !destination || !install.needsOnlyManifests) return undefined;
  if (run.range.start < copy.range.end || hasStepsBetween(dockerfile, copy, run)) return undefined;
  const manifests = existingManifests(dockerfile, install);
  if (!manifests || movesElsewhere(install)) return undefined;
  const later = split(dockerfile, run, install);
  if (!later) return undefined;
  const newline = newlineOf(text);
  const indentation = indentationAt(text, copy.range.start);
  const copyLine = text.slice(copy.range.start, copy.range.end);
  return [
    { range: source.range, text: manifests.join(' ') },
    { range: destination.range, text: asFolder(destination.value) },
    {
      range: later.range,
      text: `${newline}${indentation}${copyLine}${later.runsMore ? `${newline}${indentation}RUN ` : ''}`,
    },
  ];
}

/** Where the copy of the rest goes: behind the RUN, or in the place of the `&&` that joins what needs the sources to the install. */
function split(dockerfile: Dockerfile, run: Instruction, install: DependencyInstall) {
  const { commands } = dockerfile.script(run);
  const own = commands.filter(({ runBy, inside }) => runBy === undefined && inside.length === 0);
  const index = own.indexOf(install.command);
  if (index !== 0) return undefined;
  const next = own[1];
  if (!next) return { range: { start: run.range.end, end: run.range.end }, runsMore: false };
  const hasNested = commands.length !== own.length && commands.some(({ inside }) => inside.length > 0);
  if (next.joinedBy !== '&&' || hasNested) return undefined;
  return { range: { start: install.command.range.end, end: next.range.start }, runsMore: true };
}

function hasStepsBetween({ instructions }: Dockerfile, copy: Instruction, run: Instruction): boolean {
  const harmless = new Set(['ENV', 'ARG', 'LABEL', 'EXPOSE', 'CMD', 'ENTRYPOINT', 'USER', 'STOPSIGNAL', 'HEALTHCHECK']);
  return instructions.some(
    ({ range, keyword }) => range.start > copy.range.start && range.start < run.range.start && !harmless.has(keyword),
  );
}

/** The manifests that are there; when the folder is not known, the manifest and, by a pattern, its lock file. */
function existingManifests({ project }: Dockerfile, { manifests }: DependencyInstall): readonly string[] | undefined {
  const names = project.list('.')?.map(({ name }) => name);
  if (!names || names.length === 0) return manifests[0] === 'package.json' ? ['package*.json'] : manifests.slice(0, 1);
  const existing = manifests.filter(
    (manifest) => names.some((name) => matches(name, manifest)) || project.text(manifest) !== undefined,
  );
  return existing.length > 0 && existing[0] === manifests[0] ? existing : undefined;
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

function matches(name: string, manifest: string): boolean {
  return manifest.startsWith('*') ? name.endsWith(manifest.slice(1)) : name === manifest;
}
