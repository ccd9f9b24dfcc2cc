import type { BuildEvent, ProgressReader, Step } from '../build.ts';
import { lastWord } from './failure.ts';
import { JsonOrLines, type Piece } from './json.ts';
import { Loose } from './loose.ts';
import { PlainPrinter } from './printer.ts';
import { statusesIn, type Log, type Transfer, type Vertex, type Warning } from './solve-status.ts';
import { placeIn, Steps } from './steps.ts';

/** What one vertex is known to have done so far. */
interface Work {
  /** Milliseconds since 1970, of the newest run: a vertex may be looked up first and run later. */
  readonly started: number;
  /** Seconds of the runs before. */
  readonly before: number;
  readonly seconds: number;
  readonly decoder: InstanceType<typeof TextDecoder>;
}

/** Reads `--progress=rawjson`: the states, transfers, logs and warnings of BuildKit, and what buildx says beside them. */
export function createRawReader(): ProgressReader {
  const streams = { stdout: new JsonOrLines(), stderr: new JsonOrLines() };
  const steps = new Steps();
  const work = new Map<string, Work>();
  const printer = new PlainPrinter();
  const loose = new Loose();
  const errors = new Map<string, string>();

  function* readVertex(vertex: Vertex): Generator<BuildEvent> {
    const { id, name, error } = vertex;
    const known = work.get(id);
    const step: Step = { id, name, ...withPlace(name), state: 'waiting' };
    if (vertex.started === undefined) {
      if (!steps.get(id)) yield* steps.put(step);
      return;
    }
    const isNewRun = known?.started !== vertex.started;
    const before = isNewRun ? (known?.seconds ?? 0) : known.before;
    const lasted = vertex.completed === undefined ? 0 : Math.max(0, vertex.completed - vertex.started) / 1000;
    const decoder = known?.decoder ?? new TextDecoder();
    work.set(id, { started: vertex.started, before, seconds: before + lasted, decoder });
    if (error !== undefined) errors.set(id, error);
    const state = stateOf(vertex);
    const isEnded = state !== 'running';
    yield* steps.put({ ...step, state, ...(isEnded && { seconds: before + lasted }) });
    yield* printer.step(id, name, state, before + lasted, error);
  }

  function* readLog({ vertex, bytes, at }: Log): Generator<BuildEvent> {
    const of = work.get(vertex);
    const text = (of?.decoder ?? new TextDecoder()).decode(bytes, { stream: true });
    yield* steps.wrote(vertex, text);
    const seconds = of === undefined || at === undefined ? 0 : Math.max(0, at - of.started) / 1000;
    yield* printer.wrote(vertex, text, seconds);
  }

  function* readPiece(piece: Piece): Generator<BuildEvent> {
    if (piece.kind === 'text') {
      loose.add(piece.line);
      yield* printer.beside(piece.line);
      return;
    }
    const { vertexes, transfers, logs, warnings } = statusesIn(piece.value);
    for (const vertex of vertexes) yield* readVertex(vertex);
    for (const transfer of transfers) yield* readTransfer(transfer);
    for (const log of logs) yield* readLog(log);
    for (const warning of warnings) yield* readWarning(warning);
  }

  function readTransfer(transfer: Transfer): Iterable<BuildEvent> {
    return printer.transfer(transfer);
  }

  function readWarning({ vertex, text }: Warning): Iterable<BuildEvent> {
    return printer.status(vertex, `WARN: ${text}`);
  }

  return {
    read: (text, stream) => [...streams[stream].add(text)].flatMap((piece) => [...readPiece(piece)]),
    end(code) {
      const rest = [streams.stdout.end(), streams.stderr.end()].flatMap((line) => line ?? []);
      const events = rest.flatMap((line) => [...readPiece({ kind: 'text', line })]);
      events.push(...printer.end(), ...steps.close(code === 0 ? 'done' : 'cancelled'));
      if (code === 0) return events;
      const failed = steps.failed();
      return [...events, steps.failure(lastWord(loose.lines(), failed && errors.get(failed.id)), failed)];
    },
  };
}

function stateOf({ completed, cached, error }: Vertex): Step['state'] {
  if (error !== undefined) return error.endsWith('context canceled') ? 'cancelled' : 'failed';
  if (completed === undefined) return 'running';
  return cached ? 'cached' : 'done';
}

function withPlace(name: string): Pick<Step, 'place'> {
  const place = placeIn(name);
  return place ? { place } : {};
}
