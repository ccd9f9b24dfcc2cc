import { imageTable, type ImageRow } from './image-table.ts';

/** What is known of an image before anyone pulls it. */
export interface ImageFacts {
  /** `debian`, `alpine`, `ubuntu`, `rhel-ubi`, `distroless-debian`, `scratch`, ... */
  readonly os: string;
  /** The user it starts as. */
  readonly user: string;
  /** A user it brings along that is not root. */
  readonly otherUser?: string;
  /** It starts as root, and its entrypoint changes to another user before the program runs. */
  readonly dropsRoot: boolean;
}

/** The facts for an image reference's parts, or `undefined` for an image nothing is known of. */
export function factsOf(image: {
  readonly name: string;
  readonly registry?: string;
  readonly tag?: string;
}): ImageFacts | undefined {
  const rows =
    rowsOf(image.registry === undefined ? image.name : `${image.registry}/${image.name}`) ?? rowsOf(mirrored(image));
  const tag = image.tag ?? 'latest';
  const row = rows?.find(([pattern]) => pattern === '' || new RegExp(pattern).test(tag));
  if (row) return factsIn(row, tag);
  return isDistroless(image)
    ? { os: 'distroless-debian', user: /nonroot/.test(tag) ? 'nonroot' : 'root', dropsRoot: false }
    : undefined;
}

function factsIn([, os, user, otherUser, dropsRoot]: ImageRow, tag: string): ImageFacts {
  const isNonRootTag = os.startsWith('distroless') && tag.includes('nonroot');
  return {
    os,
    user: isNonRootTag ? 'nonroot' : user,
    dropsRoot: dropsRoot === 1,
    ...(otherUser !== '' && { otherUser }),
  };
}

function rowsOf(name: string): readonly ImageRow[] | undefined {
  return Object.hasOwn(imageTable, name) ? imageTable[name] : undefined;
}

/** The official images under the names that other registries copy them to. */
function mirrored({ name, registry }: { readonly name: string; readonly registry?: string }): string {
  if (registry === 'public.ecr.aws') return name.replace(/^docker\/library\//, '');
  return registry === 'mirror.gcr.io' ? name.replace(/^library\//, '') : '';
}

function isDistroless({ name, registry }: { readonly name: string; readonly registry?: string }): boolean {
  return registry === 'gcr.io' && name.startsWith('distroless/');
}
