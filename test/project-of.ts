import type { FolderEntry, Project } from '../server/src/model/project.ts';

/** The files around a linted one, out of a record of paths relative to it (`../` leads out, as for a user). */
export function projectOf(files: Readonly<Record<string, string>>, fileName = ''): Project {
  const texts = new Map(Object.entries(files).map(([path, text]) => [normalize(path), text]));
  return {
    fileName,
    text: (path) => texts.get(normalize(path)),
    list: (path) => {
      const folder = normalize(path);
      const entries = new Map<string, FolderEntry>();
      for (const file of texts.keys()) {
        const rest = folder === '' ? file : file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : '';
        const name = rest.split('/')[0] ?? '';
        if (name !== '' && name !== '..') entries.set(name, { name, isFolder: rest.includes('/') });
      }
      return entries.size > 0 || folder === '' ? [...entries.values()] : undefined;
    },
  };
}

function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
