import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../ui/user-error.ts';
import type { JournalRecord } from './world.ts';

/** A deployment that was begun and has not ended. */
export interface Unfinished {
  /** Its journal. */
  readonly file: string;
  readonly record: JournalRecord;
}

/** Of the journals in a folder, newest first. Runs at every start of the editor, and so imports nothing of Azure. */
export async function findUnfinished(folder: string): Promise<readonly Unfinished[]> {
  // No folder: never deployed.
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  const read = async (name: string): Promise<readonly Unfinished[]> => {
    const file = join(folder, name);
    const record = readRecord(await readFile(file, 'utf8').catch(() => ''));
    return record === undefined || record.endedAt !== undefined ? [] : [{ file, record }];
  };
  const found = (await Promise.all(names.map(read))).flat();
  return found.toSorted((left, right) => right.record.startedAt.localeCompare(left.record.startedAt));
}

/** The one of these folders that a deployment was begun in: another has another app. */
export function beginning<Folder extends { readonly uri: { readonly fsPath: string } }>(
  { record }: Unfinished,
  folders: readonly Folder[],
): Folder {
  const found = folders.find(({ uri }) => uri.fsPath === record.folder);
  if (found !== undefined) return found;
  const { plan, folder = '' } = record;
  throw new UserError(`'${plan.target.name}' is deployed from a folder that is not open: open '${folder}'`);
}

/** `undefined` for anything that is not a record of this version. */
export function readRecord(text: string): JournalRecord | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(found) || !isObject(found['plan']) || !isObject(found['steps'])) return undefined;
  const { version, id, steps, target } = found['plan'];
  if (version !== 1 || typeof id !== 'string' || !Array.isArray(steps) || !isObject(target)) return undefined;
  return typeof found['startedAt'] === 'string' ? (found as unknown as JournalRecord) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
