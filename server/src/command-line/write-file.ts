import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** All or nothing: a reader, or a power cut, sees the old file or the new one. Keeps its mode, and links leading to it. */
export function replaceFile(path: string, bytes: Uint8Array): void {
  const target = realpathSync(path);
  const { mode } = statSync(target);
  const draft = join(dirname(target), `.shipshape-${process.pid}.tmp`);
  try {
    writeFileSync(draft, bytes, { flag: 'wx' });
    chmodSync(draft, mode & 0o7777);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Never over a file that is there: somebody may have made it meanwhile. */
export function createFile(path: string, text: string): void {
  writeFileSync(path, text, { flag: 'wx' });
}
