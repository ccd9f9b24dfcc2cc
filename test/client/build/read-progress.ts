import assert from 'node:assert/strict';
import type { BuildEvent, BuildFailure, Step } from '../../../client/src/build/build.ts';
import type { ReaderKind } from '../../../client/src/build/plan.ts';
import { createReader } from '../../../client/src/build/progress/reader.ts';

export type Stream = 'stdout' | 'stderr';
export type Said = readonly (readonly [stream: Stream, text: string])[];

/** All events of a builder's output; time stands still. */
export function read(kind: ReaderKind, said: Said, code: number | undefined): readonly BuildEvent[] {
  const reader = createReader(kind, () => 0);
  return [...said.flatMap(([stream, text]) => reader.read(text, stream)), ...reader.end(code)];
}

export function stepsIn(events: readonly BuildEvent[]): readonly Step[] {
  return [...new Map(events.flatMap((event) => (event.kind === 'step' ? [[event.step.id, event.step]] : []))).values()];
}

export function linesIn(events: readonly BuildEvent[]): string {
  return events.flatMap((event) => (event.kind === 'line' ? [event.text] : [])).join('\n');
}

export function outputOf(events: readonly BuildEvent[], step: string): string {
  return events.flatMap((event) => (event.kind === 'output' && event.step === step ? [event.text] : [])).join('');
}

export function failureIn(events: readonly BuildEvent[]): BuildFailure {
  const failures = events.flatMap((event) => (event.kind === 'failure' ? [event.failure] : []));
  const [failure] = failures;
  assert.ok(failure && failures.length === 1);
  return failure;
}

export function cut(text: string, longest: number, random: () => number): readonly string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length;) {
    const length = 1 + Math.floor(random() * longest);
    pieces.push(text.slice(start, start + length));
    start += length;
  }
  return pieces;
}

/** Numbers that look random and are the same in each run. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
