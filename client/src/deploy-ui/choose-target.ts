import { Uri, window, workspace, type WorkspaceFolder } from 'vscode';
import type { Choices } from '../deploy/read-choices.ts';
import { Cancelled } from '../tools/command.ts';
import { UserError } from '../ui/user-error.ts';
import { pick, separator, type Choice } from './pick.ts';

/** What a view, a notification or another command already knows. */
export interface GivenTarget {
  readonly folder?: WorkspaceFolder;
  readonly target: string;
}

export async function chooseFolder(given: unknown): Promise<WorkspaceFolder> {
  const known = isGivenTarget(given)
    ? given.folder
    : given instanceof Uri
      ? workspace.getWorkspaceFolder(given)
      : undefined;
  const front = window.activeTextEditor && workspace.getWorkspaceFolder(window.activeTextEditor.document.uri);
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const only = folders.length === 1 ? folders[0] : undefined;
  const folder = known ?? only ?? front;
  if (folder !== undefined) return folder;
  if (folders.length === 0) throw new UserError('Open a folder first');
  const question = { title: 'Deploy to Azure', placeholder: 'Which folder?' };
  return await pick(question, () => Promise.resolve(folders.map((value) => ({ label: value.name, value }))));
}

/** The name of a target; the only one is not asked for. */
export async function chooseTarget(
  { targets, broken }: Choices,
  given: unknown,
  { mayAdd }: { readonly mayAdd: boolean },
): Promise<string> {
  if (isGivenTarget(given)) return given.target;
  if (typeof given === 'string' && targets.some(({ name }) => name === given)) return given;
  const [first] = targets;
  if (first !== undefined && targets.length === 1 && broken.length === 0) return first.name;
  if (first === undefined && broken.length === 0) {
    if (mayAdd) return 'new';
    throw new UserError('Nothing is deployed from this folder yet: deploy first');
  }
  const items: Choice<string>[] = [
    ...targets.map((target) => ({
      label: target.name,
      description: kindTitles[target.app.kind],
      detail: `${target.app.name} in ${target.resourceGroup}`,
      value: target.name,
    })),
    ...broken.map(({ name, message }) => ({ label: `$(warning) ${name}`, detail: message, value: name })),
  ];
  const add: Choice<string> = { label: '$(add) A new one …', value: 'new', alwaysShow: true };
  return await pick({ title: 'Azure', placeholder: 'Which target?' }, () =>
    Promise.resolve(mayAdd ? [...items, separator('Or'), add] : items),
  );
}

export const kindTitles = {
  appService: 'App Service',
  containerApp: 'Container App',
  containerInstance: 'Container Instance',
} as const;

export function isGivenTarget(given: unknown): given is GivenTarget {
  return typeof given === 'object' && given !== null && 'target' in given && typeof given.target === 'string';
}

/** Asks before something that cannot be undone; going away is a no. */
export async function confirmOrCancel(message: string, detail: string, action: string): Promise<void> {
  if ((await window.showWarningMessage(message, { modal: true, detail }, action)) !== action) throw new Cancelled();
}
