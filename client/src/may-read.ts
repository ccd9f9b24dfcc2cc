/** The parts of a URI that say where it is. */
interface Place {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

/** True for these folders and all that is in them, whatever dots the path tries to leave them by. */
export function mayRead(place: Place, folders: readonly Place[]): boolean {
  if (place.path.split('/').some((part) => part === '..' || part === '.')) return false;
  return folders.some(
    ({ scheme, authority, path }) =>
      scheme === place.scheme &&
      authority === place.authority &&
      `${place.path}/`.startsWith(path.endsWith('/') ? path : `${path}/`),
  );
}
