import { instructions, notApplicable, type CheckContext, type Judgement } from './check.ts';
import type { ImageFacts } from './facts.ts';
import { runtimePromises } from './plan.ts';
import type { PromiseId } from './promise.ts';
import type { Ending } from './app/app.ts';
import type { Boot } from './runs/production.ts';
import type { PlainRun } from './runs/plain.ts';

// What the judgements of several checks have in common.

/** What is told of an app that does not start by itself: in full by the first promise that is asked, in short by the others. */
export function notStarted(
  context: CheckContext,
  { readiness, log }: PlainRun,
  promise: PromiseId,
): Judgement | undefined {
  if (readiness.kind === 'ready') return undefined;
  const { asked } = context.plan;
  const speaker = asked.find(
    ({ promise: id, whyNot }) => whyNot === undefined && runtimePromises.includes(id),
  )?.promise;
  if (readiness.kind === 'ended' && readiness.ending.exitCode === 0) {
    return notApplicable(
      `Ends by itself with code 0 after ${seconds(readiness.ending.seconds)}: there is nothing to look at`,
    );
  }
  if (promise !== speaker) return notApplicable(`The app does not start by itself (see '${speaker ?? ''}')`);
  if (readiness.kind === 'late') {
    return notApplicable(`Not ready within ${seconds(readiness.seconds)}, even without restrictions`, {
      advice: "Correct the wait command, or give it more time with 'shipshape.prove.startTimeout'",
      details: [...lines(readiness.last), ...lastLines(log)],
      concerns: started,
    });
  }
  const { ending } = readiness;
  return notApplicable(`${endingOf(ending)}, even without restrictions`, {
    advice: adviceFor(ending, log, context.facts),
    details: lastLines(log),
    concerns: started,
  });
}

/** Why an image with nothing to run is not asked. */
export function nothingToRun({ config }: ImageFacts): string | undefined {
  return config.entrypoint.length + config.command.length === 0
    ? 'It has neither CMD nor ENTRYPOINT to run'
    : undefined;
}

export const started = instructions('CMD', 'ENTRYPOINT');

function endingOf({ exitCode, seconds: lived, startError }: Ending): string {
  return startError === undefined
    ? `Exits with ${exitCode} after ${seconds(lived)}`
    : `Cannot be started: ${startError}`;
}

/** How the app failed under some conditions: `Exits with 1 after 0.2 s without capabilities`. */
export function failure(boot: Boot | undefined, conditions: string): string {
  const { readiness, isOnlyTogether = false } = boot ?? {};
  const under = isOnlyTogether ? 'under all conditions at once, though under none alone' : conditions;
  switch (readiness?.kind) {
    case 'ended':
      return `${endingOf(readiness.ending)} ${under}`;
    case 'late':
      return `Not ready after ${seconds(readiness.seconds)} ${under}`;
    case 'ready':
      return `Goes on running ${under}, where it ends otherwise`;
    case undefined:
      return `Does not start ${under}`;
  }
}

/** What is known of why it was not ready, and its last lines. */
export function bootDetails(boot: Boot | undefined): readonly string[] {
  const last = boot?.readiness.kind === 'late' ? lines(boot.readiness.last) : [];
  return [...last, ...lastLines(boot?.log ?? '')];
}

/** `0.4 s` */
export function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

const mostLines = 20;
const longestLine = 300;

/** The end of a log, bounded, without what only a terminal understands. */
export function lastLines(log: string): readonly string[] {
  return lines(log).slice(-mostLines);
}

export function lines(text: string): readonly string[] {
  return withoutControls(text)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line));
}

const escape = String.fromCharCode(27);
const colours = new RegExp(`${escape}\\[[0-9;?]*[A-Za-z]`, 'g');

function withoutControls(text: string): string {
  const plain = text.replace(colours, '').replaceAll('\t', '  ');
  return plain.replace(/\p{Cc}/gu, (control) => (control === '\n' ? control : ''));
}

function adviceFor({ startError }: Ending, log: string, { config }: ImageFacts): string {
  if (/exec format error/i.test(`${log}${startError ?? ''}`)) {
    return `It is built for ${config.architecture}: build it for this machine, or install emulation`;
  }
  if (startError !== undefined) return 'Correct ENTRYPOINT or CMD: the program must be in the image and executable';
  return "Give it the variables that it needs in 'shipshape.prove.environment', or see its last lines";
}
