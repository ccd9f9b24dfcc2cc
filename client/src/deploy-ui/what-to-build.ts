import { basename, isAbsolute, relative, sep } from 'node:path';
import { Uri, window, workspace, type WorkspaceFolder } from 'vscode';
import { askContext } from '../build/ask.ts';
import { chooseContext } from '../build/choose.ts';
import { findDockerfiles } from '../build/file-to-build.ts';
import { factsOf } from '../build/prepare.ts';
import type { Parts } from '../programs.ts';
import { Cancelled } from '../tools/command.ts';
import { UserError } from '../ui/user-error.ts';
import { pick } from './pick.ts';

/** From the workspace's folder on. */
export interface ToBuild {
  readonly dockerfile: string;
  readonly context: string;
}

/**
 * The Dockerfile that was pointed at, or is in front, or is the only one, else the one that is chosen; with the folder that Compose says,
 * else one that has what is copied. What Compose builds may be a stage for development, so the last one is meant.
 */
export async function whatToBuild(
  parts: Parts,
  folder: WorkspaceFolder,
  given: unknown,
  title: string,
): Promise<ToBuild> {
  const uri = known(given) ?? (await anyIn(folder, title));
  const dockerfile = inside(folder, uri.fsPath);
  if (dockerfile === undefined)
    throw new UserError(`'${basename(uri.fsPath)}' is not in '${folder.name}': open its folder`);
  const from = chooseContext(await factsOf(parts, uri), '', {}, undefined);
  const chosen = from.kind === 'known' ? from.value.folder : await askContext(uri.fsPath, from.candidates);
  if (chosen === undefined) throw new Cancelled();
  const context = inside(folder, chosen);
  if (context === undefined)
    throw new UserError(`'${dockerfile}' is built from outside of '${folder.name}': open '${chosen}'`);
  return { dockerfile, context: context === '' ? '.' : context };
}

function known(given: unknown): Uri | undefined {
  if (given instanceof Uri && /dockerfile|containerfile/i.test(basename(given.path))) return given;
  const front = window.activeTextEditor?.document;
  return front?.languageId === 'dockerfile' && front.uri.scheme === 'file' ? front.uri : undefined;
}

async function anyIn(folder: WorkspaceFolder, title: string): Promise<Uri> {
  const all = await findDockerfiles();
  const found = all.filter((uri) => workspace.getWorkspaceFolder(uri)?.index === folder.index);
  const [first] = found;
  if (first === undefined) throw new UserError('There is no Dockerfile in this folder: write one first');
  if (found.length === 1) return first;
  return await pick<Uri>({ title, placeholder: 'Which Dockerfile?' }, () =>
    Promise.resolve(found.map((value) => ({ label: workspace.asRelativePath(value, false), value }))),
  );
}

function inside({ uri }: WorkspaceFolder, path: string): string | undefined {
  const from = relative(uri.fsPath, path);
  return from === '..' || from.startsWith(`..${sep}`) || isAbsolute(from) ? undefined : from.split(sep).join('/');
}
