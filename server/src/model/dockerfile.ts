import type { Script } from '../syntax/shell/script.ts';
import type { DockerfileTree, Instruction, Word } from '../syntax/dockerfile/tree.ts';
import type { Range } from '../text/range.ts';
import type { ImageReference } from './image-reference.ts';
import type { Project } from './project.ts';

/** What the builder would make of a Dockerfile. */
export interface Dockerfile {
  readonly text: string;
  readonly tree: DockerfileTree;
  readonly project: Project;
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  /** The stage whose image is the result: the last one. */
  readonly finalStage: Stage | undefined;
  /** ARGs before the first FROM. */
  readonly globalArguments: readonly Variable[];
  /** The stage with this name (case does not matter) or index among those before `before`. */
  findStage(reference: string, before?: Stage): Stage | undefined;
  /** The stages that must be built for this one, itself included: its bases and what it copies or mounts from. */
  stagesNeededBy(target: Stage): ReadonlySet<Stage>;
  /** How a container of the stage's image would start, as far as this file says. */
  runtimeOf(stage: Stage): Runtime;
  /** The stage an instruction belongs to. */
  stageOf(instruction: Instruction): Stage | undefined;
  /**
   * What a RUN, CMD, ENTRYPOINT or HEALTHCHECK executes: shell form, exec form and heredocs alike. Empty where the shell in force is not
   * a POSIX one. `mentions`, when given, spares the parse: without one of these words in its text the result is empty.
   */
  script(instruction: Instruction, mentions?: readonly string[]): Script;
  /** The shell that the instruction's shell form is run by. */
  shellOf(instruction: Instruction): ShellInForce;
  /** The text with the variables known at this instruction replaced as the builder does; `undefined` when one is not known. */
  expand(text: string, at: Instruction): string | undefined;
}

export interface Stage {
  readonly index: number;
  readonly from: Instruction;
  /** After `AS`, as written. */
  readonly name?: Word;
  /** What follows FROM, with variables replaced by the ARG defaults where these are known. */
  readonly image: ImageReference;
  /** False when the reference holds a variable without a known value: then `image` has it as written. */
  readonly isResolved: boolean;
  /** The earlier stage it is based on. */
  readonly parent?: Stage;
  /** FROM and all that follows it, up to the next FROM. */
  readonly instructions: readonly Instruction[];
  readonly range: Range;
  /** The final stage, or one that it is based on, step by step. */
  readonly isAncestorOfFinal: boolean;
  /** The final image needs it: as base, by COPY --from or by a mount. */
  readonly reachesFinal: boolean;
  /** This stage and those it is based on, nearest first. */
  readonly lineage: readonly Stage[];
  /** The last instruction with the keyword here or in the stages it is based on. */
  effective(keyword: string): Instruction | undefined;
}

/** What the instructions of a stage, and of the stages it is based on, add up to. */
export interface Runtime {
  /** The last USER, variables replaced; `undefined` where the base image decides or a variable is not known. */
  readonly user?: string;
  /** The folder all WORKDIRs lead to; absent when it starts from what the base image has, or is not known. */
  readonly workdir?: string;
  /** The last ENV of each name. */
  readonly environment: ReadonlyMap<string, Variable>;
  readonly ports: readonly ExposedPort[];
}

export interface ExposedPort {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly range: Range;
}

export interface Variable {
  readonly name: string;
  readonly nameRange: Range;
  /** As written, with its quotes; absent for `ARG NAME`. */
  readonly value?: string;
  readonly valueRange?: Range;
  /** The whole `NAME=value`. */
  readonly range: Range;
  readonly instruction: Instruction;
}

export interface ShellInForce {
  readonly words: readonly string[];
  /** `undefined` when it is the image's own default. */
  readonly instruction?: Instruction;
  readonly kind: 'posix' | 'powershell' | 'cmd' | 'other';
}
