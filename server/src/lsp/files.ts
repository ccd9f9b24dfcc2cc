import type { Files, FolderEntry } from '../model/project.ts';
import {
  listFolderRequest,
  readFileRequest,
  type ListFolderParams,
  type ListFolderResult,
  type ReadFileParams,
  type ReadFileResult,
} from './protocol.ts';

/** Sends a request of ours to the client. */
export type Ask = (request: string, params: unknown) => Promise<unknown>;

interface Sources {
  /** The text of a document the client keeps in step with us. */
  readonly openText: (uri: string) => string | undefined;
  readonly ask: Ask;
}

/**
 * The files of the workspace, asked of the client, as only it can read remote and virtual ones. What was read is kept until
 * an event says that it changed.
 */
export class ClientFiles implements Files {
  readonly #sources: Sources;
  readonly #texts = new Map<string, Promise<string | undefined>>();
  readonly #folders = new Map<string, Promise<readonly FolderEntry[] | undefined>>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  async read(uri: string): Promise<string | undefined> {
    const open = this.#sources.openText(uri);
    if (open !== undefined) return open;
    return remember(this.#texts, plain(uri), async (forget) => {
      const params: ReadFileParams = { uri };
      const result = (await this.#sources.ask(readFileRequest, params)) as ReadFileResult | null;
      if (result?.isUnsaved === true) forget();
      return typeof result?.text === 'string' ? result.text : undefined;
    });
  }

  async list(uri: string): Promise<readonly FolderEntry[] | undefined> {
    return remember(this.#folders, plain(uri), async () => {
      const params: ListFolderParams = { uri };
      const result = (await this.#sources.ask(listFolderRequest, params)) as ListFolderResult | null;
      return Array.isArray(result?.entries) ? result.entries : undefined;
    });
  }

  /** Something happened to this file. */
  forget(uri: string): void {
    const key = plain(uri);
    this.#texts.delete(key);
    this.#folders.delete(key);
    this.#folders.delete(parentOf(key));
  }

  forgetAll(): void {
    this.#texts.clear();
    this.#folders.clear();
  }
}

/** What was read on behalf of one document, so that a change to any of it is known to matter. */
export interface Reads {
  readonly files: Files;
  mayDependOn(change: FileChange): boolean;
}

export interface FileChange {
  readonly uri: string;
  /** It was created or deleted, so its folder holds something else now. */
  readonly cameOrWent: boolean;
}

export function recordReads(files: Files): Reads {
  const seen = new Set<string>();
  const listed = new Set<string>();
  return {
    files: {
      read(uri) {
        seen.add(plain(uri));
        return files.read(uri);
      },
      list(uri) {
        listed.add(plain(uri));
        return files.list(uri);
      },
    },
    mayDependOn: ({ uri, cameOrWent }) => seen.has(plain(uri)) || (cameOrWent && listed.has(parentOf(plain(uri)))),
  };
}

/** A read that fails is not kept: the client may have been busy starting. */
async function remember<T>(
  cache: Map<string, Promise<T>>,
  key: string,
  read: (forget: () => void) => Promise<T>,
): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const forget = (): void => {
    if (cache.get(key) === reading) cache.delete(key);
  };
  const reading = read(forget);
  cache.set(key, reading);
  reading.catch(forget);
  return reading;
}

/** Clients and servers escape different characters of the same URI. */
function plain(uri: string): string {
  const trimmed = uri.replace(/\/+$/, '');
  try {
    return decodeURIComponent(trimmed);
  } catch {
    return trimmed; // a stray percent sign: nothing was escaped
  }
}

function parentOf(uri: string): string {
  return uri.slice(0, Math.max(uri.lastIndexOf('/'), 0));
}
