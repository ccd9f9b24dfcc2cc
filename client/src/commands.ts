import {
  commands,
  env,
  Range,
  Uri,
  window,
  workspace,
  type CodeAction,
  type ExtensionContext,
  type LogOutputChannel,
} from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { fixAllKind, openRuleCommand, rulePage, turnOffRuleCommand } from '../../server/src/lsp/protocol.ts';
import { turnOffRule } from './turn-off-rule.ts';
import { registerCommand } from './ui/register-command.ts';
import { UserError } from './ui/user-error.ts';

interface Parts {
  readonly client: BaseLanguageClient;
  readonly output: LogOutputChannel;
}

export function registerCommands(context: ExtensionContext, { client, output }: Parts): void {
  const register = registerCommand(context, output);
  register('shipshape.fixAll', fixAll);
  register('shipshape.restart', async () => {
    if (client.isRunning()) await client.stop();
    await client.start();
  });
  register('shipshape.showOutput', () => output.show());
  register(openRuleCommand, async (rule) => {
    await env.openExternal(Uri.parse(rulePage(idOf(rule))));
  });
  register(turnOffRuleCommand, async (rule, uri) => {
    await turnOffRule(idOf(rule), typeof uri === 'string' ? Uri.parse(uri) : undefined);
  });
}

/**
 * Asks for the action and applies it itself: the editor's own `editor.action.codeAction` does nothing when the editor looks for
 * the light bulb at the same moment, as it does whenever the problems of the file have just changed.
 */
async function fixAll(): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (document === undefined) throw new UserError('Open a Dockerfile or a Compose file first');
  const everything = new Range(0, 0, document.lineCount, 0);
  const command = 'vscode.executeCodeActionProvider';
  const [action] = await commands.executeCommand<CodeAction[]>(command, document.uri, everything, fixAllKind, 1);
  if (action?.edit === undefined) void window.showInformationMessage('Nothing in this file is safe to fix without you');
  else await workspace.applyEdit(action.edit);
}

/** Any extension can run our commands, with any arguments. */
function idOf(rule: unknown): string {
  if (typeof rule !== 'string' || !/^[a-z0-9-]+$/.test(rule))
    throw new UserError('This command is run from the light bulb');
  return rule;
}
