import { nameProblem } from '../deploy/plan/names.ts';
import type { LocalImage } from '../tools/container/images.ts';

/** A name in a registry, without its address. */
export interface NameThere {
  readonly repository: string;
  readonly tag: string;
}

/** What a tag that is a commit's promises is true of the images that we have called so, and of those of the state as it is now. */
export interface Vouched {
  /** Names of images here that we have built. */
  readonly names: readonly string[];
  /** Of the state as it is now. */
  readonly tags: readonly string[];
}

/**
 * What an image that is here already is called in a registry. Its tag stays where it says of which commit the image is; any other image is
 * called by its own id, which promises nothing, and never means another image.
 */
export function nameOfExisting(
  { name, id }: Pick<LocalImage, 'name' | 'id'>,
  vouched: Vouched,
): NameThere & { readonly isOfCommit: boolean } {
  const { repository, tag } = partsOf(name);
  const isOfCommit = vouched.tags.includes(tag) || (vouched.names.includes(name) && looksLikeCommit.test(tag));
  return { repository, tag: isOfCommit ? tag : `id-${id.replace(/^sha256:/, '').slice(0, 12)}`, isOfCommit };
}

/** Of a commit as it is, or with changes. */
const looksLikeCommit = /^[0-9a-f]{7,40}(?:-[0-9a-f]{7})?$/;

function partsOf(name: string): NameThere {
  const colon = name.lastIndexOf(':');
  const [before, tag] = colon > name.lastIndexOf('/') ? [name.slice(0, colon), name.slice(colon + 1)] : [name, ''];
  const [host = '', ...rest] = before.split('/');
  // As Docker tells a registry from the first part of a repository.
  const isHost = rest.length > 0 && (/[.:]/.test(host) || host === 'localhost');
  return { repository: isHost ? rest.join('/') : before, tag };
}

/** `shop:1a2b3c4`, as it was typed; else what is wrong with it. */
export function readNameThere(text: string): NameThere | string {
  const [repository = '', tag = '', ...more] = text.split(':');
  const problem = nameProblem('repository', repository);
  if (problem !== undefined) return problem;
  if (more.length > 0 || !/^\w[\w.-]{0,127}$/.test(tag)) return "Write it as 'repository:tag'";
  if (tag === 'latest') return "'latest' says nothing of what it is: choose another tag";
  return { repository, tag };
}
