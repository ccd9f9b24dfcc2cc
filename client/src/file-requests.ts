import { FileType, workspace, type Uri } from 'vscode';
import type { ListFolderResult, ReadFileResult } from '../../server/src/lsp/protocol.ts';
import { mayRead } from './may-read.ts';

// No configuration or manifest is anywhere near this large; what is would only cost memory.
const largestFile = 2_000_000;

/** The text of a file in one of these folders. */
export async function readFile(uri: Uri, folders: readonly Uri[]): Promise<ReadFileResult> {
  if (!mayRead(uri, folders)) return {};
  const unsaved = workspace.textDocuments.find(
    (document) => document.isDirty && document.uri.toString() === uri.toString(),
  );
  if (unsaved !== undefined) return { text: unsaved.getText(), isUnsaved: true };
  try {
    const { type, size } = await workspace.fs.stat(uri);
    if ((type & FileType.File) === 0 || size > largestFile) return {};
    return { text: new TextDecoder().decode(await workspace.fs.readFile(uri)) };
  } catch {
    return {}; // not there, or not for us: to the linter that is the same
  }
}

/** What one of these folders, or a folder in it, holds. */
export async function listFolder(uri: Uri, folders: readonly Uri[]): Promise<ListFolderResult> {
  if (!mayRead(uri, folders)) return {};
  try {
    const entries = await workspace.fs.readDirectory(uri);
    return { entries: entries.map(([name, type]) => ({ name, isFolder: (type & FileType.Directory) !== 0 })) };
  } catch {
    return {}; // as above
  }
}
