import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cancelled, type Ended, type Run } from '../tools/command.ts';
import { imageIdIn, withIdFile } from '../tools/container/build.ts';
import type { BuildEvent, BuildFailure, BuildOutcome, Step } from './build.ts';
import type { RunnablePlan } from './plan.ts';
import { createReader } from './progress/reader.ts';

export interface ExecuteOptions {
  readonly run: Run;
  /** Cancels: the outcome is then `cancelled`, and nothing of the build is left running. */
  readonly signal?: AbortSignal;
  /** A `line` event is one line for the terminal, without its end. */
  readonly onEvent?: (event: BuildEvent) => void;
}

/** What is kept of the output for finding the image's id in it. */
const keptCharacters = 10_000;

/** Runs the build to its end; rejects with `NotStarted` only. */
export async function executeBuild(plan: RunnablePlan, options: ExecuteOptions): Promise<BuildOutcome> {
  const folder = await privateFolder();
  try {
    return await execute(plan, options, folder && join(folder, 'image-id'));
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function execute(
  { command, reader: kind, request }: RunnablePlan,
  { run, signal, onEvent }: ExecuteOptions,
  idFile: string | undefined,
): Promise<BuildOutcome> {
  const reader = createReader(kind, () => performance.now());
  const steps = new Map<string, Step>();
  let failure: BuildFailure | undefined;
  const tell = (events: readonly BuildEvent[]): void => {
    for (const event of events) {
      if (event.kind === 'step') steps.set(event.step.id, event.step);
      if (event.kind === 'failure') failure = event.failure;
      onEvent?.(event);
    }
  };

  const started = performance.now();
  let ended: Ended;
  try {
    ended = await run(idFile === undefined ? command : withIdFile(command, idFile), {
      long: true,
      keep: keptCharacters,
      ...(signal && { signal }),
      onOutput: (text, stream) => tell(reader.read(text, stream)),
    });
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    // What was not finished was given up, which is no failure.
    tell(reader.end(undefined).filter(({ kind: what }) => what !== 'failure'));
    return { kind: 'cancelled' };
  }
  tell(reader.end(ended.code));
  const about = { steps: [...steps.values()], seconds: (performance.now() - started) / 1000 };
  if (ended.code !== 0) return { kind: 'failed', failure: failure ?? silent, ...about };
  const id = (await idIn(idFile)) ?? imageIdIn(ended.stdout);
  return { kind: 'built', image: { ...(id !== undefined && { id }), tags: request.tags }, ...about };
}

const silent: BuildFailure = { message: 'The builder gave no reason', output: [] };

/** Only we can look into it. Without one, on a full disk maybe, the builder's own words come first. */
async function privateFolder(): Promise<string | undefined> {
  try {
    return await mkdtemp(join(tmpdir(), 'shipshape-build-'));
  } catch {
    return undefined;
  }
}

async function idIn(file: string | undefined): Promise<string | undefined> {
  try {
    const id = file === undefined ? '' : (await readFile(file, 'utf8')).trim();
    const digits = /^(?:sha256:)?([0-9a-f]{64})$/.exec(id)?.[1];
    return digits === undefined ? undefined : `sha256:${digits}`;
  } catch {
    return undefined;
  }
}
