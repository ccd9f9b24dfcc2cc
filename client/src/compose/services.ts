import type { Run } from '../tools/command.ts';
import { askProfiles, askServices, type ComposeChoice, type ComposeTool } from '../tools/container/compose.ts';
import { UserError } from '../ui/user-error.ts';

export interface ComposeNames {
  readonly services: readonly string[];
  readonly profiles: readonly string[];
}

/** Asked of Compose itself, which knows what is included, extended and overridden. */
export async function readNames(run: Run, compose: ComposeTool, choice: ComposeChoice): Promise<ComposeNames> {
  const profilesCommand = askProfiles(compose, choice);
  const [services, profiles] = await Promise.all([
    run(askServices(compose, choice)),
    profilesCommand && run(profilesCommand),
  ]);
  if (services.code !== 0) throw new UserError(`Compose cannot read the file: ${reasonOf(services.stderr)}`);
  return { services: linesOf(services.stdout), profiles: profiles?.code === 0 ? linesOf(profiles.stdout) : [] };
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort();
}

/** The last line that says something; Compose logs warnings as `time="..." level=warning msg=...` before it. */
function reasonOf(stderr: string): string {
  const lines = linesInOrder(stderr).filter((line) => !/level=warning/.test(line));
  return lines.at(-1) ?? 'it gave no reason';
}

function linesInOrder(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
