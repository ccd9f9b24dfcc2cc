import { basename, dirname } from 'node:path';
import { Uri, window, workspace, type TextDocument } from 'vscode';
import { buildCompose } from '../../../server/src/model/build-compose.ts';
import { dockerfileOf } from '../../../server/src/model/compose-files.ts';
import type { Service } from '../../../server/src/model/compose.ts';
import { noProject } from '../../../server/src/model/project.ts';
import { entriesOf } from '../../../server/src/syntax/yaml/entries.ts';
import { UserError } from '../ui/user-error.ts';

export type FileToBuild =
  | { readonly kind: 'dockerfile'; readonly uri: Uri; readonly service?: string }
  /** Left to Compose; without a service, all of them. */
  | { readonly kind: 'compose'; readonly uri: Uri; readonly service?: string };

const isDockerfileName = /^(?:Dockerfile|Containerfile)(?:\..+)?$|\.(?:dockerfile|containerfile)$/i;
const dockerfiles =
  '**/{Dockerfile,Containerfile,dockerfile,Dockerfile.*,Containerfile.*,*.dockerfile,*.containerfile}';
const mostFiles = 200;

/** The given file, else that of the active editor, else one of the workspace's. Any extension can run our commands. */
export async function fileToBuild(given: unknown): Promise<FileToBuild | undefined> {
  const uri = given instanceof Uri ? given : typeof given === 'string' ? Uri.parse(given) : activeFile();
  if (!uri) return await anyDockerfile();
  if (uri.scheme !== 'file') throw new UserError('Save the file to disk first: it is built from there');
  const document = await workspace.openTextDocument(uri);
  if (isCompose(document)) return await askService(document);
  return { kind: 'dockerfile', uri };
}

/** All Dockerfiles of the workspace, for a list to pick from. */
export async function findDockerfiles(): Promise<readonly Uri[]> {
  const found = await workspace.findFiles(dockerfiles, '**/{node_modules,.git}/**', mostFiles);
  const real = found.filter(({ path }) => isDockerfileName.test(basename(path)) && !path.endsWith('.dockerignore'));
  return real.sort((a, b) => a.path.split('/').length - b.path.split('/').length || a.path.localeCompare(b.path));
}

function activeFile(): Uri | undefined {
  const document = window.activeTextEditor?.document;
  return document && (document.languageId === 'dockerfile' || isCompose(document)) ? document.uri : undefined;
}

function isCompose({ languageId, uri }: TextDocument): boolean {
  return languageId === 'dockercompose' || /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/.test(uri.path);
}

async function anyDockerfile(): Promise<FileToBuild | undefined> {
  const found = await findDockerfiles();
  const [first] = found;
  if (!first) throw new UserError('There is no Dockerfile in this workspace yet');
  if (found.length === 1) return { kind: 'dockerfile', uri: first };
  const items = found.map((uri) => ({ label: workspace.asRelativePath(uri), uri }));
  const chosen = await window.showQuickPick(items, { title: 'Build image', placeHolder: 'Dockerfile to build' });
  return chosen && { kind: 'dockerfile', uri: chosen.uri };
}

/** What of a service's build we can tell the builder ourselves. */
const plainKeys = new Set(['context', 'dockerfile', 'target', 'args', 'platforms', 'secrets']);

/** A service with a plain build is built like any Dockerfile, with what Compose says of it; the others by Compose itself. */
async function askService(document: TextDocument): Promise<FileToBuild | undefined> {
  const { uri } = document;
  const built = buildCompose(document.getText(), { project: noProject }).services.filter(({ entries }) =>
    entries.has('build'),
  );
  const [first] = built;
  if (!first) throw new UserError('No service of this Compose file is built: each one uses an image');
  if (built.length === 1) return await serviceToBuild(uri, first);
  const chosen = await window.showQuickPick(
    [
      { label: '$(layers) All services', service: undefined },
      ...built.map((service) => ({ label: service.name, description: dockerfileOf(service) ?? '', service })),
    ],
    { title: 'Build image', placeHolder: 'Service to build' },
  );
  if (!chosen) return undefined;
  return chosen.service ? await serviceToBuild(uri, chosen.service) : { kind: 'compose', uri };
}

async function serviceToBuild(uri: Uri, service: Service): Promise<FileToBuild> {
  const build = service.entries.get('build')?.value;
  const isPlain = build !== undefined && [...entriesOf(build).keys()].every((key) => plainKeys.has(key));
  const path = isPlain ? dockerfileOf(service) : undefined;
  const dockerfile = path === undefined ? undefined : Uri.joinPath(Uri.file(dirname(uri.fsPath)), path);
  const isThere = dockerfile !== undefined && (await exists(dockerfile));
  return isThere
    ? { kind: 'dockerfile', uri: dockerfile, service: service.name }
    : { kind: 'compose', uri, service: service.name };
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
