import type { Memento } from 'vscode';

const key = 'shipshape.azure.last';
type Remembered = 'account' | 'tenant' | 'subscription' | 'location' | 'resourceGroup' | 'registry' | 'kind';

/** What was chosen last time, on whichever workspace, so that it is offered first the next time. */
export class RememberedChoices {
  readonly #memento: Memento;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  get(name: Remembered): string | undefined {
    return this.#memento.get<Partial<Record<Remembered, string>>>(key, {})[name];
  }

  async set(name: Remembered, value: string): Promise<void> {
    await this.#memento.update(key, { ...this.#memento.get<object>(key, {}), [name]: value });
  }
}
