import { commands, env, Uri, window, type ExtensionContext, type LogOutputChannel } from 'vscode';
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
  register('shipshape.fixAll', async () => {
    if (window.activeTextEditor === undefined) throw new UserError('Open a Dockerfile or a Compose file first');
    await commands.executeCommand('editor.action.codeAction', { kind: fixAllKind, apply: 'first' });
  });
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

/** Any extension can run our commands, with any arguments. */
function idOf(rule: unknown): string {
  if (typeof rule !== 'string' || !/^[a-z0-9-]+$/.test(rule))
    throw new UserError('This command is run from the light bulb');
  return rule;
}
