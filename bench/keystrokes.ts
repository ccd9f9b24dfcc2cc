import { join } from 'node:path';
import { dockerfileOf } from './corpus.ts';
import { percentile } from './measure.ts';
import { EditorLine } from './editor-line.ts';

export interface Latency {
  readonly lines: number;
  readonly p50: number;
  readonly p95: number;
}

const warmUp = 60;
const measured = 300;

/** From a typed character to the diagnostics it leads to, by way of the bundled server's standard input and output. */
export async function measureKeystrokes(server: string, lines: number): Promise<Latency> {
  const line = await EditorLine.start(server);
  const uri = `file://${join('/bench', `${lines}`, 'Dockerfile')}`;
  let text = dockerfileOf(lines);
  await line.open(uri, text);
  await line.diagnostics(uri);
  const places = placesToType(text);
  const taken: number[] = [];
  for (let i = 0; i < warmUp + measured; i++) {
    const at = places[(i * 7919) % places.length] ?? 0;
    // Typed and taken back, so that the file stays what it is; both count, as people do both.
    for (const [character, replaced] of [
      [String.fromCharCode(97 + (i % 26)), 0],
      ['', 1],
    ] as const) {
      const before = text.slice(0, at);
      const started = performance.now();
      void line.change(uri, before, replaced, character);
      await line.diagnostics(uri);
      if (i >= warmUp) taken.push(performance.now() - started);
      text = before + character + text.slice(at + replaced);
    }
  }
  await line.end();
  return { lines, p50: percentile(taken, 0.5), p95: percentile(taken, 0.95) };
}

/** Ends of words, spread over the file. */
function placesToType(text: string): readonly number[] {
  return [...text.matchAll(/\w(?=\s)/g)].map(({ index }) => index + 1);
}
