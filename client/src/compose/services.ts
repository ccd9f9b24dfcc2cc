import type { Run } from '../tools/command.ts';
import { askProfiles, askServices, type ComposeChoice, type ComposeTool } from '../tools/container/compose.ts';
import { UserError } from '../ui/user-error.ts';

export interface ComposeNames {
  /** All of them, those of profiles included. */
  readonly services: readonly string[];
  /** Those that belong to no profile. */
  readonly usual: readonly string[];
  readonly profiles: readonly string[];
}

/** Asked of Compose itself, which knows what is included, extended and overridden. */
export async function readNames(run: Run, compose: ComposeTool, choice: ComposeChoice): Promise<ComposeNames> {
  const profilesCommand = askProfiles(compose, choice);
  const [services, usual, profiles] = await Promise.all([
    readServices(run, compose, choice, ['*']),
    readServices(run, compose, choice, []),
    profilesCommand && run(profilesCommand),
  ]);
  return { services, usual, profiles: profiles?.code === 0 ? linesOf(profiles.stdout).toSorted() : [] };
}

/** The names to give to Compose: none where it takes these by itself, as with names it leaves out what profiles bring. */
export async function namesFor(
  run: Run,
  compose: ComposeTool,
  choice: ComposeChoice,
  { usual }: ComposeNames,
): Promise<readonly string[]> {
  const { services, profiles } = choice;
  if (services.length === 0 || (services.length === usual.length && usual.every((name) => services.includes(name)))) {
    return [];
  }
  if (profiles.length === 0) return services;
  const brought = await readServices(run, compose, choice, profiles);
  return [...new Set([...services, ...brought.filter((name) => !usual.includes(name))])];
}

async function readServices(
  run: Run,
  compose: ComposeTool,
  choice: ComposeChoice,
  profiles: readonly string[],
): Promise<readonly string[]> {
  const { code, stdout, stderr } = await run(askServices(compose, choice, profiles));
  if (code !== 0) throw new UserError(`Compose cannot read the file: ${reasonOf(stderr)}`);
  return linesOf(stdout).toSorted();
}

/** The last line that says something; Compose logs warnings as `time="..." level=warning msg=...` before it. */
function reasonOf(stderr: string): string {
  const lines = linesOf(stderr).filter((line) => !/level=warning/.test(line));
  return lines.at(-1) ?? 'it gave no reason';
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
