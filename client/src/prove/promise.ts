// What an image promises, and what came of it. As data; nothing in here runs anything.

export const promiseIds = [
  'non-root',
  'read-only',
  'no-privileges',
  'limits',
  'port',
  'healthy',
  'unhealthy-when-stopped',
  'stops',
  'no-zombies',
  'no-secrets',
  'no-git',
  'no-package-cache',
  'size',
] as const;
export type PromiseId = (typeof promiseIds)[number];

export interface Verdict {
  readonly promise: PromiseId;
  readonly outcome: 'kept' | 'broken' | 'not-applicable';
  /** What was seen, in one line: 'Runs as root (uid 0)'. */
  readonly message: string;
  /** What to do, when broken. */
  readonly advice?: string;
  /** More to read: the last lines of the log, the paths found. */
  readonly details?: readonly string[];
  /** What it concerns, most telling first; the first of these that the Dockerfile's final stage has is marked, else its FROM. */
  readonly concerns: readonly Concern[];
  readonly seconds: number;
}

/** An instruction of the final stage by its keyword, or the one that brought a path into the image. */
export type Concern =
  | { readonly kind: 'instruction'; readonly keyword: string }
  /** As the image's history tells it: `COPY . .`, `RUN /bin/sh -c ...`. */
  | { readonly kind: 'layer'; readonly createdBy: string };

export interface ProveSettings {
  readonly checks: readonly PromiseId[];
  readonly environment: Readonly<Record<string, string>>;
  /** Run in the container until it exits with 0: the app is ready then. Otherwise a listening port or a moment of quiet says so. */
  readonly waitCommand: readonly string[];
  /** Seconds the app may take to get ready. */
  readonly startTimeout: number;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
  /** Megabytes of 1,000,000 bytes. */
  readonly sizeTarget: number;
  readonly memory: string;
  readonly cpus: string;
  /** Folders that may be written to in the read-only check. */
  readonly writable: readonly string[];
}

export const usualProveSettings: ProveSettings = {
  checks: promiseIds,
  environment: {},
  waitCommand: [],
  startTimeout: 30,
  stopTimeout: 10,
  sizeTarget: 250,
  memory: '512m',
  cpus: '1',
  writable: ['/tmp'],
};

export interface Proof {
  readonly image: string;
  /** `sha256:...` of the image that was proved, whatever the name says later. */
  readonly imageId: string;
  readonly verdicts: readonly Verdict[];
  readonly seconds: number;
}
