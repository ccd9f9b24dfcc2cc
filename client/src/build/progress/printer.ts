import type { BuildEvent, Step } from '../build.ts';
import type { Transfer } from './solve-status.ts';

/** Of a long transfer, a line is printed this often (milliseconds). */
const betweenTransfers = 2000;

/** Writes lines that read like BuildKit's own plain progress. */
export class PlainPrinter {
  readonly #numbers = new Map<string, { readonly number: number; readonly name: string }>();
  readonly #rests = new Map<string, { readonly text: string; readonly seconds: number }>();
  readonly #transfers = new Map<string, number>();
  readonly #ended = new Set<string>();
  #current: string | undefined;
  #hasLines = false;

  *step(id: string, name: string, state: Step['state'], seconds: number, error?: string): Generator<BuildEvent> {
    if (state === 'waiting') return;
    if (state === 'running') {
      yield* this.#turnTo(id, name);
      return;
    }
    yield* this.#flush(id);
    // It may be looked up several times and be done each time: once is enough, unless it has worked since.
    if (state === 'done' && this.#ended.has(id) && this.#current !== id) return;
    if (state === 'done' && this.#ended.has(id) && seconds < 0.05) return;
    this.#ended.add(id);
    yield* this.status(id, ending(state, seconds, error), name);
  }

  *wrote(id: string, text: string, seconds: number): Generator<BuildEvent> {
    const parts = text.split('\n');
    const known = this.#rests.get(id);
    parts[0] = (known?.text ?? '') + (parts[0] ?? '');
    const rest = parts.pop() ?? '';
    for (const part of parts) yield* this.status(id, `${seconds.toFixed(3)} ${part}`);
    if (rest === '') this.#rests.delete(id);
    else this.#rests.set(id, { text: rest, seconds });
  }

  *transfer({ id, vertex, current, total, started, completed, at = 0 }: Transfer): Generator<BuildEvent> {
    const key = `${vertex} ${id}`;
    const last = this.#transfers.get(key) ?? started ?? at;
    if (completed === undefined && at - last < betweenTransfers) return;
    this.#transfers.set(key, at);
    const seconds = started === undefined ? 0 : ((completed ?? at) - started) / 1000;
    const size = total > 0 ? ` ${bytes(current)} / ${bytes(total)}` : current > 0 ? ` ${bytes(current)}` : '';
    const time = seconds >= 0.05 ? ` ${seconds.toFixed(1)}s` : '';
    yield* this.status(vertex, `${id}${size}${time}${completed === undefined ? '' : ' done'}`);
  }

  *status(id: string, text: string, name?: string): Generator<BuildEvent> {
    yield* this.#turnTo(id, name);
    yield this.#line(`#${this.#numbers.get(id)?.number ?? 0} ${text}`);
  }

  /** What belongs to no step. */
  *beside(text: string): Generator<BuildEvent> {
    if (this.#current !== undefined && text !== '') yield this.#line('');
    this.#current = undefined;
    yield this.#line(text);
  }

  /** The last lines that have no end. */
  *end(): Generator<BuildEvent> {
    for (const id of [...this.#rests.keys()]) yield* this.#flush(id);
  }

  *#flush(id: string): Generator<BuildEvent> {
    const rest = this.#rests.get(id);
    this.#rests.delete(id);
    if (rest) yield* this.status(id, `${rest.seconds.toFixed(3)} ${rest.text}`);
  }

  /** The step's heading, when the line before was about another one. */
  *#turnTo(id: string, name: string | undefined): Generator<BuildEvent> {
    if (this.#current === id) return;
    const known = this.#numbers.get(id) ?? { number: this.#numbers.size + 1, name: name ?? '' };
    this.#numbers.set(id, known);
    this.#current = id;
    if (this.#hasLines) yield this.#line('');
    yield this.#line(`#${known.number} ${known.name}`);
  }

  #line(text: string): BuildEvent {
    this.#hasLines = true;
    return { kind: 'line', text };
  }
}

function ending(state: Step['state'], seconds: number, error: string | undefined): string {
  if (state === 'cached') return 'CACHED';
  if (state === 'cancelled') return 'CANCELED';
  if (state === 'failed') return `ERROR: ${error ?? ''}`;
  return `DONE ${seconds.toFixed(1)}s`;
}

function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = count;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(size < 10 ? 2 : 1)}${units[unit] ?? ''}`;
}
