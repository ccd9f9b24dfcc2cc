import type { ImageReference } from '../../../../server/src/model/image-reference.ts';
import { pinnedTag } from '../../../../server/src/knowledge/pinned-tag.ts';
import { compareVersions } from '../manifest/version.ts';

/**
 * A newer tag of the same line of an official image: `13.6-slim` for `debian:13.1-slim` where the version is known, else the tag
 * that always is the newest of the line: `20-slim` for `node:20.11.0-slim`. `undefined` where neither would change anything.
 */
export function newerTag(image: Pick<ImageReference, 'name' | 'registry' | 'tag' | 'digest'>): string | undefined {
  const { name, tag, digest } = image;
  if (tag === undefined || digest !== undefined || image.registry !== undefined || name.includes('/')) return undefined;
  const match = /^(?<version>\d+(?:\.\d+)*)(?<variant>-[\w.-]+)?$/.exec(tag);
  const { version = '', variant = '' } = match?.groups ?? {};
  const numbers = version.split('.');
  if (match === null || numbers.length < 2) return undefined;
  const known = pinnedTag(image);
  if (known !== undefined && /^\d+(?:\.\d+)*$/.test(known)) {
    if (lineOf(name, known.split('.')) === lineOf(name, numbers) && compareVersions(known, version) > 0)
      return `${known}${variant}`;
    // It is the newest already, as far as we know.
    if (known === version) return undefined;
  }
  const line = lineOf(name, numbers);
  return line === version ? undefined : `${line}${variant}`;
}

/** Most images keep what works within a major version; of some the second number is part of the line. */
function lineOf(name: string, numbers: readonly string[]): string {
  const length = twoNumbers.has(name) && numbers.length > 1 ? 2 : 1;
  return numbers.slice(0, numbers.length > length ? length : numbers.length).join('.');
}

const twoNumbers: ReadonlySet<string> = new Set([
  'alpine',
  'ubuntu',
  'python',
  'golang',
  'ruby',
  'php',
  'rust',
  'elixir',
  'mariadb',
  'mysql',
  'mongo',
  'nginx',
  'opensuse',
]);
