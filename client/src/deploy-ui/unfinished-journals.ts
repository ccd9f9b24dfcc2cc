import { Uri, workspace, type WorkspaceFolder } from 'vscode';
import { fileJournal } from '../deploy/journal.ts';
import type { Journal, JournalRecord } from '../deploy/world.ts';
import type { Deploying } from './deploying.ts';
import { journalFolder } from './unfinished.ts';

export interface Unfinished {
  readonly journal: Journal;
  readonly record: JournalRecord;
  readonly folder: WorkspaceFolder;
}

/** The deployments from here that were begun and have not ended, newest first. */
export async function findUnfinished({ parts }: Deploying): Promise<readonly Unfinished[]> {
  const storage = journalFolder(parts.context.storageUri ?? parts.context.globalStorageUri);
  const [folder] = workspace.workspaceFolders ?? [];
  if (folder === undefined) return [];
  const entries = await workspace.fs.readDirectory(storage).then(
    (all) => all.map(([name]) => name),
    () => [],
  );
  const found: Unfinished[] = [];
  for (const name of entries.filter((each) => each.endsWith('.json'))) {
    const journal = fileJournal(Uri.joinPath(storage, name).fsPath);
    const record = await journal.read();
    if (record !== undefined && record.endedAt === undefined) found.push({ journal, record, folder });
  }
  return found.toSorted((left, right) => right.record.startedAt.localeCompare(left.record.startedAt));
}
