import type { Command } from '../command.ts';
import { withLogin, type LoginFolder } from './login.ts';
import type { ContainerTool } from './tool.ts';

export function tagImage({ program }: ContainerTool, image: string, name: string): Command {
  return { program, args: ['tag', image, name] };
}

/** Only the name that is gone: the image stays as long as it has another. */
export function removeTag({ program }: ContainerTool, name: string): Command {
  return { program, args: ['image', 'rm', '--', name] };
}

/** The digest goes to a file with Podman, which does not say it. */
export function pushImage(tool: ContainerTool, place: LoginFolder, name: string, digestFile: string): Command {
  return withLogin(tool, place, ['push', ...(tool.kind === 'podman' ? ['--digestfile', digestFile] : []), name]);
}
