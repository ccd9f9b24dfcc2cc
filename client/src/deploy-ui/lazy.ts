import { commands, EventEmitter, TreeItem, window, workspace, type TreeDataProvider } from 'vscode';
import type { Parts } from '../programs.ts';
import type { AzureUi } from './bundle.ts';
import { azureCommands } from './commands.ts';
import { registerImageCompletion } from './image-completion.ts';
import { findUnfinished, type Unfinished } from '../deploy/unfinished.ts';
import { journalsOf } from './journals.ts';

/**
 * All that the editor has of Azure until a command needs it. `dist/azure.js` holds the rest and is loaded then: starting the
 * extension must not pay for signing in, planning and deploying.
 */
export function registerDeploy(parts: Parts): void {
  const { context, register } = parts;
  let loading: Promise<AzureUi> | undefined;
  let loaded: AzureUi | undefined;
  let wasUsed = false;
  const load = async (): Promise<AzureUi> => {
    // In the bundle of the extension this is `require('./azure.js')`; see scripts/build.ts.
    const { start } = await import('./bundle.ts');
    return (loaded = start(parts, view.changed));
  };
  const azure = (): Promise<AzureUi> => (loading ??= load());
  for (const [id, name] of Object.entries(azureCommands)) {
    register(id, async (...parameters) => {
      wasUsed = true;
      return (await azure()).run(id, name, parameters);
    });
  }
  const view = new LazyTree(azure, (element) => loaded?.item(element));
  const tree = window.createTreeView('shipshape.deployments', { treeDataProvider: view, showCollapseAll: true });
  const completion = registerImageCompletion(() => (wasUsed && workspace.isTrusted ? loaded?.offers : undefined));
  context.subscriptions.push(tree, view, completion, { dispose: () => loaded?.dispose() });
  void showWhereDeployed();
  void findUnfinished(journalsOf(context)).then((all) => all.forEach((one) => void offerToResume(one)));
}

/** The view is there for those who deploy: once the workspace says where to. */
async function showWhereDeployed(): Promise<void> {
  const [file] = await workspace.findFiles('.shipshape/deploy.{yaml,yml}', undefined, 1);
  if (file !== undefined) await commands.executeCommand('setContext', 'shipshape.hasDeployments', true);
}

async function offerToResume({ file, record }: Unfinished): Promise<void> {
  const [resume, cleanUp] = ['Resume', 'Clean up …'];
  const message = `The deployment of '${record.plan.target.name}' was interrupted`;
  const answer = await window.showInformationMessage(message, resume, cleanUp);
  if (answer === resume) await commands.executeCommand('shipshape.resumeDeployment', file);
  if (answer === cleanUp) await commands.executeCommand('shipshape.cleanUpDeployment', file);
}

/** Loads nothing, and asks Azure for nothing, before somebody opens the view. */
class LazyTree implements TreeDataProvider<unknown> {
  readonly changed = new EventEmitter<unknown>();
  readonly onDidChangeTreeData = this.changed.event;
  readonly #azure: () => Promise<AzureUi>;
  readonly #item: (element: unknown) => TreeItem | undefined;

  constructor(azure: () => Promise<AzureUi>, item: (element: unknown) => TreeItem | undefined) {
    this.#azure = azure;
    this.#item = item;
  }

  async getChildren(element?: unknown): Promise<unknown[]> {
    return workspace.isTrusted ? [...(await (await this.#azure()).children(element))] : [];
  }

  getTreeItem(element: unknown): TreeItem {
    return this.#item(element) ?? new TreeItem('');
  }

  dispose(): void {
    this.changed.dispose();
  }
}
