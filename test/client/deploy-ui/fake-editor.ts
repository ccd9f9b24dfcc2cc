import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { registerHooks } from 'node:module';

/** What is imported from now on gets these parts for `vscode`, each file those that it asks for; a part that is not there is an empty class. */
export function fakeEditor(vscode: Readonly<Record<string, unknown>>): void {
  Object.assign(globalThis, { vscode });
  registerHooks({
    resolve: (name, context, next) => {
      if (name !== 'vscode') return next(name, context);
      const source = readFileSync(new URL(context.parentURL ?? ''), 'utf8');
      const imported = /import (?:type )?\{([^}]*)\} from 'vscode'/.exec(source)?.[1] ?? '';
      const names = imported
        .split(',')
        .map((each) => each.trim())
        .filter((each) => /^\w+$/.test(each));
      const lines = names.map((each) => `export const ${each} = globalThis.vscode.${each} ?? class {};`);
      return { url: `data:text/javascript,${encodeURIComponent(lines.join(''))}`, shortCircuit: true };
    },
  });
}

/** What is open in no editor is as it is on disk. */
export const workspaceOnDisk = {
  textDocuments: [],
  fs: {
    stat: ({ fsPath }: { readonly fsPath: string }) => stat(fsPath),
    readFile: ({ fsPath }: { readonly fsPath: string }) => readFile(fsPath),
  },
};

export interface Offered {
  readonly label: string;
  readonly detail?: string;
}

/** What `createQuickPick` gives: `choose` sees what is offered, and says what the user picks of it. */
export class PickedList {
  selectedItems: readonly Offered[] = [];
  readonly onDidHide = nothing;
  readonly show = nothing;
  readonly dispose = nothing;
  readonly #choose: (items: readonly Offered[]) => readonly Offered[];
  #accept = nothing;

  constructor(choose: (items: readonly Offered[]) => readonly Offered[]) {
    this.#choose = choose;
  }

  onDidAccept(accept: () => object): void {
    this.#accept = accept;
  }

  set items(items: readonly Offered[]) {
    this.selectedItems = this.#choose(items);
    this.#accept();
  }
}

function nothing(): object {
  return {};
}
