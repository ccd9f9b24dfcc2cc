import { basename } from 'node:path';
import { commands, QuickPickItemKind, window, type QuickPickItem, type Uri } from 'vscode';
import { dockerfileOf } from '../dockerfile-model.ts';
import type { Parts } from '../programs.ts';
import { askImageId, listImages, readImageId, readImages, type LocalImage } from '../tools/container/images.ts';
import type { ContainerTool } from '../tools/container/tool.ts';
import type { BuildRecord } from './build-records.ts';

export interface ImageToUse {
  /** What to give to the container tool. */
  readonly image: string;
  /** How it was built; absent for an image that the user picked. */
  readonly record?: BuildRecord;
}

/**
 * The image to prove or to scan: the newest that was built of this Dockerfile and target, as long as it is still there, else one
 * that is built now, else one that the user picks. `undefined` when the user does not want any.
 */
export async function imageToUse(
  parts: Parts,
  uri: Uri | undefined,
  { target }: { readonly target?: string | undefined } = {},
): Promise<ImageToUse | undefined> {
  const tool = await parts.tool();
  const known = uri && (await newest(parts, tool, uri, target));
  return known ?? (await ask(parts, tool, uri, target));
}

async function newest(
  parts: Parts,
  tool: ContainerTool,
  uri: Uri,
  target: string | undefined,
): Promise<ImageToUse | undefined> {
  for (const record of parts.builds.of(uri.toString())) {
    if (target !== undefined && !isOfTarget(record, target)) continue;
    const image = await stillThere(parts, tool, record);
    if (image !== undefined) return { image, record };
  }
  return undefined;
}

/** A build without a target is one of the last stage; a stage without a name goes by its number. */
function isOfTarget({ request, text }: BuildRecord, target: string): boolean {
  const dockerfile = dockerfileOf(text);
  const built = request.target === undefined ? dockerfile.finalStage : dockerfile.findStage(request.target);
  return built !== undefined && built === dockerfile.findStage(target);
}

/** By its name while that still means this image, else by its id: the next build may have taken the name. */
async function stillThere(parts: Parts, tool: ContainerTool, record: BuildRecord): Promise<string | undefined> {
  const idOf = async (image: string): Promise<string | undefined> => {
    const { code, stdout } = await parts.run(askImageId(tool, image));
    return code === 0 ? readImageId(stdout) : undefined;
  };
  const named = await idOf(record.image);
  if (named !== undefined && (record.id === undefined || named === record.id)) return record.image;
  if (record.id === undefined) return undefined;
  return (await idOf(record.id)) === undefined ? undefined : record.id;
}

interface Choice extends QuickPickItem {
  readonly image?: string;
}

async function ask(
  parts: Parts,
  tool: ContainerTool,
  uri: Uri | undefined,
  target: string | undefined,
): Promise<ImageToUse | undefined> {
  const { stdout } = await parts.run(listImages(tool));
  const images = readImages(stdout).map(choiceOf);
  const what = uri && (target === undefined ? basename(uri.fsPath) : `${basename(uri.fsPath)}, stage ${target}`);
  const build: Choice | undefined =
    what === undefined ? undefined : { label: '$(package) Build it now', description: what, alwaysShow: true };
  if (build === undefined && images.length === 0) {
    void window.showInformationMessage('There is no image here yet: build one first');
    return undefined;
  }
  const separator: Choice = { label: 'Images on this machine', kind: QuickPickItemKind.Separator };
  const choices = [...(build ? [build] : []), ...(images.length > 0 ? [separator, ...images] : [])];
  const chosen = await window.showQuickPick(choices, {
    title: 'Which image?',
    placeHolder: build ? 'Not built yet: build it, or pick another image' : 'Pick an image',
    matchOnDescription: true,
  });
  if (chosen?.image !== undefined) return { image: chosen.image };
  if (chosen === undefined || uri === undefined) return undefined;
  await commands.executeCommand('shipshape.buildImage', uri, { ...(target !== undefined && { target }), quiet: true });
  return await newest(parts, tool, uri, target);
}

function choiceOf({ name, size, created }: LocalImage): Choice {
  return { label: name, description: [size, created].filter((part) => part !== '').join(', '), image: name };
}
