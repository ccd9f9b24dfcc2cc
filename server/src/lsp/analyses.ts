import type { TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { readConfigFile } from '../engine/config-file.ts';
import { deployFindings } from '../engine/deploy-config.ts';
import { loadSettings, type LoadedSettings } from '../engine/config.ts';
import type { Document } from '../engine/document.ts';
import type { Finding } from '../engine/finding.ts';
import { readHadolintConfig } from '../engine/hadolint-config.ts';
import { lint } from '../engine/lint.ts';
import { openDocument } from '../engine/open.ts';
import type { ShellParser } from '../syntax/shell/script.ts';
import { linesOf } from '../text/lines.ts';
import type { Addressed } from './convert.ts';
import { recordReads, type ClientFiles, type FileChange, type Reads } from './files.ts';
import { languageOf, type Language } from './language.ts';
import type { EditorSettings } from './settings.ts';

/** All that is known of one version of a document. */
export interface Analysis extends Addressed {
  readonly text: string;
  readonly language: Language;
  readonly findings: readonly Finding[];
  /** Absent for config files, and where the user switched us off. */
  readonly linted?: Linted;
}

export interface Linted {
  readonly document: Document;
  readonly settings: LoadedSettings;
  readonly shell: ShellParser;
}

/** The document was changed or closed while it was looked at: what would be said is of no use to anyone. */
export class Outdated extends Error {}

interface Entry {
  readonly version: number;
  readonly reads: Reads;
  readonly analysis: Promise<Analysis | undefined>;
}

interface Context {
  readonly documents: TextDocuments<TextDocument>;
  readonly files: ClientFiles;
  readonly settings: EditorSettings;
  readonly shell: () => Promise<ShellParser>;
  readonly onRuleError: (rule: string, error: unknown) => void;
}

/** What was found in each open document, kept until it, its settings or a file it depends on changes. */
export class Analyses {
  readonly #context: Context;
  readonly #entries = new Map<string, Entry>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** `undefined` for documents that are not open or not ours. */
  of(uri: string): Promise<Analysis | undefined> {
    const document = this.#context.documents.get(uri);
    if (document === undefined) return Promise.resolve(undefined);
    const known = this.#entries.get(uri);
    if (known?.version === document.version) return known.analysis;
    const reads = recordReads(this.#context.files);
    const analysis = this.#analyse(document, reads);
    const entry = { version: document.version, reads, analysis };
    this.#entries.set(uri, entry);
    // What failed is tried again by whoever asks next; the one who asked now gets the error.
    analysis.catch(() => this.#entries.get(uri) === entry && this.#entries.delete(uri));
    return analysis;
  }

  forget(uri: string): void {
    this.#entries.delete(uri);
  }

  forgetAll(): void {
    this.#entries.clear();
  }

  /** Forgets, and names, the other documents whose findings may depend on this file. */
  forgetDependentsOf(change: FileChange): readonly string[] {
    const dependents = [...this.#entries].filter(([uri, { reads }]) => uri !== change.uri && reads.mayDependOn(change));
    for (const [uri] of dependents) this.#entries.delete(uri);
    return dependents.map(([uri]) => uri);
  }

  async #analyse(source: TextDocument, reads: Reads): Promise<Analysis | undefined> {
    const { uri, version, languageId } = source;
    const language = languageOf(uri, languageId);
    if (language === undefined) return undefined;
    const text = source.getText();
    const base = { uri, version, text, language, lines: linesOf(text) };
    const editor = await this.#context.settings.of(uri);
    if (!editor.isEnabled) return { ...base, findings: [] };
    if (language === 'config') return { ...base, findings: readConfigFile(text).findings };
    if (language === 'deploy') return { ...base, findings: deployFindings(text) };
    if (language === 'hadolint-config') return { ...base, findings: readHadolintConfig(text).findings };
    const [settings, shell] = await Promise.all([loadSettings(reads.files, uri, editor.rules), this.#context.shell()]);
    this.#expectCurrent(uri, version);
    const document = await openDocument({ uri, text, kind: language, files: reads.files, shell });
    this.#expectCurrent(uri, version);
    const findings = lint(document, settings, { onRuleError: this.#context.onRuleError });
    return { ...base, findings, linted: { document, settings, shell } };
  }

  #expectCurrent(uri: string, version: number): void {
    if (this.#context.documents.get(uri)?.version !== version) throw new Outdated(uri);
  }
}
