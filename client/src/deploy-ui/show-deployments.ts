import { commands } from 'vscode';

export async function showDeployments(): Promise<void> {
  await commands.executeCommand('setContext', 'shipshape.hasDeployments', true);
  await commands.executeCommand('shipshape.deployments.focus');
}
