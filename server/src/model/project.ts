/** How the outside world is read: an editor's buffers, a disk, a remote workspace. All paths are URIs. */
export interface Files {
  /** The text of a file, or `undefined` when there is none. */
  read(uri: string): Promise<string | undefined>;
  /** What a folder holds, or `undefined` when there is no such folder. */
  list(uri: string): Promise<readonly FolderEntry[] | undefined>;
}

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/**
 * What is known of the files around a linted one. Paths are relative to its folder, with `/`, as a user would write them.
 * It was read before the rules run, so that rules stay pure; what was not read is `undefined`, as is what does not exist.
 */
export interface Project {
  /** The linted file's own name, without folders; empty when it is not known (standard input). */
  readonly fileName: string;
  text(path: string): string | undefined;
  list(path: string): readonly FolderEntry[] | undefined;
}

export const noProject: Project = { fileName: '', text: () => undefined, list: () => undefined };
