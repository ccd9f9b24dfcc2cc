import type { Connection } from 'vscode-languageserver';
import { readConfigFile } from '../engine/config-file.ts';
import type { PartialSettings } from '../engine/settings.ts';
import type { ClientFeatures } from './client-features.ts';
import { settingsSection } from './protocol.ts';

/** What the editor's settings say of one document. */
export interface DocumentSettings {
  readonly isEnabled: boolean;
  readonly rules: PartialSettings;
}

/** Settings may differ from folder to folder, so they are asked for each document, and kept until some change. */
export class EditorSettings {
  readonly #connection: Connection;
  readonly #client: ClientFeatures;
  readonly #byDocument = new Map<string, Promise<DocumentSettings>>();
  #pushed: DocumentSettings;

  constructor(connection: Connection, client: ClientFeatures) {
    this.#connection = connection;
    this.#client = client;
    this.#pushed = parseSettings(client.options.settings);
  }

  async of(uri: string): Promise<DocumentSettings> {
    if (!this.#client.configuration) return this.#pushed;
    const known = this.#byDocument.get(uri);
    if (known !== undefined) return known;
    const asking = this.#ask(uri);
    this.#byDocument.set(uri, asking);
    return asking;
  }

  /** `pushed` is what a client sends that cannot be asked. */
  change(pushed: unknown): void {
    this.#byDocument.clear();
    if (!this.#client.configuration) this.#pushed = parseSettings(pushed);
  }

  forget(uri: string): void {
    this.#byDocument.delete(uri);
  }

  async #ask(uri: string): Promise<DocumentSettings> {
    try {
      return parseSettings(
        await this.#connection.workspace.getConfiguration({ scopeUri: uri, section: settingsSection }),
      );
    } catch (error) {
      // Linting with the defaults is better than none; the next document asks again.
      this.#byDocument.delete(uri);
      this.#connection.console.warn(`The settings of ${uri} could not be read: ${String(error)}`);
      return parseSettings(undefined);
    }
  }
}

/** Never fails: what is no setting is as if it were not there. Takes `{ shipshape: { ... } }` as well as what is in it. */
function parseSettings(value: unknown): DocumentSettings {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { isEnabled: true, rules: {} };
  const record = value as Readonly<Record<string, unknown>>;
  const inner = record[settingsSection];
  if (inner !== undefined) return parseSettings(inner);
  const { enable, preset, rules } = record;
  // They mean what they mean in a config file, and JSON is YAML.
  return { isEnabled: enable !== false, rules: readConfigFile(JSON.stringify({ preset, rules })).settings };
}
