import { Position, Range, Uri, window, workspace, WorkspaceEdit, type WorkspaceFolder } from 'vscode';
import type { Target } from '../deploy/choices.ts';
import { deployFilePath, readChoices, type Choices } from '../deploy/read-choices.ts';
import { addTarget } from '../deploy/write-choices.ts';

/** What the folder's `.shipshape/deploy.yaml` says, as it is in the editor. */
export async function choicesOf(folder: WorkspaceFolder): Promise<Choices> {
  const file = await findFile(folder);
  return file === undefined ? { targets: [], broken: [] } : readChoices(await textOf(file));
}

/** Writes the target into the file in one step that can be undone, and saves it. */
export async function saveTarget(folder: WorkspaceFolder, target: Target): Promise<void> {
  const file = await findFile(folder);
  if (file === undefined) {
    const fresh = Uri.joinPath(folder.uri, deployFilePath);
    await workspace.fs.writeFile(fresh, new TextEncoder().encode(addTarget('', target)));
    return;
  }
  const document = await workspace.openTextDocument(file);
  const before = document.getText();
  const after = addTarget(before, target);
  const edit = new WorkspaceEdit();
  // Only what is new, so that the rest of the file is not touched.
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const range = new Range(document.positionAt(start), document.positionAt(before.length - end));
  edit.replace(file, range, after.slice(start, after.length - end));
  await workspace.applyEdit(edit);
  await document.save();
}

/** Shows a target where it is written. */
export async function showTarget(folder: WorkspaceFolder, name: string): Promise<void> {
  const file = await findFile(folder);
  if (file === undefined) return;
  const document = await workspace.openTextDocument(file);
  const offset =
    new RegExp(`^\\s+["']?${name.replace(/[^\w-]/g, '.')}["']?:`, 'm').exec(document.getText())?.index ?? 0;
  const at = document.positionAt(offset);
  await window.showTextDocument(document, { selection: new Range(at, new Position(at.line, at.character)) });
}

/** What is being written counts before what is on disk; a document that only lies open may be older than that. */
async function textOf(file: Uri): Promise<string> {
  const unsaved = workspace.textDocuments.find(({ uri, isDirty }) => isDirty && uri.toString() === file.toString());
  return unsaved?.getText() ?? new TextDecoder().decode(await workspace.fs.readFile(file));
}

async function findFile(folder: WorkspaceFolder): Promise<Uri | undefined> {
  for (const name of [deployFilePath, deployFilePath.replace(/yaml$/, 'yml')]) {
    const uri = Uri.joinPath(folder.uri, name);
    try {
      await workspace.fs.stat(uri);
      return uri;
    } catch {
      // not this one
    }
  }
  return undefined;
}
