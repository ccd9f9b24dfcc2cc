import type { Memento } from 'vscode';
import type { TargetKind } from '../deploy/choices.ts';

/** What is remembered of a deployment that has ended well: enough to show it, and to go back to it. */
export interface DeploymentRecord {
  readonly target: string;
  readonly kind: TargetKind;
  /** Resource id of the app. */
  readonly app: string;
  readonly slot?: string;
  readonly image: string;
  readonly digest?: string;
  /** Full name of the commit. */
  readonly commit?: string;
  readonly isDirty?: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly by?: string;
  readonly url?: string;
}

const key = 'shipshape.deployments';
const mostPerTarget = 20;

/** The last deployments of each target from this workspace, newest first. */
export class DeploymentRecords {
  readonly #memento: Memento;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  of(target: string): readonly DeploymentRecord[] {
    return this.#all()[target] ?? [];
  }

  async add(record: DeploymentRecord): Promise<void> {
    const records = [record, ...this.of(record.target)].slice(0, mostPerTarget);
    await this.#memento.update(key, { ...this.#all(), [record.target]: records });
  }

  #all(): Readonly<Record<string, readonly DeploymentRecord[]>> {
    return this.#memento.get(key, {});
  }
}
