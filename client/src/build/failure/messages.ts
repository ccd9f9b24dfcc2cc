import type { BuildFailure } from '../build.ts';

/*
 * What the builders say, as far as more than one part has to read it. BuildKit's words come first, then the classic builder's and Podman's.
 * All of it was seen in, or is worded as by, BuildKit 0.8 to 0.20, Docker's classic builder and Buildah.
 */

/** Everything that was said: the builder's last word and what the step wrote. */
export function allThatWasSaid(failure: BuildFailure): string {
  return [failure.message, ...failure.output].join('\n');
}

const missingPatterns = [
  /(?:^|checksum of ref \S+: |failed to compute cache key: )("\/(?:[^"\\]|\\.)*"):? not found/,
  /(?:COPY|ADD) failed: [^]*?\bl?stat (?:\/var\/lib\/docker\/tmp\/[^/]+\/)?([^]+?): (?:file does not exist|no such file or directory)/,
  /\blstat (?:\/var\/lib\/docker\/tmp\/[^/]+\/)([^]+?): no such file or directory/,
  /copier: l?stat: ("(?:[^"\\]|\\.)*"): no such file or directory/,
  /(?:COPY|ADD) failed: forbidden path outside the build context: ([^]+?) \(/,
];

/** The file that a COPY, ADD or bind mount wanted and that is not there, as a path from the root of where it was looked for. */
export function missingPath({ message }: BuildFailure): string | undefined {
  for (const pattern of missingPatterns) {
    const [, path] = pattern.exec(message) ?? [];
    if (path !== undefined) return cleanPath(unquoted(path));
  }
  return undefined;
}

const imagePatterns = [
  /failed to resolve source metadata for ([^\s:]+(?::\d+\/[^\s:]+)?(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?):/,
  /\[internal\] load metadata for (\S+)/,
  /pull access denied for ([^\s,]+),/,
  /manifest for (\S+) not found/,
  /invalid from flag value ([^\s:]+(?::[\w.-]+)?):/,
  /(?:^|: )([^\s:"]+(?::\d+\/[^\s:]+)?(?::[\w.-]+)?): not found$/,
];

/** The image that could not be had, as the builder names it. */
export function imageAskedFor({ message, step }: BuildFailure): string | undefined {
  const said = step?.place === undefined && step ? `${message}\n${step.name}` : message;
  for (const pattern of imagePatterns) {
    const [, image] = pattern.exec(said) ?? [];
    if (image !== undefined) return image;
  }
  return undefined;
}

/** One name for the ways to write one image: `alpine`, `library/alpine:latest` and `docker.io/library/alpine` are the same. */
export function fullImageName(image: string): string {
  const [name = ''] = image.split('@');
  const short = name.replace(/^(?:docker\.io|index\.docker\.io)\//, '').replace(/^library\//, '');
  return /:[^/]*$/.test(short) || image.includes('@') ? short : `${short}:latest`;
}

/** A path without `.`, `..` and doubled slashes, from the root and without its slash: what BuildKit looks for. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

const outputColours = new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, 'g');

/** A line as it is to be read: without colours and without what was overwritten on the screen. */
export function readable(line: string): string {
  const plain = line.replace(outputColours, '').trimEnd();
  return plain.slice(plain.lastIndexOf('\r') + 1);
}

/** Go writes names in quotes much as JSON does. */
export function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text.slice(1, -1).replace(/\\(["\\])/g, '$1');
  }
}
