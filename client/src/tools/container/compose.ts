import type { Command, Ended } from '../command.ts';
import type { ContainerTool } from './tool.ts';
import { isAtLeast } from './version.ts';

export const composeActions = ['up', 'watch', 'down', 'restart', 'logs', 'build', 'pull'] as const;
export type ComposeAction = (typeof composeActions)[number];

/** How Compose is started here, and its version. */
export interface ComposeTool {
  readonly program: string;
  /** Before everything else: `compose` where it is a part of the container tool. */
  readonly prefix: readonly string[];
  readonly version: string;
}

/** Which files, and what of them. */
export interface ComposeChoice {
  /** The folder of the Compose file; an absolute path. */
  readonly folder: string;
  /** Absolute paths; empty where Compose finds its files by itself, override files included. */
  readonly files: readonly string[];
  readonly services: readonly string[];
  readonly profiles: readonly string[];
}

/** The candidates in order: as a part of the tool, then the program of old. */
export function composeCandidates(tool: ContainerTool): readonly Omit<ComposeTool, 'version'>[] {
  const part = { program: tool.program, prefix: ['compose'] };
  return tool.kind === 'docker' ? [part, { program: 'docker-compose', prefix: [] }] : [part];
}

export function askComposeVersion({ program, prefix }: Omit<ComposeTool, 'version'>): Command {
  return { program, args: [...prefix, 'version', '--short'] };
}

export function readComposeVersion({ code, stdout }: Ended): string | undefined {
  return code === 0 ? /\d+\.\d+(?:\.\d+)?/.exec(stdout)?.[0] : undefined;
}

export function composeCommand(compose: ComposeTool, action: ComposeAction, choice: ComposeChoice): Command {
  // With names given only these are stopped and removed, and what they need stays.
  return invoke(compose, choice, action === 'down' ? choice.profiles : profilesFor(choice), [
    ...argumentsOf(action, compose),
    // A name may begin with a dash.
    ...(choice.services.length > 0 ? ['--', ...choice.services] : []),
  ]);
}

/** Ends at once what an `up` does not end by itself. */
export function composeKill(compose: ComposeTool, choice: ComposeChoice): Command {
  return invoke(compose, choice, profilesFor(choice), ['kill']);
}

/** The services that would be started: of these profiles, and those of none. `*` is all of them. */
export function askServices(compose: ComposeTool, choice: ComposeChoice, profiles: readonly string[]): Command {
  return invoke(compose, choice, isAtLeast(compose.version, [2]) ? profiles : [], ['config', '--services']);
}

export function askProfiles(compose: ComposeTool, choice: ComposeChoice): Command | undefined {
  return isAtLeast(compose.version, [2]) ? invoke(compose, choice, ['*'], ['config', '--profiles']) : undefined;
}

/** Why this Compose cannot do it. */
export function cannotDo(compose: ComposeTool, action: ComposeAction): string | undefined {
  if (action !== 'watch' || isAtLeast(compose.version, [2, 22])) return undefined;
  return `Compose ${compose.version} cannot watch files: update it to 2.22 or newer`;
}

function invoke(
  compose: ComposeTool,
  { folder, files }: ComposeChoice,
  profiles: readonly string[],
  args: readonly string[],
): Command {
  const isNew = isAtLeast(compose.version, [2]);
  return {
    program: compose.program,
    args: [
      ...compose.prefix,
      ...files.flatMap((file) => ['--file', file]),
      ...profiles.flatMap((profile) => ['--profile', profile]),
      ...(isNew && args[0] !== 'config' ? ['--ansi', 'always'] : []),
      ...args,
    ],
    folder,
  };
}

/** A service of a profile that is named is started without it, but what it depends on may need it. */
function profilesFor({ profiles, services }: ComposeChoice): readonly string[] {
  return services.length > 0 && profiles.length === 0 ? [] : profiles;
}

function argumentsOf(action: ComposeAction, { version }: ComposeTool): readonly string[] {
  switch (action) {
    case 'up':
      return ['up'];
    case 'watch':
      // `up --watch` also shows the logs; before 2.25 there was only the command.
      return isAtLeast(version, [2, 25]) ? ['up', '--watch'] : ['watch'];
    case 'logs':
      return ['logs', '--follow', '--tail', '200'];
    case 'down':
    case 'restart':
    case 'build':
    case 'pull':
      return [action];
  }
}
