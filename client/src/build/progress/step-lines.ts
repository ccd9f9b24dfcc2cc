import type { BuildEvent, ProgressReader, Step, StepPlace } from '../build.ts';
import { lastWord } from './failure.ts';
import { Lines } from './lines.ts';
import { Loose } from './loose.ts';
import { Steps } from './steps.ts';

/** How a builder that does one instruction after the other words its progress. */
export interface StepLines {
  /** A line that starts a step. */
  start(line: string): { readonly id: string; readonly place: StepPlace } | undefined;
  /** The builder's own remarks: `cached` says that the step was, `remark` is no output of the step. */
  remark(line: string): 'cached' | 'remark' | undefined;
  /** The stream where the builder itself speaks of errors. */
  isTrouble(line: string, stream: 'stdout' | 'stderr'): boolean;
}

/** Reads builders that do one instruction after the other and do not tell how long each took: `now` gives milliseconds. */
export function createStepLinesReader(form: StepLines, now: () => number): ProgressReader {
  const streams = { stdout: new Lines(), stderr: new Lines() };
  const steps = new Steps();
  const loose = new Loose();
  let current: { readonly step: Step; readonly started: number; readonly isCached: boolean } | undefined;

  function* finish(state: 'done' | 'failed'): Generator<BuildEvent> {
    if (!current) return;
    const { step, started, isCached } = current;
    const ended = state === 'done' && isCached ? 'cached' : state;
    yield* steps.put({ ...step, state: ended, seconds: isCached ? 0 : (now() - started) / 1000 });
    current = undefined;
  }

  function* readLine(line: string, stream: 'stdout' | 'stderr'): Generator<BuildEvent> {
    yield { kind: 'line', text: line };
    const start = stream === 'stdout' ? form.start(line) : undefined;
    if (start) {
      yield* finish('done');
      const { id, place } = start;
      const step: Step = { id, name: place.instruction, place, state: 'running' };
      current = { step, started: now(), isCached: false };
      yield* steps.put(step);
      return;
    }
    const remark = stream === 'stdout' ? form.remark(line) : undefined;
    if (remark === 'cached' && current) current = { ...current, isCached: true };
    if (form.isTrouble(line, stream)) loose.add(line);
    else if (current && remark === undefined) yield* steps.wrote(current.step.id, `${line}\n`);
  }

  return {
    read: (text, stream) => streams[stream].add(text).flatMap((line) => [...readLine(line, stream)]),
    end(code) {
      const events = (['stdout', 'stderr'] as const).flatMap((stream) =>
        streams[stream].end().flatMap((line) => [...readLine(line, stream)]),
      );
      if (code === 0) return [...events, ...finish('done')];
      const word = lastWord(loose.lines(), undefined);
      const failing = current?.step;
      // A builder that was ended from outside says nothing, and then no instruction is to blame.
      events.push(...(code === undefined ? steps.close('cancelled') : finish('failed')));
      return [...events, steps.failure(word, failing && (steps.get(failing.id) ?? failing))];
    },
  };
}
