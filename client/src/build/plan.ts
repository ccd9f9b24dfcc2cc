import type { Command } from '../tools/command.ts';
import { buildCommand } from '../tools/container/build.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import type { BuildRequest } from './build.ts';
import type { BuildContext, BuildFacts } from './facts.ts';

export type BuildPlan = RunnablePlan | { readonly kind: 'impossible'; readonly reason: string };

export interface RunnablePlan {
  readonly kind: 'build';
  readonly request: BuildRequest;
  readonly tool: ContainerTool;
  /** What will be run, but for where the image's id is to be written to. */
  readonly command: Command;
  readonly reader: ReaderKind;
}

/** How the builder tells what it does. */
export type ReaderKind = 'raw' | 'plain' | 'classic' | 'podman';

/** The exact command, or why this tool cannot do what is asked. */
export function planBuild(request: BuildRequest, tool: ContainerTool): BuildPlan {
  const reason = whyNot(request, tool);
  if (reason !== undefined) return { kind: 'impossible', reason };
  return { kind: 'build', request, tool, command: buildCommand(request, tool), reader: readerFor(tool) };
}

/** What to build when nothing but the facts is known; arguments without a value and secrets without a source are left out. */
export function requestFrom(facts: BuildFacts, context: BuildContext | undefined = facts.contexts[0]): BuildRequest {
  const { service } = context ?? {};
  const target = service?.target;
  return {
    dockerfile: facts.dockerfile,
    context: context?.folder ?? facts.dockerfile.replace(/[\\/][^\\/]*$/, ''),
    ...(target !== undefined && { target }),
    platforms: service?.platforms ?? [],
    arguments: service?.arguments ?? [],
    secrets: service?.secrets ?? [],
    tags: defaultTags(facts, { target, context }),
    pull: false,
    useCache: true,
  };
}

export interface TagOptions {
  readonly target?: string | undefined;
  readonly context?: BuildContext | undefined;
}

/**
 * `<folder>:<short sha>`, with `-dirty` where the tree is; `<folder>:dev` without Git. What is not the folder's main image adds to the
 * name what it is, so that one build does not take the name of another.
 */
export function defaultTags(facts: BuildFacts, { target, context }: TagOptions = {}): readonly string[] {
  const { commit, targets } = facts;
  const [file = '', ...folders] = facts.dockerfile.split(/[\\/]/).toReversed();
  const around = (context ?? facts.contexts[0])?.folder.split(/[\\/]/).findLast((part) => part !== '');
  const [own = ''] = folders;
  const folder = isOnlyForDockerfiles(own) ? (around ?? own) : own;
  const isPart = target !== undefined && targets.find(({ name }) => isSame(name, target))?.isFinal === false;
  const variant = /^(?:Dockerfile|Containerfile)[.-](.+)$|^(.+)[.-](?:Dockerfile|Containerfile)$/i.exec(file);
  const words = [folder, variant?.[1] ?? variant?.[2] ?? '', isPart ? target : ''].map(asName);
  const name = words.filter((word) => word !== '').join('-') || 'image';
  return [`${name}:${commit ? `${commit.id}${commit.isDirty ? '-dirty' : ''}` : 'dev'}`];
}

/** A folder named so says nothing about the image. */
function isOnlyForDockerfiles(folder: string): boolean {
  return /^\.?(?:docker|dockerfiles?|containers?|build|ci|deploy|devcontainer)$/i.test(folder);
}

/** What an image's name may hold: lower case, and single separators within. */
function asName(text: string): string {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, (found) => (/^(?:-+|__?|\.)$/.test(found) ? found : '-'))
    .replace(/^[-._]+/, '')
    .slice(0, 60)
    .replace(/[-._]+$/, '');
}

function isSame(name: string, target: string): boolean {
  return name.toLowerCase() === target.toLowerCase();
}

function readerFor({ builder, hasRawProgress }: ContainerTool): ReaderKind {
  if (builder === 'classic' || builder === 'podman') return builder;
  return builder === 'buildx' && hasRawProgress ? 'raw' : 'plain';
}

function whyNot(
  { dockerfile, platforms, secrets, tags }: BuildRequest,
  { builder }: ContainerTool,
): string | undefined {
  // BuildKit sends the name in a header, and says no more than 'internal error'.
  if (/\p{Cc}[^\\/]*$/u.test(dockerfile)) return 'The Dockerfile has a line break or the like in its name: rename it';
  const hasSeveral = platforms.length > 1;
  switch (builder) {
    case 'classic':
      if (secrets.length > 0) return "Docker's old builder cannot mount secrets: install the 'buildx' plugin";
      return hasSeveral ? "Docker's old builder builds for one platform only: install the 'buildx' plugin" : undefined;
    case 'buildkit':
      return hasSeveral ? "Docker without 'buildx' builds for one platform only: install the plugin" : undefined;
    case 'podman':
      // It cuts the option at commas, whatever stands around them.
      if (secrets.some(({ id, from }) => /,/.test(id + (from.kind === 'file' ? from.path : from.name))))
        return 'Podman takes no secret with a comma in its id or path: rename it';
      return hasSeveral && tags.length !== 1
        ? 'Podman builds for several platforms under exactly one tag: choose one'
        : undefined;
    case 'buildx':
    case 'nerdctl':
      return undefined;
  }
}
