import { EventEmitter, type Event, type Memento } from 'vscode';
import { dockerfileOf } from '../dockerfile-model.ts';
import { placeOf } from './place.ts';
import type { Proof } from './promise.ts';
import { reportOf, type ProofReport } from './report.ts';

/** A proof and what it was a proof of. */
export interface ProofRecord {
  readonly proof: Proof;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly source?: ProofSource;
}

export interface ProofSource {
  /** The Dockerfile's, as `Uri.toString()` writes it. */
  readonly uri: string;
  /** The Dockerfile as it was built. */
  readonly text: string;
  readonly target?: string;
  /** The folder that was built. */
  readonly context: string;
}

const key = 'shipshape.proofs';
const most = 20;

/** The last proof of each Dockerfile and target, newest first; they survive a reload. */
export class ProofRecords {
  readonly #memento: Memento;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  get all(): readonly ProofRecord[] {
    return this.#memento.get<readonly ProofRecord[]>(key, []);
  }

  async add(record: ProofRecord): Promise<void> {
    const others = this.all.filter((other) => subjectOf(other) !== subjectOf(record));
    await this.#memento.update(key, [record, ...others].slice(0, most));
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

export function reportOfRecord({ proof, source }: ProofRecord): ProofReport {
  if (source === undefined) return reportOf(proof);
  const dockerfile = dockerfileOf(source.text);
  return reportOf(proof, {
    file: fileName(source.uri),
    text: source.text,
    placeOf: (verdict) => placeOf(verdict, dockerfile, source.target),
  });
}

function subjectOf({ proof, source }: ProofRecord): string {
  return source ? `${source.uri}\n${source.target ?? ''}` : proof.image;
}

function fileName(uri: string): string {
  const last = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
