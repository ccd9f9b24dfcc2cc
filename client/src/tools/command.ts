/** A program and its arguments, as data: nothing here is ever read by a shell. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Where it runs; our own folder when absent. */
  readonly folder?: string;
  /** Over the variables we have ourselves. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it reads from standard input, which ends after it: the way for secrets. */
  readonly input?: string;
}

export interface RunOptions {
  /** Ends the program and all that it started; the run then rejects with `Cancelled`. */
  readonly signal?: AbortSignal;
  readonly onOutput?: (text: string, stream: OutputStream) => void;
  /** Raw bytes of standard output, which are then neither decoded nor collected. No more come until a promise given back is settled. */
  readonly onBytes?: (bytes: Uint8Array) => void | Promise<void>;
  /** How many characters of each stream to keep, counted from the end; 1,000,000 unless told. */
  readonly keep?: number;
  /** Set for what must not go on when the editor dies: it is then ended from outside. */
  readonly long?: boolean;
  /** Milliseconds it may take to end by itself once cancelled; 5,000 unless told. */
  readonly grace?: number;
  /** Ends it at once, after `signal` has asked it to. */
  readonly force?: AbortSignal;
}

export type OutputStream = 'stdout' | 'stderr';

export interface Ended {
  /** The exit code; `undefined` when a signal ended it. */
  readonly code: number | undefined;
  readonly signal?: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Rejects with `Cancelled` or `NotStarted` only: a program that fails has still ended. */
export type Run = (command: Command, options?: RunOptions) => Promise<Ended>;

export class Cancelled extends Error {
  override readonly name: string = 'Cancelled';

  constructor() {
    super('Cancelled');
  }

  /** Each of our bundles has its own copy of the class, and errors pass from one to the other. */
  static override [Symbol.hasInstance](error: unknown): error is Cancelled {
    return error instanceof Error && error.name === 'Cancelled';
  }
}

/** The program could not even be started. */
export class NotStarted extends Error {
  override readonly name: string = 'NotStarted';
  readonly program: string;
  readonly isMissing: boolean;

  constructor(program: string, reason: string, isMissing: boolean) {
    super(isMissing ? `'${program}' was not found` : `'${program}' could not be started: ${reason}`);
    this.program = program;
    this.isMissing = isMissing;
  }

  /** As with `Cancelled`. */
  static override [Symbol.hasInstance](error: unknown): error is NotStarted {
    return error instanceof Error && error.name === 'NotStarted';
  }
}
