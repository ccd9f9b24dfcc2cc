import type { Memento } from 'vscode';
import type { BuildSecret } from './build.ts';

/** What the user has said about the builds of one Dockerfile and target. Never a secret, only where it is. */
export interface RememberedBuild {
  readonly context?: string;
  readonly platforms?: readonly string[];
  /** By name; empty for those that are to be left alone. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** By id. */
  readonly secrets?: Readonly<Record<string, SecretPlace>>;
  readonly tags?: readonly string[];
  readonly pull?: boolean;
  readonly useCache?: boolean;
}

export type SecretPlace = BuildSecret['from'] | { readonly kind: 'none' };

interface OfFile {
  /** The stage to build when no other is asked for; empty for the last one. */
  readonly target?: string;
  readonly targets?: Readonly<Record<string, RememberedBuild>>;
}

const key = 'shipshape.buildSettings';

/** What was answered once is not asked again, in this workspace. */
export class Remembered {
  readonly #memento: Memento;
  /** Values of ARGs that look like secrets: for as long as the window is open, and nowhere else. */
  readonly #secretArguments = new Map<string, string>();

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  /** The last stage is `''`; `undefined` when nothing was said. */
  target(uri: string): string | undefined {
    return this.#all()[uri]?.target;
  }

  async setTarget(uri: string, target: string): Promise<void> {
    await this.#set(uri, { ...this.#all()[uri], target });
  }

  of(uri: string, target: string): RememberedBuild {
    return this.#all()[uri]?.targets?.[target] ?? {};
  }

  async set(uri: string, target: string, build: RememberedBuild): Promise<void> {
    const ofFile = this.#all()[uri] ?? {};
    await this.#set(uri, { ...ofFile, targets: { ...ofFile.targets, [target]: build } });
  }

  async forget(uri: string): Promise<void> {
    for (const name of this.#secretArguments.keys()) if (name.startsWith(`${uri} `)) this.#secretArguments.delete(name);
    const { [uri]: _, ...others } = this.#all();
    await this.#memento.update(key, others);
  }

  secretArgument(uri: string, name: string): string | undefined {
    return this.#secretArguments.get(`${uri} ${name}`);
  }

  setSecretArgument(uri: string, name: string, value: string | undefined): void {
    if (value === undefined) this.#secretArguments.delete(`${uri} ${name}`);
    else this.#secretArguments.set(`${uri} ${name}`, value);
  }

  #all(): Readonly<Record<string, OfFile>> {
    return this.#memento.get(key, {});
  }

  async #set(uri: string, ofFile: OfFile): Promise<void> {
    await this.#memento.update(key, { ...this.#all(), [uri]: ofFile });
  }
}
