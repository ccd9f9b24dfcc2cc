import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

export const root = new URL('../../', import.meta.url);

export interface Emitter {
  /** Writes a file, formatted as its neighbours are, unless it already is what it should be. */
  emit(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** What was not as it should be and, as this is only a check, still is not. */
  readonly stale: readonly string[];
}

export function emitterFor(isCheck: boolean): Emitter {
  const stale: string[] = [];
  return {
    stale,
    async emit(path, text) {
      const url = new URL(path, root);
      const old = await readFile(url, 'utf8').catch(() => undefined);
      const formatted = await format(text, { ...(await resolveConfig(url)), filepath: path });
      if (old === formatted) return;
      if (isCheck) {
        stale.push(path);
        return;
      }
      await mkdir(new URL('.', url), { recursive: true });
      await writeFile(url, formatted);
    },
    async remove(path) {
      if (isCheck) stale.push(path);
      else await rm(new URL(path, root));
    },
  };
}
