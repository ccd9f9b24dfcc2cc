import type { Command } from '../command.ts';
import type { ContainerTool } from './tool.ts';

/** A private folder that holds a login in the place of the user's own. */
export interface LoginFolder {
  readonly folder: string;
  /** Podman keeps logins in a file of their own. */
  readonly authFile: string;
}

/** Lets a tool into a registry; the password goes by standard input, and what comes of it into our folder. */
export function logInTo(
  tool: ContainerTool,
  place: LoginFolder,
  { server, user, password }: { readonly server: string; readonly user: string; readonly password: string },
): Command {
  return {
    ...withLogin(tool, place, ['login', '--username', user, '--password-stdin', server]),
    input: password,
  };
}

/** The same command, with the login of our folder. */
export function withLogin(tool: ContainerTool, { folder, authFile }: LoginFolder, args: readonly string[]): Command {
  const [verb = '', ...rest] = args;
  const isPodman = tool.kind === 'podman';
  return {
    program: tool.program,
    args: isPodman ? [verb, '--authfile', authFile, ...rest] : args,
    environment: {
      // Podman reads it as well, and so what is only called `docker` does the same.
      REGISTRY_AUTH_FILE: authFile,
      ...(!isPodman && { DOCKER_CONFIG: folder }),
      DOCKER_CLI_HINTS: 'false',
    },
  };
}
