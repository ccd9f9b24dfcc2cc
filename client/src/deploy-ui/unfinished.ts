import { Uri, workspace } from 'vscode';

/** Where the journals of this workspace's deployments are: a file for each target. */
export function journalFolder(storage: Uri): Uri {
  return Uri.joinPath(storage, 'deployments');
}

/** The targets whose deployment was begun and has not ended. Reads no more of a journal than that, as it runs at every start. */
export async function unfinishedDeployments(storage: Uri): Promise<readonly string[]> {
  const folder = journalFolder(storage);
  try {
    const names = (await workspace.fs.readDirectory(folder))
      .map(([name]) => name)
      .filter((name) => name.endsWith('.json'));
    const targets = await Promise.all(names.map((name) => unfinishedTarget(Uri.joinPath(folder, name))));
    return targets.filter((target) => target !== undefined);
  } catch {
    return []; // no folder: never deployed
  }
}

async function unfinishedTarget(file: Uri): Promise<string | undefined> {
  try {
    const text = new TextDecoder().decode(await workspace.fs.readFile(file));
    const record = JSON.parse(text) as { endedAt?: string; plan?: { target?: { name?: string } } };
    return record.endedAt === undefined ? record.plan?.target?.name : undefined;
  } catch {
    return undefined; // being written, or not ours
  }
}
