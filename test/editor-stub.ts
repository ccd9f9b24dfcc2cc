import Module, { createRequire } from 'node:module';
import { join } from 'node:path';

/** How Node finds what is required. */
interface Loader {
  _load: (request: string, parent: unknown, isMain: boolean) => unknown;
}

/**
 * From now on `require('vscode')` gives something that has everything, can be called, and does nothing; `editor` has what is not so.
 * Gives what is required after this, as it is required.
 */
function stubEditor(editor: Readonly<Record<string, unknown>>): readonly string[] {
  const loader = Module as unknown as Loader;
  const load = loader._load;
  const required: string[] = [];
  const stub = anything(editor);
  loader._load = (request, parent, isMain) => {
    required.push(request);
    return request === 'vscode' ? stub : load(request, parent, isMain);
  };
  return required;
}

/** The extension as it ships, activated in this process by an editor that does nothing. Commands are run by their id. */
export async function activateExtension(
  dist: string,
  editor: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly required: readonly string[]; readonly run: (id: string) => Promise<unknown> }> {
  const commands = new Map<string, (...parameters: readonly unknown[]) => unknown>();
  const required = stubEditor({
    version: '1.110.0',
    Uri: Place,
    commands: anything({
      registerCommand: (id: string, action: () => unknown) => {
        commands.set(id, action);
        return { dispose: () => undefined };
      },
    }),
    workspace: anything({
      isTrusted: true,
      getConfiguration: () => ({ get: (_: string, usual: unknown) => usual }),
      findFiles: () => Promise.resolve([]),
    }),
    window: anything({
      withProgress: (_: unknown, task: (...given: readonly unknown[]) => unknown) => task(anything(), anything()),
    }),
    ...editor,
  });
  const extension = createRequire(import.meta.url)(join(dist, 'extension.js')) as {
    readonly activate: (context: unknown) => Promise<void>;
  };
  const [extensionUri, storageUri] = [new Place(join(dist, '..')), new Place(join(dist, 'nothing'))];
  const uris = { extensionUri, storageUri, globalStorageUri: storageUri, extensionPath: extensionUri.fsPath };
  await extension.activate(anything({ ...uris, globalState: memory(), workspaceState: memory() }));
  return { required, run: async (id) => await commands.get(id)?.() };
}

function memory(): object {
  return { get: (_: string, usual: unknown) => usual, update: () => Promise.resolve() };
}

/** `vscode.Uri`, of files. */
class Place {
  readonly fsPath: string;
  readonly scheme = 'file';

  constructor(path: string) {
    this.fsPath = path;
  }

  static file(path: string): Place {
    return new Place(path);
  }

  static joinPath(place: Place, ...parts: readonly string[]): Place {
    return new Place(join(place.fsPath, ...parts));
  }

  toString(): string {
    return `file://${this.fsPath}`;
  }
}

/** A value that has every member, and gives another such value when it is called or made. */
function anything(known: Readonly<Record<string, unknown>> = {}): unknown {
  const members = new Map<string | symbol, unknown>(Object.entries(known));
  const target = function stub(): void {};
  return new Proxy(target, {
    get: (_, name) => {
      // What is waited for must be no promise itself.
      if (name === 'then') return undefined;
      if (name === Symbol.iterator) return () => [][Symbol.iterator]();
      if (name === Symbol.toPrimitive) return () => '';
      if (name === 'prototype') return target.prototype as unknown;
      const value = members.get(name) ?? anything();
      members.set(name, value);
      return value;
    },
    set: (_, name, value) => {
      members.set(name, value);
      return true;
    },
    apply: () => anything(),
    construct: (_, __, maker: { readonly prototype: object }) => {
      const made = anything() as object;
      Object.setPrototypeOf(made, maker.prototype);
      return made;
    },
  });
}
