import type { Dockerfile, Stage } from '../../../../server/src/model/dockerfile.ts';
import type { Instruction } from '../../../../server/src/syntax/dockerfile/tree.ts';
import type { Edit } from '../../../../server/src/text/problem.ts';
import type { Range } from '../../../../server/src/text/range.ts';
import type { BuildFailure, BuildRequest } from '../build.ts';

/** A common reason for builds to fail: how to recognise it, and what to do about it. Silent unless it is sure. */
export interface Cause {
  readonly id: string;
  readonly adviceOn: (failed: Failed) => Advice | undefined;
}

/** A failure with all there is to know about it. */
export interface Failed {
  readonly failure: BuildFailure;
  /** Message and output, a line each, without colours. */
  readonly said: string;
  readonly dockerfile: Dockerfile;
  /** Both absent where the failure is about no single instruction. */
  readonly instruction?: Instruction;
  readonly stage?: Stage;
  readonly around: Surroundings;
}

/** What lies around a build, read before the causes are looked for. */
export interface Surroundings {
  readonly request: BuildRequest;
  /** The file that keeps others out of the context. */
  readonly ignore?: IgnoreFile;
  /** The Dockerfile's own folder, from the root of the context; absent when it lies outside. */
  readonly ownFolder?: string;
  /** What a folder of the context holds, ignored or not; `undefined` when there is none, or it was not looked at. */
  readonly list: (folder: string) => readonly string[] | undefined;
}

export interface IgnoreFile {
  readonly path: string;
  readonly text: string;
}

export interface Advice {
  /** What is wrong, then what to do; under 100 characters. */
  readonly advice: string;
  readonly fixes?: readonly FailureFix[];
  readonly related?: readonly RelatedPlace[];
  /** It lies in no line of the Dockerfile: the daemon, the network, the disk of the machine. */
  readonly isElsewhere?: true;
}

export type FailureFix =
  | { readonly kind: 'edit'; readonly title: string; readonly edits: readonly Edit[] }
  /** A line at the end of another file. */
  | { readonly kind: 'append'; readonly title: string; readonly path: string; readonly line: string }
  /** Builds again, another stage. */
  | { readonly kind: 'build'; readonly title: string; readonly target: string };

export interface RelatedPlace {
  /** Another file than the Dockerfile. */
  readonly path?: string;
  readonly range: Range;
  /** The text that the range is in, where it is another file's. */
  readonly text?: string;
  readonly message: string;
}

export function edit(title: string, start: number, text: string, end = start): FailureFix {
  return { kind: 'edit', title, edits: [{ range: { start, end }, text }] };
}
