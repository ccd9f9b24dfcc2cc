import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Target } from './choices.ts';
import { UserError } from '../ui/user-error.ts';
import { readRecord } from './unfinished.ts';
import type { Journal, JournalRecord } from './world.ts';

/** A journal in a file that only its owner can read. Holds the plan and how far it has come: no secrets, no signed addresses. */
export function fileJournal(file: string): Journal {
  // One write at a time, in order: the last one must win.
  let last: Promise<void> = Promise.resolve();
  const write = async (record: JournalRecord | undefined): Promise<void> => {
    if (record === undefined) {
      await rm(file, { force: true });
      return;
    }
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.${randomUUID()}.tmp`;
    try {
      const handle = await open(temporary, 'wx', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify(record)}\n`);
        // Or a loss of power could leave an empty file under the right name.
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  };
  return {
    read: async () => {
      await last.catch(() => undefined);
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new JournalError(error);
        return '';
      });
      const record = readRecord(text);
      if (record === undefined && text.trim() !== '') throw await putAside(file);
      return record;
    },
    write: (record) => {
      last = last
        .catch(() => undefined)
        .then(() => write(record))
        .catch((error: unknown) => {
          throw new JournalError(error);
        });
      return last;
    },
  };
}

/** Of another version, or damaged: it is kept, as it may tell what was made, and is no longer in the way. */
async function putAside(file: string): Promise<UserError> {
  const aside = `${file}.unreadable-${randomUUID().slice(0, 8)}`;
  await rename(file, aside).catch((error: unknown) => {
    throw new JournalError(error);
  });
  return new UserError(
    `The record of an earlier deployment cannot be read, and is now '${aside}': look there for what it made, then deploy again`,
  );
}

/** What was done cannot be noted, so nothing more may be done: nobody would know what to clean up. */
export class JournalError extends UserError {
  constructor(error: unknown) {
    const { code, message } = error as NodeJS.ErrnoException;
    super(
      code === 'ENOSPC' || code === 'EDQUOT'
        ? 'The disk is full, so how far the deployment comes cannot be noted: make room, then resume'
        : `How far the deployment comes cannot be noted: ${code ?? message}`,
    );
  }
}

/** What to call the journal of a target, as a file or a key: the same for the same place in Azure. */
export function journalName(target: Target): string {
  const place = [target.subscription, target.resourceGroup, target.app.kind, target.app.name, target.name].join('|');
  return createHash('sha256').update(place.toLowerCase()).digest('hex').slice(0, 32);
}
