import type { Command } from '../tools/command.ts';
import { start, type Keeper, type Started } from './run.ts';

/** What the keeper does when we die. */
export type Will = { readonly kind: 'end'; readonly pid: number } | { readonly kind: 'run'; readonly command: Command };

/** Without a will, the one with that number is no longer needed. */
export interface WillMessage {
  readonly id: number;
  readonly will?: Will;
}

/** A keeper whose process runs only while there is something to keep. `script` is `keeper.ts`, or what it was bundled into. */
export function createKeeper(script: string): Keeper {
  let child: Started | undefined;
  let last = 0;
  const open = new Set<number>();

  const tell = (message: WillMessage): void => {
    child?.stdin?.write(`${JSON.stringify(message)}\n`);
  };
  const add = (will: Will): (() => void) => {
    child ??= startKeeper(script, () => (child = undefined));
    const id = ++last;
    open.add(id);
    tell({ id, will });
    return () => {
      if (!open.delete(id)) return;
      tell({ id });
      if (open.size > 0) return;
      child?.stdin?.end();
      child = undefined;
    };
  };
  return {
    endGroupIfWeDie: (pid) => add({ kind: 'end', pid }),
    runIfWeDie: (command) => add({ kind: 'run', command }),
  };
}

function startKeeper(script: string, onGone: () => void): Started {
  // In the editor our program is Electron, which is Node only when asked to be.
  const environment = { ELECTRON_RUN_AS_NODE: '1' };
  const child = start({ program: process.execPath, args: [script], environment }, true);
  // Without it nothing is lost but the tidying up after a crash.
  child.on('error', onGone);
  child.stdin?.on('error', onGone);
  child.unref();
  (child.stdin as { unref?: () => void } | null)?.unref?.();
  return child;
}
