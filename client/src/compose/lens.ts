import { CodeLens, extensions, workspace, type CodeLensProvider, type Command, type TextDocument } from 'vscode';
import { Range } from 'vscode';
import { buildCompose } from '../../../server/src/model/build-compose.ts';
import type { Service } from '../../../server/src/model/compose.ts';
import { noProject } from '../../../server/src/model/project.ts';
import type { ComposeAction } from '../tools/container/compose.ts';
import { composeTitles } from './titles.ts';

// These show a 'Run' of their own over services.
const alsoRun = ['ms-azuretools.vscode-containers', 'ms-azuretools.vscode-docker', 'docker.docker'];

/** What can be done with all services, and with each. */
export function composeLenses(): CodeLensProvider {
  return {
    provideCodeLenses(document) {
      const shown = shownActions(document);
      if (shown.size === 0) return [];
      const text = document.getText();
      const { services, top } = buildCompose(text, { project: noProject });
      const all = top.get('services');
      const canWatch = services.some(watches);
      const lenses = services.flatMap((service) =>
        actionsFor(service)
          .filter((action) => shown.has(action))
          .map((action) => lensAt(document, service.nameRange.start, action, [service.name])),
      );
      if (all === undefined || services.length === 0) return lenses;
      const forAll: readonly ComposeAction[] = canWatch ? ['up', 'watch', 'down', 'logs'] : ['up', 'down', 'logs'];
      return [
        ...forAll
          .filter((action) => shown.has(action))
          .map((action) => lensAt(document, all.keyRange.start, action, undefined)),
        ...lenses,
      ];
    },
  };
}

function actionsFor(service: Service): readonly ComposeAction[] {
  const isBuilt = service.entries.has('build');
  return ['up', ...(watches(service) ? (['watch'] as const) : []), 'restart', 'logs', isBuilt ? 'build' : 'pull'];
}

function watches({ entries }: Service): boolean {
  return entries.has('develop');
}

function shownActions(document: TextDocument): ReadonlySet<ComposeAction> {
  const settings = workspace.getConfiguration('shipshape.lens', document);
  const chosen = settings.inspect<readonly ComposeAction[]>('services');
  const isChosen =
    chosen?.workspaceFolderValue !== undefined ||
    chosen?.workspaceValue !== undefined ||
    chosen?.globalValue !== undefined;
  const actions = new Set(settings.get<readonly ComposeAction[]>('services', []));
  // Unless the user asked for both, one 'Up' is enough.
  if (!isChosen && alsoRun.some((id) => extensions.getExtension(id) !== undefined)) actions.delete('up');
  return actions;
}

function lensAt(
  document: TextDocument,
  offset: number,
  action: ComposeAction,
  services: readonly string[] | undefined,
): CodeLens {
  const position = document.positionAt(offset);
  const { id, title, titleForAll } = composeTitles[action];
  const command: Command = {
    command: id,
    title: services === undefined ? titleForAll : title,
    arguments: [document.uri, services === undefined ? { all: true } : { services }],
  };
  return new CodeLens(new Range(position, position), command);
}
