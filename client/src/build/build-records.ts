import { EventEmitter, type Event, type Memento } from 'vscode';
import type { BuildOutcome, BuildRequest } from './build.ts';

/** What is remembered of a finished build: enough to show, prove and scan its image later. */
export interface BuildRecord {
  readonly request: BuildRequest;
  /** The Dockerfile's, as `Uri.toString()` writes it. */
  readonly uri: string;
  /** The Dockerfile as it was built. */
  readonly text: string;
  readonly image: string;
  readonly id?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly seconds: number;
}

export interface FinishedBuild {
  readonly uri: string;
  readonly request: BuildRequest;
  /** The Dockerfile as it was built. */
  readonly text: string;
  readonly outcome: BuildOutcome;
}

const key = 'shipshape.builds';
const mostPerFile = 5;

/** The last builds of each Dockerfile, newest first; they survive a reload. */
export class BuildRecords {
  readonly #memento: Memento;
  readonly #finished = new EventEmitter<FinishedBuild>();
  /** Every build that has ended, well or not. */
  readonly onDidFinish: Event<FinishedBuild> = this.#finished.event;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  of(uri: string): readonly BuildRecord[] {
    return this.#all()[uri] ?? [];
  }

  async add(build: FinishedBuild): Promise<void> {
    const { uri, request, text, outcome } = build;
    const image = outcome.kind === 'built' ? (outcome.image.tags[0] ?? outcome.image.id) : undefined;
    if (outcome.kind === 'built' && image !== undefined) {
      const { id } = outcome.image;
      const record = {
        request,
        uri,
        text,
        image,
        ...(id !== undefined && { id }),
        at: Date.now(),
        seconds: outcome.seconds,
      };
      await this.#memento.update(key, { ...this.#all(), [uri]: [record, ...this.of(uri)].slice(0, mostPerFile) });
    }
    this.#finished.fire(build);
  }

  dispose(): void {
    this.#finished.dispose();
  }

  #all(): Readonly<Record<string, readonly BuildRecord[]>> {
    return this.#memento.get(key, {});
  }
}
