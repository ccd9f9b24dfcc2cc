/** The folder that a file or folder lies in, without a slash at its end; `undefined` above the topmost one. */
export function folderOf(uri: string): string | undefined {
  const slash = uri.lastIndexOf('/');
  return slash < rootLength(uri) ? undefined : uri.slice(0, slash);
}

/** Empty for what lies in no folder, such as an unsaved file. */
export function fileNameOf(uri: string): string {
  const folder = folderOf(uri);
  return folder === undefined ? '' : decode(uri.slice(folder.length + 1));
}

/** The URI of a path that is relative to a folder, as a user would write it: `../api/.env`. */
export function resolvePath(folder: string, path: string): string {
  let base = folder;
  const rest: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') rest.push(encodeURIComponent(part));
    else if (rest.length > 0) rest.pop();
    else base = folderOf(base) ?? base;
  }
  return [base, ...rest].join('/');
}

/** The path from a folder to a file in it or below, decoded; `undefined` for files elsewhere. */
export function relativePath(folder: string, uri: string): string | undefined {
  return uri.startsWith(`${folder}/`) ? decode(uri.slice(folder.length + 1)) : undefined;
}

/** Where the path of `scheme://authority/path` begins: what is left of it has no parent. */
function rootLength(uri: string): number {
  const scheme = uri.indexOf('://');
  if (scheme < 0) return 0;
  const slash = uri.indexOf('/', scheme + 3);
  return slash < 0 ? uri.length : slash;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray '%': the name is what is written
  }
}
