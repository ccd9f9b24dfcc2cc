import type { Uri } from 'vscode';
import { nameOfExisting, readNameThere, type NameThere, type Vouched } from '../registry/existing-image.ts';
import { listImages, readImages, type LocalImage } from '../tools/container/images.ts';
import { UserError } from '../ui/user-error.ts';
import type { Deploying } from './deploying.ts';
import { enter, pick, separator, type Choice } from './pick.ts';

/** An image that is here, and what it is to be called in the registry. */
export interface ChosenImage extends NameThere {
  readonly image: LocalImage;
}

/** What would be built, where there is something to build. */
export interface Buildable extends NameThere {
  readonly dockerfile: Uri;
  readonly path: string;
  /** Those that say which state it is of. */
  readonly tags: readonly string[];
}

/** One that is to be built, or one that is here already; those of this Dockerfile first. */
export async function chooseImage(
  { parts, run }: Deploying,
  title: string,
  buildable: Buildable | undefined,
): Promise<ChosenImage | 'build'> {
  const records = buildable === undefined ? [] : parts.builds.of(buildable.dockerfile.toString());
  const ours = (image: LocalImage): boolean =>
    records.some(
      ({ image: name, id }) => name === image.name && (id === undefined || id.startsWith(`sha256:${image.id}`)),
    );
  const chosen = await pick<LocalImage | 'build'>({ title, placeholder: 'Which image?' }, async (signal) => {
    const { stdout } = await run(listImages(await parts.tool(signal)), { keep: 1_000_000, signal });
    const images = readImages(stdout).toSorted((a, b) => Number(ours(b)) - Number(ours(a)));
    if (images.length === 0 && buildable === undefined)
      throw new UserError('There is no image here yet: build one first');
    return [
      ...(buildable === undefined ? [] : [buildChoice(buildable)]),
      ...(images.length === 0 ? [] : [separator('Here already, pushed as they are')]),
      ...images.map((image) => ({
        label: image.name,
        description: [image.size, image.created].filter((part) => part !== '').join(', '),
        value: image,
      })),
    ];
  });
  if (chosen === 'build') return 'build';
  const vouched = { names: ours(chosen) ? [chosen.name] : [], tags: buildable?.tags ?? [] };
  return { image: chosen, ...(await askName(title, chosen, vouched)) };
}

function buildChoice({ repository, tag, path }: Buildable): Choice<'build'> {
  return {
    label: '$(package) Build and push',
    description: `${repository}:${tag}`,
    detail: path,
    value: 'build',
    alwaysShow: true,
  };
}

async function askName(title: string, image: LocalImage, vouched: Vouched): Promise<NameThere> {
  const proposed = nameOfExisting(image, vouched);
  const placeholder = proposed.isOfCommit
    ? 'Its name in the registry; the tag says of which commit it is'
    : 'Its name in the registry; tagged with its id, as nothing says of which commit it is';
  const typed = await enter({ title, placeholder }, `${proposed.repository}:${proposed.tag}`, (text) => {
    const name = readNameThere(text);
    return typeof name === 'string' ? name : undefined;
  });
  const name = readNameThere(typed);
  return typeof name === 'string' ? proposed : name;
}
