import { Uri, workspace } from 'vscode';
import type { BuildRequest } from '../build/build.ts';
import type { Parts } from '../programs.ts';
import { askHistory, readHistory } from '../tools/container/history.ts';
import { inspectImage, readInspect } from '../tools/container/inspect.ts';
import { UserError } from '../ui/user-error.ts';
import { layersOf, type ImageLayers } from './layers.ts';

/** How the image was built, where that is known. */
export interface Built {
  readonly uri: string;
  readonly text: string;
  readonly request: BuildRequest;
  readonly at: number;
}

// A heredoc or a list of build arguments makes a history long.
const keep = 20_000_000;

/** Asks the container tool for an image's layers: one inspect and one history. */
export async function readLayers(
  { run, tool }: Pick<Parts, 'run' | 'tool'>,
  { image, id = image }: { readonly image: string; readonly id?: string | undefined },
  built?: Built,
): Promise<ImageLayers> {
  const program = await tool();
  const [inspected, history, copiedAlong] = await Promise.all([
    run(inspectImage(program, id), { keep }),
    run(askHistory(program, id), { keep }),
    built ? copiedAlongIn(built.request) : [],
  ]);
  const facts = readInspect(inspected.stdout);
  if (inspected.code !== 0 || history.code !== 0 || facts === undefined) {
    const reason = `${inspected.stderr}\n${history.stderr}`.trim().split('\n').at(-1) ?? '';
    if (/no such image|not known|not found/i.test(reason))
      throw new UserError(`There is no image '${image}' any more: build it again`);
    throw new UserError(`The layers of '${image}' cannot be read: ${reason || 'the container tool gave no answer'}`);
  }
  const source = built && {
    uri: built.uri,
    text: built.text,
    arguments: new Map(built.request.arguments.map(({ name, value }) => [name, value])),
    ...(built.request.target !== undefined && { target: built.request.target }),
    ...(copiedAlong.length > 0 && { copiedAlong }),
  };
  return { ...layersOf(image, readHistory(history.stdout), facts, source), at: built?.at ?? Date.now() };
}

const neverInImages = ['.git', 'node_modules'];

/** Folders of the context that a `COPY .` takes along. Where an ignore file is clever, nothing is claimed. */
async function copiedAlongIn({ context, dockerfile }: BuildRequest): Promise<readonly string[]> {
  if (!/^(?:\/|[a-z]:)/i.test(context)) return [];
  const folder = Uri.file(context);
  const ignoreFiles = [Uri.file(`${dockerfile}.dockerignore`), Uri.joinPath(folder, '.dockerignore')];
  const texts = await Promise.all(ignoreFiles.map((file) => textOf(file)));
  const lines = (texts.find((text) => text !== undefined) ?? '').split('\n').map((line) => line.trim());
  const found = await Promise.all(
    neverInImages.map(async (name) => {
      const mayBeIgnored = lines.some((line) => !line.startsWith('#') && (line.includes(name) || /^[*/]+$/.test(line)));
      return !mayBeIgnored && (await isFolder(Uri.joinPath(folder, name)));
    }),
  );
  return neverInImages.filter((_, index) => found[index]);
}

async function textOf(file: Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(file));
  } catch {
    return undefined;
  }
}

async function isFolder(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
