import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../client/src/ui/user-error.ts';
import { explainSystemError } from './find-files.ts';

/** Beside us when bundled, else among the sources. */
export function keeperScript(program: string): string {
  const bundled = join(program, 'keeper.mjs');
  return existsSync(bundled) ? bundled : join(program, '../../client/src/process/keeper.ts');
}

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** The first signal ends what is under way and tidies up; with a second one the keeper is left to do that. */
export function listenForSignals(): { signal: AbortSignal; code: () => number; stop: () => void } {
  const controller = new AbortController();
  let code = 130;
  const listeners = Object.entries(signals).map(([name, number]) => {
    const listener = (): void => {
      code = 128 + number;
      if (controller.signal.aborted) process.exit(code);
      controller.abort();
    };
    process.on(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    code: () => code,
    stop: () => listeners.forEach(({ name, listener }) => process.off(name, listener)),
  };
}

export function writeOutput(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** Found out before anything is done that could then not be told; leaves the file as it is. */
export function assertWritable(file: string): void {
  const isThere = existsSync(file);
  try {
    closeSync(openSync(file, 'a'));
    if (!isThere) rmSync(file);
  } catch (error) {
    throw unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown): UserError {
  return new UserError(`'${file}' cannot be written: ${explainSystemError(error)}`);
}
