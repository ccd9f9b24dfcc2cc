import type { Command } from '../command.ts';
import { withLogin, type LoginFolder } from './login.ts';
import type { ContainerTool } from './tool.ts';

/** The digest goes to a file with Podman, which does not say it. */
export function pushImage(tool: ContainerTool, place: LoginFolder, name: string, digestFile: string): Command {
  return withLogin(tool, place, ['push', ...(tool.kind === 'podman' ? ['--digestfile', digestFile] : []), name]);
}
