import type { Command } from '../tools/command.ts';
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
export function planBuild(_request: BuildRequest, _tool: ContainerTool): BuildPlan {
  return { kind: 'impossible', reason: 'Being built' };
}

/** What to build when nothing but the facts is known; arguments without a value and secrets without a source are left out. */
export function requestFrom(facts: BuildFacts, context: BuildContext | undefined = facts.contexts[0]): BuildRequest {
  const { service } = context ?? {};
  const target = service?.target;
  return {
    dockerfile: facts.dockerfile,
    context: context?.folder ?? '',
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

/** `<folder>:<short sha>`, with `-dirty` where the tree is; `<folder>:dev` without Git. */
export function defaultTags(_facts: BuildFacts, _options: TagOptions = {}): readonly string[] {
  return [];
}
