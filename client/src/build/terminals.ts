import { commands, ThemeIcon, window, type Terminal } from 'vscode';
import { BuildTerminal } from './terminal.ts';

export interface ShownTerminal {
  readonly pty: BuildTerminal;
  readonly show: () => void;
}

/** A terminal for each Dockerfile and target, used again by its next build. */
export class BuildTerminals {
  readonly #terminals = new Map<string, { readonly pty: BuildTerminal; readonly terminal: Terminal }>();

  for(key: string, name: string): ShownTerminal {
    const known = this.#terminals.get(key);
    const usable = known && !known.pty.isClosed && !known.pty.isBusy ? known : this.#create(key, name);
    return { pty: usable.pty, show: () => usable.terminal.show(true) };
  }

  /** The newest terminal of a Dockerfile; a task's terminal is VS Code's own, so its panel has to do. */
  async showLast(uri: string): Promise<void> {
    const known = [...this.#terminals].findLast(([key, { pty }]) => key.startsWith(`${uri}#`) && !pty.isClosed);
    if (known) known[1].terminal.show(true);
    else await commands.executeCommand('workbench.action.terminal.focus');
  }

  #create(key: string, name: string): { readonly pty: BuildTerminal; readonly terminal: Terminal } {
    const pty = new BuildTerminal();
    const terminal = window.createTerminal({ name, pty, iconPath: new ThemeIcon('package'), isTransient: true });
    const created = { pty, terminal };
    this.#terminals.set(key, created);
    return created;
  }
}
