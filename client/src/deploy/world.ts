import type { Arm } from '../azure/arm.ts';
import type { Plan } from './plan.ts';
import type { ImageWork } from './step.ts';

/** What an execution acts on. */
export interface World {
  readonly arm: Arm;
  readonly images: Images;
  /** The value of a secret of the choices; throws a `UserError` when it cannot be had. */
  readonly secret: (name: string) => Promise<string>;
  readonly clock: Clock;
  readonly journal: Journal;
  /** The folder that the app is in, for the journal: a deployment is resumed where it was begun. */
  readonly folder?: string;
  /** For the app's own address, which is no place for tokens: the status it answers with, `undefined` when it does not. */
  readonly ask: (url: string, signal: AbortSignal) => Promise<number | undefined>;
}

/** Gets images into a registry. `registry/images.ts` has it. */
export interface Images {
  /** Builds and pushes, or builds there; the digest that the registry has under this tag afterwards. */
  readonly deliver: (work: ResolvedImage, events: ImageEvents) => Promise<string>;
  /** Asks whether what was built in the registry may be deployed, each time anew; throws `Cancelled` when not. */
  readonly admit?: (work: ResolvedImage, digest: string, events: ImageEvents) => Promise<void>;
  /** The digest under this tag, `undefined` when there is none. */
  readonly digest: (
    loginServer: string,
    repository: string,
    tag: string,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
}

export type ResolvedImage = Omit<ImageWork, 'do' | 'loginServer' | 'secretArguments'> & {
  readonly loginServer: string;
  /** With their values, which go neither into argv nor into a log. */
  readonly secretArguments?: Readonly<Record<string, string>>;
};

export interface ImageEvents {
  readonly signal: AbortSignal;
  readonly onLog: (text: string) => void;
  /** Short, for a progress line: `Pushing 12 of 48 MB`. */
  readonly onProgress: (message: string) => void;
}

export interface Clock {
  readonly now: () => number;
  /** Milliseconds since some moment, which pass evenly whatever becomes of the system's time; for waits. */
  readonly elapsed: () => number;
  /** Ends early, without an error, when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Remembers how far a deployment has come, wherever the host keeps it; every write is whole or not at all. */
export interface Journal {
  readonly read: () => Promise<JournalRecord | undefined>;
  readonly write: (record: JournalRecord | undefined) => Promise<void>;
}

export interface JournalRecord {
  readonly plan: Plan;
  /** ISO 8601. */
  readonly startedAt: string;
  /** See `World.folder`. */
  readonly folder?: string;
  readonly steps: Readonly<Record<string, StepRecord>>;
  readonly digest?: string;
  /** When all had gone through; until then the deployment can be resumed, or given up and cleaned up. */
  readonly endedAt?: string;
  /** What unfinished deployments of the same target before this one had made, oldest first, for clean-up. */
  readonly earlier?: readonly string[];
}

export interface StepRecord {
  /** `begun`: it may or may not have happened; the step itself knows how to find out. */
  readonly state: 'begun' | 'done' | 'failed';
  readonly at: string;
  /** The id of what this deployment made, for clean-up; with `begun`: of what it was about to make. */
  readonly created?: string;
  /** All was as it should be before this deployment ever came to it. */
  readonly already?: true;
  readonly message?: string;
}

export type DeployEvent =
  | { readonly kind: 'begin'; readonly step: string }
  /** Goes with the step that has begun. */
  | { readonly kind: 'wait'; readonly step: string; readonly message: string }
  | { readonly kind: 'log'; readonly step: string; readonly text: string }
  | { readonly kind: 'done'; readonly step: string; readonly already: boolean }
  | { readonly kind: 'failed'; readonly step: string; readonly message: string };

export type Outcome =
  | { readonly kind: 'deployed'; readonly url?: string; readonly digest?: string; readonly warnings: readonly string[] }
  | { readonly kind: 'failed'; readonly step: string; readonly error: unknown }
  /** Because the user said so; can be resumed. `goesOn`: in the middle of a step, and what Azure has begun of it goes on. */
  | { readonly kind: 'stopped'; readonly next: string; readonly goesOn?: true };
