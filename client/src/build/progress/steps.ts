import type { BuildEvent, BuildFailure, Step, StepPlace } from '../build.ts';
import { exitCodeIn, type LastWord } from './failure.ts';

/** How many of the last lines a step wrote are kept for the message about its failure. */
const keptLines = 20;
/** And of each line, which a progress bar may go on writing for hours. */
const keptCharacters = 2000;

/** The steps of one build and what they wrote last, while it goes on. */
export class Steps {
  readonly #steps = new Map<string, Step>();
  readonly #lines = new Map<string, string[]>();

  get(id: string): Step | undefined {
    return this.#steps.get(id);
  }

  /** Only what is new makes an event. */
  put(step: Step): readonly BuildEvent[] {
    const known = this.#steps.get(step.id);
    if (known?.state === step.state && known.seconds === step.seconds && known.name === step.name) return [];
    this.#steps.set(step.id, step);
    return [{ kind: 'step', step }];
  }

  wrote(id: string, text: string): readonly BuildEvent[] {
    if (text === '') return [];
    const lines = [...(this.#lines.get(id) ?? [])];
    const [first = '', ...others] = text.split('\n');
    lines.push((lines.pop() ?? '') + first, ...others);
    // The last one may still be going on.
    this.#lines.set(
      id,
      lines.slice(-keptLines - 2).map((line) => line.slice(-keptCharacters)),
    );
    return [{ kind: 'output', step: id, text }];
  }

  lastLines(id: string): readonly string[] {
    const lines = (this.#lines.get(id) ?? []).map(asRead);
    // What follows the last line may have been nothing but the end of a colour.
    const end = lines.findLastIndex((line) => line !== '') + 1;
    return lines.slice(Math.max(0, end - keptLines), end);
  }

  /** What is still running when the builder has ended never will end. */
  close(state: 'done' | 'cancelled'): readonly BuildEvent[] {
    return [...this.#steps.values()]
      .filter((step) => step.state === 'running')
      .flatMap((step) => this.put({ ...step, state }));
  }

  failure({ message, lines }: LastWord, step: Step | undefined): BuildEvent {
    const exitCode = exitCodeIn(message);
    const failure: BuildFailure = {
      message,
      output: step ? this.lastLines(step.id) : [],
      ...(step && { step }),
      ...(lines && { lines }),
      ...(exitCode !== undefined && { exitCode }),
    };
    return { kind: 'failure', failure };
  }

  /** The first step that failed by itself; those that were given up because of it are `cancelled`. */
  failed(): Step | undefined {
    return [...this.#steps.values()].find(({ state }) => state === 'failed');
  }
}

/** `[linux/amd64 build 2/4] RUN npm ci`, as BuildKit words its steps. */
export function placeIn(name: string): StepPlace | undefined {
  const match = /^\[(?:([^\s/\]]+\/\S+) +)?(?:([^\s/\]]+) +)? *(\d+)\/(\d+)\] ([^]*)$/.exec(name);
  if (!match) return undefined;
  const [, platform, stage, index, count, instruction = ''] = match;
  return {
    ...(stage !== undefined && { stage }),
    index: Number(index),
    count: Number(count),
    instruction,
    ...(platform !== undefined && { platform }),
  };
}

/** The line as it stands on a screen at last: without colours, and without what a progress bar wrote over. */
function asRead(line: string): string {
  const plain = line.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '');
  return plain.split('\r').findLast((part) => part !== '') ?? '';
}
