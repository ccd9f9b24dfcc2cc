import type { BuildEvent, ProgressReader, Step } from '../build.ts';
import { lastWord, withoutPrefixes } from './failure.ts';
import { Lines } from './lines.ts';
import { Loose } from './loose.ts';
import { placeIn, Steps } from './steps.ts';

/** Reads BuildKit's `--progress=plain`: `#5 [2/3] RUN npm ci`, `#5 0.164 added 12 packages`, `#5 DONE 0.3s`. */
export function createPlainReader(): ProgressReader {
  const streams = { stdout: new Lines(), stderr: new Lines() };
  const steps = new Steps();
  const loose = new Loose();
  const errors = new Map<string, string>();

  function* readLine(line: string): Generator<BuildEvent> {
    yield { kind: 'line', text: line };
    const match = /^#(\d+) (.*)$/s.exec(line);
    const [, id, rest] = match ?? [];
    if (id === undefined || rest === undefined) {
      loose.add(line);
      return;
    }
    // The builder itself: which it is.
    if (id === '0') return;
    const step = steps.get(id);
    if (step) yield* readStep(step, rest);
    else yield* steps.put(newStep(id, rest));
  }

  function* readStep(step: Step, rest: string): Generator<BuildEvent> {
    const output = /^\d+\.\d+(?: (.*))?$/s.exec(rest);
    if (output) {
      // Docker 20.10 repeats the last lines of what failed.
      if (step.state === 'failed') return;
      yield* steps.wrote(step.id, `${output[1] ?? ''}\n`);
      return;
    }
    const done = /^DONE (\d+(?:\.\d+)?)s$/.exec(rest)?.[1];
    if (done !== undefined) yield* steps.put({ ...step, state: 'done', seconds: Number(done) });
    else if (rest === 'CACHED') yield* steps.put({ ...step, state: 'cached', seconds: 0 });
    else if (rest === 'CANCELED') yield* steps.put({ ...step, state: 'cancelled' });
    else if (rest.startsWith('ERROR: ')) {
      const error = rest.slice('ERROR: '.length);
      errors.set(step.id, error);
      const isGivenUp = withoutPrefixes(error).endsWith('context canceled');
      yield* steps.put({ ...step, state: isGivenUp ? 'cancelled' : 'failed' });
    } else if (step.state === 'done' && rest === step.name)
      yield* steps.put({ ...withoutTime(step), state: 'running' });
  }

  return {
    read: (text, stream) => streams[stream].add(text).flatMap((line) => [...readLine(line)]),
    end(code) {
      const rest = [...streams.stdout.end(), ...streams.stderr.end()];
      const events = rest.flatMap((line) => [...readLine(line)]);
      events.push(...steps.close(code === 0 ? 'done' : 'cancelled'));
      if (code === 0) return events;
      const failed = steps.failed();
      return [...events, steps.failure(lastWord(loose.lines(), failed && errors.get(failed.id)), failed)];
    },
  };
}

function newStep(id: string, name: string): Step {
  const place = placeIn(name);
  return { id, name, ...(place && { place }), state: 'running' };
}

function withoutTime({ id, name, place }: Step): Omit<Step, 'state'> {
  return { id, name, ...(place && { place }) };
}
