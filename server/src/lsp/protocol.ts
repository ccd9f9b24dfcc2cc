/**
 * What client and server say to each other beyond the language server protocol. Both import it, so it imports nothing:
 * the server's requests for what only the client can read, and the names that settings and commands go by.
 */

/** The text of a file: its open buffer where there is one, else what is stored. */
export const readFileRequest = 'shipshape/readFile';

export interface ReadFileParams {
  readonly uri: string;
}

export interface ReadFileResult {
  /** Absent when there is no such file, or none that may be read. */
  readonly text?: string;
  /** The text is that of an unsaved buffer: it may change without a file event. */
  readonly isUnsaved?: boolean;
}

/** What a folder holds. */
export const listFolderRequest = 'shipshape/listFolder';

export interface ListFolderParams {
  readonly uri: string;
}

export interface ListFolderResult {
  /** Absent when there is no such folder, or none that may be read. */
  readonly entries?: readonly { readonly name: string; readonly isFolder: boolean }[];
}

/** The WebAssembly of the shell parser, for a server that cannot read its own folder. */
export const shellParserRequest = 'shipshape/shellParser';

export interface ShellParserResult {
  readonly runtime: Uint8Array;
  readonly grammar: Uint8Array;
}

export interface InitializationOptions {
  /** The client answers the requests above; without it the server knows a document's own text only. */
  readonly files?: boolean;
  /** The client has the commands below; without it the code actions that need them are left out. */
  readonly commands?: boolean;
  /** Another extension completes `.shipshape.yaml`. */
  readonly completesConfig?: boolean;
  /** Settings of a client that cannot be asked for them (`workspace/configuration`). */
  readonly settings?: unknown;
}

/** Opens the page of a rule: `[rule]`. */
export const openRuleCommand = 'shipshape.openRule';

/** Writes `off` for a rule into the settings that apply to a document: `[rule, uri]`. */
export const turnOffRuleCommand = 'shipshape.turnOffRule';

/** What the fixes of a save are called in `editor.codeActionsOnSave`. */
export const fixAllKind = 'source.fixAll.shipshape';

export const settingsSection = 'shipshape';

export function rulePage(rule: string): string {
  return `https://github.com/shipshape/shipshape/blob/main/docs/rules/${rule}.md`;
}
