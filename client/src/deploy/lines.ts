import type { Plan } from './plan.ts';
import type { DeployEvent } from './world.ts';

export interface LinesOptions {
  readonly say: (line: string) => void;
  /** Logs are told as they come, and not only when something fails. */
  readonly verbose: boolean;
  readonly now: () => number;
}

/** How often it is said that something is still waited for: the logs of pipelines are kept, and read. */
const quiet = 30_000;
/** What is kept of a step's log in case that it fails. */
const mostLines = 200;

/** A deployment as lines, for terminals and the logs of pipelines. */
export function createLines(
  plan: Pick<Plan, 'steps'>,
  { say, verbose, now }: LinesOptions,
): (event: DeployEvent) => void {
  const titles = new Map(plan.steps.map(({ id, title }) => [id, title]));
  let log: readonly string[] = [];
  let wait = createWaitLines({ say, now });
  return (event) => {
    switch (event.kind) {
      case 'begin':
        log = [];
        wait = createWaitLines({ say, now });
        say(`${titles.get(event.step) ?? event.step} …`);
        return;
      case 'wait':
        wait(event.message);
        return;
      case 'log': {
        const lines = event.text.split(/\r?\n|\r/).filter((line) => line.trim() !== '');
        if (verbose) lines.forEach((line) => say(`  ${line}`));
        else log = [...log, ...lines].slice(-mostLines);
        return;
      }
      case 'done':
        if (event.already) say('  was done already');
        return;
      case 'failed':
        log.forEach((line) => say(`  ${line}`));
        say(`  failed: ${event.message}`);
    }
  };
}

/** The first thing that is waited for, and then every half minute what it is by now. */
export function createWaitLines({ say, now }: Omit<LinesOptions, 'verbose'>): (message: string) => void {
  let last: number | undefined;
  return (message) => {
    if (last !== undefined && now() - last < quiet) return;
    last = now();
    say(`  ${message}`);
  };
}
