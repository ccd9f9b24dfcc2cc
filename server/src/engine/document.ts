import type { Compose } from '../model/compose.ts';
import type { Dockerfile } from '../model/dockerfile.ts';

/** A parsed file, ready for its rules. */
export type Document =
  | { readonly kind: 'dockerfile'; readonly uri: string; readonly text: string; readonly dockerfile: Dockerfile }
  | { readonly kind: 'compose'; readonly uri: string; readonly text: string; readonly compose: Compose };

export type DocumentKind = Document['kind'];

/** Which language a file is in, by its name alone. */
export function kindOfFile(path: string): DocumentKind | undefined {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
  if (/^(?:dockerfile|containerfile)(?:\..+)?$/.test(name) || /\.(?:dockerfile|containerfile)$/.test(name)) {
    return name.endsWith('.dockerignore') ? undefined : 'dockerfile';
  }
  if (/^(?:docker-)?compose(?:[.-].+)?\.ya?ml$/.test(name)) return 'compose';
  return undefined;
}
