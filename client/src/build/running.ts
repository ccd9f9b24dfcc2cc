import { EventEmitter } from 'vscode';
import type { BuildOutcome, Step } from './build.ts';

export interface RunningBuild {
  /** The same for builds that would be in each other's way: of one Dockerfile and target. */
  readonly key: string;
  /** What is built: the image's name. */
  readonly name: string;
  readonly step: Step | undefined;
  readonly ended: Promise<BuildOutcome>;
  cancel(): void;
  show(): void;
}

/** The builds that go on now. */
export class RunningBuilds {
  readonly #running = new Map<string, RunningBuild>();
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  get all(): readonly RunningBuild[] {
    return [...this.#running.values()];
  }

  of(key: string): RunningBuild | undefined {
    return this.#running.get(key);
  }

  /** Also for one whose step has changed. */
  set(build: RunningBuild): void {
    this.#running.set(build.key, build);
    this.#changed.fire();
  }

  delete(key: string): void {
    this.#running.delete(key);
    this.#changed.fire();
  }

  dispose(): void {
    for (const build of this.all) build.cancel();
    this.#changed.dispose();
  }
}
