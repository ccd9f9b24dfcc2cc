import { buildCompose } from '../../../server/src/model/build-compose.ts';
import { noProject } from '../../../server/src/model/project.ts';

/** The names Compose looks for, the preferred one first. */
const defaultNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

export interface ComposeFolder {
  /** The names of the files in it. */
  readonly names: readonly string[];
  /** The text of its `.env`. */
  readonly env?: string;
}

/**
 * What has to be named with `--file` for the user's file to be what Compose reads. Nothing, where it reads the file anyway: then it
 * also reads the override file beside it, which it leaves out as soon as any file is named.
 */
export function filesToName(name: string, text: string, { names, env }: ComposeFolder): readonly string[] {
  const fromEnv = composeFileOf(env ?? '');
  if (fromEnv) return fromEnv.includes(name) ? [] : [name];
  const main = defaultNames.find((candidate) => names.includes(candidate));
  if (main === undefined || name === main) return main === undefined ? [name] : [];
  if (overridesOf(main).includes(name)) return [];
  return standsAlone(text) ? [name] : [main, name];
}

/** Compose reads the first of these that is there after the main file. */
function overridesOf(main: string): readonly string[] {
  const stem = main.replace(/\.ya?ml$/, '');
  return [`${stem}.override.yaml`, `${stem}.override.yml`];
}

/** A file in which a service has neither an image nor a build is read after another one. */
function standsAlone(text: string): boolean {
  const { services } = buildCompose(text, { project: noProject });
  return services.every(({ entries }) => ['image', 'build', 'extends', 'provider'].some((key) => entries.has(key)));
}

function composeFileOf(env: string): readonly string[] | undefined {
  const value = /^\s*(?:export\s+)?COMPOSE_FILE\s*=\s*(.*?)\s*$/m.exec(env)?.[1]?.replace(/^(["'])(.*)\1$/, '$2');
  if (value === undefined || value === '') return undefined;
  return value.split(value.includes(';') ? ';' : ':').map((path) => path.replace(/^\.\//, ''));
}
