import { ConfigurationTarget, window, workspace, type Uri } from 'vscode';
import { settingsSection } from '../../server/src/lsp/protocol.ts';
import { withRuleOff, type RuleSettings } from './rule-settings.ts';

/** Writes it where the user already keeps such settings for this file, else into those of the workspace. */
export async function turnOffRule(rule: string, uri: Uri | undefined): Promise<void> {
  const configuration = workspace.getConfiguration(settingsSection, uri ?? null);
  const current = configuration.inspect<RuleSettings>('rules');
  const [target, rules, place] =
    current?.workspaceFolderValue !== undefined
      ? ([ConfigurationTarget.WorkspaceFolder, current.workspaceFolderValue, "the folder's settings"] as const)
      : workspace.workspaceFolders !== undefined
        ? ([ConfigurationTarget.Workspace, current?.workspaceValue, "the workspace's settings"] as const)
        : ([ConfigurationTarget.Global, current?.globalValue, 'your settings'] as const);
  await configuration.update('rules', withRuleOff(rules, rule), target);
  const undo = 'Undo';
  const answer = await window.showInformationMessage(`'${rule}' is now off in ${place}`, undo);
  if (answer === undo) await configuration.update('rules', rules, target);
}
