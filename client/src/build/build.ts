// What a build is made of, as data. Nothing in here runs anything.

/** Everything the user decided, or the project did for them. Paths are absolute. */
export interface BuildRequest {
  readonly dockerfile: string;
  readonly context: string;
  /** The stage to build; the last one when absent. */
  readonly target?: string;
  readonly platforms: readonly string[];
  readonly arguments: readonly BuildArgument[];
  readonly secrets: readonly BuildSecret[];
  readonly tags: readonly string[];
  readonly pull: boolean;
  readonly useCache: boolean;
}

export interface BuildArgument {
  readonly name: string;
  readonly value: string;
  /** Goes by the environment, as those do whose name says so. */
  readonly isSecret?: boolean;
}

/** Only where a secret is, never the secret. */
export interface BuildSecret {
  readonly id: string;
  readonly from:
    { readonly kind: 'environment'; readonly name: string } | { readonly kind: 'file'; readonly path: string };
}

/** A step as the builder reports it. */
export interface Step {
  /** The same for all reports of one step of one build. */
  readonly id: string;
  /** As the builder words it: `[build 2/4] RUN npm ci`. */
  readonly name: string;
  /** Absent for what is no instruction: loading the context, exporting the image. */
  readonly place?: StepPlace;
  readonly state: StepState;
  /** Only once it has ended. */
  readonly seconds?: number;
}

export type StepState = 'waiting' | 'running' | 'done' | 'cached' | 'failed' | 'cancelled';

export interface StepPlace {
  /** The stage's name, or `stage-N` for one without; absent in a Dockerfile of one nameless stage. */
  readonly stage?: string;
  /** Counted from 1 over the stage's instructions that make a step; FROM is the first. */
  readonly index: number;
  /** How many the stage has; 0 where the builder does not count them. */
  readonly count: number;
  /** The instruction as the builder shows it, shortened and with its lines joined. */
  readonly instruction: string;
  readonly platform?: string;
}

export type BuildEvent =
  | { readonly kind: 'step'; readonly step: Step }
  /** Output of a step, whole lines or parts of them. */
  | { readonly kind: 'output'; readonly step: string; readonly text: string }
  /** What is to be read in the terminal, as the builder's own plain progress would show it. */
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'failure'; readonly failure: BuildFailure };

export interface BuildFailure {
  /** The builder's last word, without its prefixes. */
  readonly message: string;
  readonly step?: Step;
  /** Where the builder itself says it is, counted from 1. */
  readonly lines?: { readonly first: number; readonly last: number };
  /** The last lines that the step wrote. */
  readonly output: readonly string[];
  /** Of the command that failed. */
  readonly exitCode?: number;
}

/** Turns the output of a builder into events; one for each way a builder reports. */
export interface ProgressReader {
  read(text: string, stream: 'stdout' | 'stderr'): readonly BuildEvent[];
  /** After the builder has ended, with its exit code. */
  end(code: number | undefined): readonly BuildEvent[];
}

export type BuildOutcome =
  | { readonly kind: 'built'; readonly image: BuiltImage; readonly steps: readonly Step[]; readonly seconds: number }
  | {
      readonly kind: 'failed';
      readonly failure: BuildFailure;
      readonly steps: readonly Step[];
      readonly seconds: number;
    }
  | { readonly kind: 'cancelled' };

export interface BuiltImage {
  /** `sha256:...`; absent when the builder kept it to itself, as for several platforms. */
  readonly id?: string;
  readonly tags: readonly string[];
}
