import { FileType, Uri, window, workspace } from 'vscode';

/** Adds a line to the `.dockerignore` of a folder, which is made when it is not there. */
export async function addToDockerignore(folder: unknown, pattern: unknown): Promise<void> {
  if (typeof folder !== 'string' || typeof pattern !== 'string') return;
  const file = Uri.joinPath(Uri.parse(folder), '.dockerignore');
  const isThere = await workspace.fs.stat(file).then(
    ({ type }) => (type & FileType.File) !== 0,
    () => false,
  );
  if (!isThere) await workspace.fs.writeFile(file, new TextEncoder().encode(`${pattern}\n`));
  const document = await workspace.openTextDocument(file);
  const editor = await window.showTextDocument(document);
  if (!isThere || document.getText().split(/\r?\n/).includes(pattern)) return;
  const end = document.lineAt(document.lineCount - 1).range.end;
  const start = document.getText() === '' || end.character === 0 ? '' : '\n';
  await editor.edit((edit) => edit.insert(end, `${start}${pattern}\n`));
  await document.save();
}
