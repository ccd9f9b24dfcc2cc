import { entriesOf, textOf } from '../syntax/yaml/entries.ts';
import type { Compose, Service } from './compose.ts';
import { isLiteral } from './compose-interpolation.ts';
import type { Project } from './project.ts';

/** The files that Compose reads on its own, the preferred one first. */
const defaultFileNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'] as const;

/**
 * True for a file that is meant to be read after another one: by its name (`compose.override.yaml`), or because it is called
 * `compose.<variant>.yaml` beside a main file.
 */
export function isOverrideFile(project: Project): boolean {
  const name = project.fileName.toLowerCase();
  if (/[.-]override\.ya?ml$/.test(name)) return true;
  if (defaultFileNames.some((main) => main === name)) return false;
  if (!/^(?:docker-)?compose[.-].+\.ya?ml$/.test(name)) return false;
  return (
    project.list('.')?.some((sibling) => !sibling.isFolder && defaultFileNames.some((main) => main === sibling.name)) ??
    false
  );
}

/**
 * The files that rules want to know of, relative to the Compose file's folder: what a service is built from, for its HEALTHCHECK, and example values.
 * Whoever reads the project reads these too; what cannot be read is no harm. Later `include`, `extends` and `env_file` belong here.
 */
export function neededFiles(compose: Compose): readonly string[] {
  const siblings = new Set(compose.project.list('.')?.map(({ name }) => name));
  const examples = exampleFiles.filter((name) => siblings.has(name));
  return [...new Set([...examples, ...compose.services.flatMap((service) => dockerfileOf(service) ?? [])])];
}

/** Where projects show which variables there are, with values that are no secret. */
export const exampleFiles = ['.env.example', '.env.sample', '.env.dist', '.env.template'] as const;

/** The Dockerfile that a service is built from, as a path relative to the Compose file; `undefined` when it is not a plain local one. */
export function dockerfileOf({ entries }: Service): string | undefined {
  const build = entries.get('build')?.value;
  if (!build) return undefined;
  const details = entriesOf(build);
  if (details.has('dockerfile_inline')) return undefined;
  const context = build.kind === 'scalar' ? textOf(build) : (textOf(details.get('context')?.value) ?? '.');
  const dockerfile = textOf(details.get('dockerfile')?.value) ?? 'Dockerfile';
  if (context === undefined || !isLiteral(context) || !isLiteral(dockerfile)) return undefined;
  // Absolute paths, Git and URL contexts, and homes are not below the folder that was read.
  if (/^(?:[/~]|[a-z]+:|git@|[A-Z]:)/i.test(context) || dockerfile.startsWith('/')) return undefined;
  return normalise(`${context}/${dockerfile}`);
}

/** Without `.` and inner `..`; leading `..` stay. */
function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
