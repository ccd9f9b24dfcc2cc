import type { FolderEntry } from '../../../server/src/model/project.ts';
import type { Run } from '../tools/command.ts';
import type { BuildArgument, BuildSecret } from './build.ts';

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
  /** As written; absent when the build has to give it. */
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
export function gatherFacts(_request: FactsRequest, _signal: AbortSignal): Promise<BuildFacts> {
  return Promise.reject(new Error('Being built'));
}
