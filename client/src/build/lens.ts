import { basename, dirname } from 'node:path';
import {
  CodeLens,
  EventEmitter,
  languages,
  Range,
  Uri,
  workspace,
  type CodeLensProvider,
  type TextDocument,
} from 'vscode';
import type { Parts } from '../programs.ts';
import { dockerfileOf } from '../dockerfile-model.ts';
import { lensStages, targetsInCompose } from './lens-stages.ts';
import type { Remembered } from './remembered.ts';

const actions = [
  { title: 'Build', command: 'shipshape.buildImage' },
  { title: 'Prove', command: 'shipshape.proveImage' },
  { title: 'Scan', command: 'shipshape.scanImage' },
];

/** 'Build | Prove | Scan' over the stages that are built. */
export function registerStageLenses(parts: Parts, remembered: Remembered): void {
  const changed = new EventEmitter<void>();
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: async (document) => {
      if (!workspace.getConfiguration('shipshape.lens', document).get<boolean>('stages', true)) return [];
      const targets = [
        ...(await targetsByCompose(document)),
        ...parts.builds.of(document.uri.toString()).flatMap(({ request }) => request.target ?? []),
        remembered.target(document.uri.toString()) ?? '',
      ];
      return lensStages(dockerfileOf(document.getText()), targets).flatMap(({ offset, target }) => {
        const position = document.positionAt(offset);
        return actions.map(
          ({ title, command }) =>
            new CodeLens(new Range(position, position), {
              title,
              command,
              arguments: [document.uri.toString(), { target }],
            }),
        );
      });
    },
  };
  const refresh = (): void => changed.fire();
  parts.context.subscriptions.push(
    changed,
    languages.registerCodeLensProvider({ language: 'dockerfile', scheme: 'file' }, provider),
    parts.builds.onDidFinish(refresh),
    workspace.onDidSaveTextDocument(({ languageId }) => {
      if (languageId === 'dockercompose') refresh();
    }),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('shipshape.lens.stages')) refresh();
    }),
  );
}

/** From the Compose files beside the Dockerfile and in the folders above it, up to the workspace's. */
async function targetsByCompose({ uri }: TextDocument): Promise<readonly string[]> {
  const top = workspace.getWorkspaceFolder(uri)?.uri.fsPath;
  const targets: string[] = [];
  let folder = dirname(uri.fsPath);
  for (;;) {
    for (const file of await composeFilesIn(folder)) {
      targets.push(
        ...targetsInCompose(await textOf(file), (path) => Uri.joinPath(Uri.file(folder), path).fsPath === uri.fsPath),
      );
    }
    const parent = dirname(folder);
    if (top === undefined || folder === top || parent === folder) return targets;
    folder = parent;
  }
}

async function composeFilesIn(folder: string): Promise<readonly Uri[]> {
  try {
    const entries = await workspace.fs.readDirectory(Uri.file(folder));
    return entries
      .filter(([name]) => /^(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml$/.test(basename(name)))
      .map(([name]) => Uri.joinPath(Uri.file(folder), name));
  } catch {
    return [];
  }
}

async function textOf(file: Uri): Promise<string> {
  try {
    const open = workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
    return open ? open.getText() : new TextDecoder().decode(await workspace.fs.readFile(file));
  } catch {
    return '';
  }
}
