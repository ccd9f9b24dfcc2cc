import type { Uri } from 'vscode';
import { isSecretName } from '../../../server/src/model/secret-name.ts';
import type { Parts } from '../programs.ts';
import { NotStarted } from '../tools/command.ts';
import { askImageSize, readImageSize } from '../tools/container/images.ts';
import { UserError } from '../ui/user-error.ts';
import type { BuildEvent, BuildOutcome, BuildRequest, Step } from './build.ts';
import { describeBuild } from './describe.ts';
import { executeBuild } from './execute.ts';
import { adviceFor } from './failure/surroundings.ts';
import { buildLog } from './log.ts';
import type { RunnablePlan } from './plan.ts';
import type { RunningBuilds } from './running.ts';
import { runningStep } from './step-text.ts';
import type { BuildTerminal } from './terminal.ts';

/** A build about which nothing is left to be asked. */
export interface PreparedBuild {
  readonly key: string;
  /** The Dockerfile's. */
  readonly uri: Uri;
  readonly text: string;
  readonly plan: RunnablePlan;
}

export interface Watch {
  readonly terminal: BuildTerminal;
  readonly show: () => void;
  readonly onStep?: (step: Step) => void;
  /** Cancels, as the terminal does too. */
  readonly onCancel?: (cancel: () => void) => void;
}

export interface EndedBuild {
  readonly outcome: BuildOutcome;
  /** Bytes, where it is known. */
  readonly size: number | undefined;
}

/** Runs the build in front of the user and tells everybody who wants to know when it has ended. */
export async function runBuild(
  parts: Parts,
  running: RunningBuilds,
  prepared: PreparedBuild,
  watch: Watch,
): Promise<EndedBuild> {
  const { key, plan, uri, text } = prepared;
  const { terminal, show, onStep, onCancel } = watch;
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  const log = buildLog();
  const steps = new Map<string, Step>();
  const name = plan.request.tags[0] ?? 'the image';

  terminal.begin(cancel);
  onCancel?.(cancel);
  const { title, commandLine } = describeBuild(plan);
  terminal.write(log.start(title, commandLine));
  const onEvent = (event: BuildEvent): void => {
    terminal.write(log.add(event));
    if (event.kind !== 'step') return;
    steps.set(event.step.id, event.step);
    const step = runningStep(steps.values());
    if (!step || step === running.of(key)?.step) return;
    running.set({ key, name, step, ended, cancel, show });
    onStep?.(step);
  };
  // Started later, as a step needs to know what it is a part of.
  const ended = Promise.resolve().then(() =>
    executeBuild(plan, { run: parts.run, signal: controller.signal, onEvent }),
  );
  running.set({ key, name, step: undefined, ended, cancel, show });

  try {
    const outcome = await ended;
    const size = await sizeOf(parts, plan, outcome);
    const request = withoutSecrets(plan.request);
    const why = outcome.kind === 'failed' ? adviceFor(outcome.failure, text, request) : undefined;
    const reason = why && { headline: why.message.split('\n')[0], advice: why.advice };
    terminal.write(log.end(outcome, { dockerfile: request.dockerfile, text, size, ...reason }));
    await parts.builds.add({ uri: uri.toString(), request, text, outcome });
    return { outcome, size };
  } catch (error) {
    terminal.write(`${error instanceof Error ? error.message : String(error)}\r\n`);
    if (error instanceof NotStarted) throw new UserError(error.message);
    throw error;
  } finally {
    terminal.end();
    running.delete(key);
  }
}

/** Builds are remembered on disk, where what looks like a secret does not belong. */
function withoutSecrets(request: BuildRequest): BuildRequest {
  return { ...request, arguments: request.arguments.filter(({ name }) => !isSecretName(name)) };
}

async function sizeOf(parts: Parts, { tool }: RunnablePlan, outcome: BuildOutcome): Promise<number | undefined> {
  if (outcome.kind !== 'built') return undefined;
  const image = outcome.image.id ?? outcome.image.tags[0];
  if (image === undefined) return undefined;
  const answer = await parts.run(askImageSize(tool, image)).catch(() => undefined);
  return answer?.code === 0 ? readImageSize(answer.stdout) : undefined;
}
