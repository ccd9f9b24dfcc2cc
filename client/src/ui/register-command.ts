import { commands, window, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { isUserError } from './user-error.ts';

type Run = (...parameters: readonly unknown[]) => unknown;
export type RegisterCommand = (id: string, run: Run) => void;

/** Registers commands whose errors end here: what is expected with its way out, what is not with the log. */
export function registerCommand(context: ExtensionContext, output: LogOutputChannel): RegisterCommand {
  return (id, run) => {
    const caught = async (...parameters: readonly unknown[]): Promise<unknown> => {
      try {
        return await run(...parameters);
      } catch (error) {
        await reportError(id, error, output);
        return undefined;
      }
    };
    context.subscriptions.push(commands.registerCommand(id, caught));
  };
}

/** What the user is told of an error that ended a command. */
async function reportError(id: string, error: unknown, output: LogOutputChannel): Promise<void> {
  if (isUserError(error)) {
    const { action } = error;
    const answer = await window.showErrorMessage(error.message, ...(action === undefined ? [] : [action.title]));
    if (answer !== undefined) await action?.run();
    return;
  }
  const reason = error instanceof Error ? error.message : String(error);
  output.error(`${id}: ${error instanceof Error ? (error.stack ?? reason) : reason}`);
  const show = 'Show output';
  if ((await window.showErrorMessage(`Shipshape: ${reason}`, show)) === show) output.show();
}
