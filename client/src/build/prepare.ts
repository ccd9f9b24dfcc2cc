import { basename } from 'node:path';
import { FileType, Uri, window, workspace } from 'vscode';
import { isSecretName } from '../../../server/src/model/secret-name.ts';
import type { FolderEntry } from '../../../server/src/model/project.ts';
import type { Parts } from '../programs.ts';
import { UserError } from '../ui/user-error.ts';
import { askArgument, askContext, askSecret, askTarget } from './ask.ts';
import { chooseContext, chooseTarget, requestOf, unanswered, type Chosen, type GivenBuild } from './choose.ts';
import { gatherFacts, type BuildFacts } from './facts.ts';
import { planBuild } from './plan.ts';
import type { Remembered } from './remembered.ts';
import type { PreparedBuild } from './run-build.ts';

/** Asks what is not known, once; `undefined` when the user goes away. */
export async function prepareBuild(
  parts: Parts,
  remembered: Remembered,
  uri: Uri,
  given: GivenBuild,
): Promise<PreparedBuild | undefined> {
  const [facts, tool] = await Promise.all([factsOf(parts, uri), parts.tool()]);
  const chosen = await choose(facts, remembered, uri, given);
  const answered = chosen && (await answer(facts, remembered, uri, chosen));
  if (!answered) return undefined;
  const plan = planBuild(requestOf(facts, answered), tool);
  if (plan.kind === 'impossible') throw new UserError(plan.reason);
  return { key: keyOf(uri, answered.target), uri, text: facts.text, plan };
}

export async function factsOf(parts: Parts, uri: Uri): Promise<BuildFacts> {
  const workspaceFolder = workspace.getWorkspaceFolder(uri)?.uri.fsPath;
  const request = {
    dockerfile: uri.fsPath,
    ...(workspaceFolder !== undefined && { workspaceFolder }),
    readFile,
    list,
    run: parts.run,
  };
  return await gatherFacts(request, new AbortController().signal);
}

function keyOf(uri: Uri, target: string): string {
  return `${uri.toString()}#${target.toLowerCase()}`;
}

/** Target and context: asked only where several would do. */
export async function choose(
  facts: BuildFacts,
  remembered: Remembered,
  uri: Uri,
  given: GivenBuild,
): Promise<Chosen | undefined> {
  const id = uri.toString();
  const toBuild = chooseTarget(facts, given, remembered.target(id));
  const target = toBuild.kind === 'known' ? toBuild.value : await askTarget(facts, toBuild.candidates);
  if (target === undefined) return undefined;
  if (toBuild.kind === 'ask') await remembered.setTarget(id, target);
  const known = remembered.of(id, target);
  const from = chooseContext(facts, target, given, known.context);
  const chosen = { target, given, secretArgument: (name: string) => remembered.secretArgument(id, name) };
  if (from.kind === 'known') return { ...chosen, context: from.value, remembered: known };
  const folder = await askContext(facts.dockerfile, from.candidates);
  if (folder === undefined) return undefined;
  await remembered.set(id, target, { ...known, context: folder });
  return await choose(facts, remembered, uri, { ...given, target });
}

/** ARGs without a value, and secrets of which nobody has said where they are. */
async function answer(
  facts: BuildFacts,
  remembered: Remembered,
  uri: Uri,
  chosen: Chosen,
): Promise<Chosen | undefined> {
  const id = uri.toString();
  const open = unanswered(facts, requestOf(facts, chosen), chosen);
  let known = chosen.remembered;
  for (const name of open.arguments) {
    const value = await askArgument(facts.dockerfile, name);
    if (value === undefined) return undefined;
    if (isSecretName(name)) remembered.setSecretArgument(id, name, value);
    else known = { ...known, arguments: { ...known.arguments, [name]: value } };
  }
  for (const secret of open.secrets) {
    const place = await askSecret(facts.dockerfile, secret);
    if (!place) return undefined;
    known = { ...known, secrets: { ...known.secrets, [secret.id]: place } };
  }
  if (known !== chosen.remembered) await remembered.set(id, chosen.target, known);
  return { ...chosen, remembered: known };
}

/** As VS Code does before it runs a task, and by the same setting: what is built is what is on disk. */
export async function saveBeforeBuild(uri: Uri): Promise<boolean> {
  const when = workspace.getConfiguration('task').get<'always' | 'never' | 'prompt'>('saveBeforeRun', 'always');
  const isDirty = workspace.textDocuments.some((document) => document.isDirty && !document.isUntitled);
  if (!isDirty || when === 'never') return true;
  if (when === 'prompt') {
    const question = 'Some files are not saved, and the image is built from what is on disk';
    const answer = await window.showInformationMessage(question, { modal: true }, 'Save all', 'Build without saving');
    if (answer !== 'Save all') return answer !== undefined;
  }
  await workspace.saveAll(false);
  const isStillDirty = workspace.textDocuments.some(
    (document) => document.isDirty && document.uri.toString() === uri.toString(),
  );
  if (isStillDirty) throw new UserError(`'${basename(uri.fsPath)}' could not be saved`);
  return true;
}

async function readFile(path: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(Uri.file(path)));
  } catch {
    return undefined;
  }
}

async function list(folder: string): Promise<readonly FolderEntry[] | undefined> {
  try {
    const entries = await workspace.fs.readDirectory(Uri.file(folder));
    return entries.map(([name, type]) => ({ name, isFolder: (type & FileType.Directory) !== 0 }));
  } catch {
    return undefined;
  }
}
