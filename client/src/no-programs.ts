import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { registerCommand } from './ui/register-command.ts';
import { UserError } from './ui/user-error.ts';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly enablement?: string }[] };
}

/** In a browser the commands that run programs say why they do not, should anything still offer them. */
export function registerNoPrograms(context: ExtensionContext, output: LogOutputChannel): void {
  const { contributes } = context.extension.packageJSON as Manifest;
  const register = registerCommand(context, output);
  for (const { command, enablement } of contributes.commands) {
    if (enablement?.includes('isWorkspaceTrusted') !== true) continue;
    register(command, () => {
      throw new UserError('A browser cannot run programs: open this folder in VS Code on a machine with Docker');
    });
  }
}
